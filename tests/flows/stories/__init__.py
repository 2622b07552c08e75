"""The stories that are told: registrations, an application of one's own, stages, traffic."""

from tests.flows.stories.application import APPLICATION
from tests.flows.stories.registration import REGISTRATION
from tests.flows.stories.stages import STAGES
from tests.flows.stories.traffic import TRAFFIC

STORIES = (*REGISTRATION, *APPLICATION, *STAGES, *TRAFFIC)
