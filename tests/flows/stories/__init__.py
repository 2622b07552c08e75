"""The stories that are told: registrations, the desk's other services, an application, stages.

Then there is traffic that has nothing to do with 4444, what else ESMEs ask, and what files bring.
"""

from tests.flows.stories.application import APPLICATION
from tests.flows.stories.data import DATA
from tests.flows.stories.desk import DESK
from tests.flows.stories.esmes import ESMES
from tests.flows.stories.outlets import OUTLETS
from tests.flows.stories.registration import REGISTRATION
from tests.flows.stories.registry import CIVIL_REGISTRY
from tests.flows.stories.stages import STAGES
from tests.flows.stories.traffic import TRAFFIC

STORIES = (
    *REGISTRATION,
    *DESK,
    *CIVIL_REGISTRY,
    *OUTLETS,
    *APPLICATION,
    *STAGES,
    *TRAFFIC,
    *ESMES,
    *DATA,
)
