"""Who plays in the stories, and whose identities they send."""

from __future__ import annotations

from gateway.core.numbers import Msisdn
from gateway.core.registration.citizens import Citizen
from gateway.core.registration.profiles import DEFAULT_PROFILES, OperatorProfile
from tests.flows.steps import On, Person, Sms, Step
from tests.gateway.core.network import REGISTRY

CITIZENS = list(REGISTRY.citizens(8))
PROFILES: dict[str, OperatorProfile] = {profile.name: profile for profile in DEFAULT_PROFILES}

SARI = Person("Sari", Msisdn("6281210000001"))
BUDI = Person("Budi", Msisdn("6281410000001"))
DEWI = Person("Dewi", Msisdn("6281710000001"))


def pair(citizen: Citizen) -> str:
    """Write a citizen's NIK and KK as every format has them."""
    return f"{citizen.nik.digits}#{citizen.kk.digits}"


def ulang(citizen: Citizen) -> str:
    """Write Telkomsel's re-registration of an old number."""
    return f"ULANG {pair(citizen)}#"


def registered(who: Person, citizen: Citizen, operator: str) -> tuple[Step, ...]:
    """A phone that is on and registered, by its operator's own format."""
    row = PROFILES[operator].old_number
    text = f"{row.prefix}{pair(citizen)}{row.endings[0]}"
    return (On(who), Sms(who, "4444", text))
