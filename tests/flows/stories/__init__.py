"""The stories that are told: registrations, stages, traffic."""

from tests.flows.stories.registration import REGISTRATION
from tests.flows.stories.stages import STAGES
from tests.flows.stories.traffic import TRAFFIC

STORIES = (*REGISTRATION, *STAGES, *TRAFFIC)
