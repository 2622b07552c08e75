"""The USSD services that tell a number's status: which operator had which (domain.md 1.2)."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

import msgspec


class UssdAnswer(Enum):
    """Where the answer comes: in the session, or as an SMS from the registration code."""

    SESSION = "session"
    SMS = "sms"


class UssdService(msgspec.Struct, frozen=True, gc=False):
    """One operator's code, "" for none, and where its answer comes."""

    code: str
    answer: UssdAnswer
    source: str


is_ussd_code: Final = re.compile(r"\*[0-9]+(\*[0-9]+)*#").fullmatch
"""Tell a code that a service may have: `*444#`."""

# Menu 2 "Cek Status Registrasi", which asked for a NIK; here the number's own status comes.
USSD_TELKOMSEL: Final = UssdService("*444#", UssdAnswer.SMS, "domain.md 1.2 [S25][S26][S21]")
# The web and the call centre only.
NO_USSD: Final = UssdService("", UssdAnswer.SESSION, "domain.md 1.2: none is named")
USSD_XL: Final = UssdService(
    "*123*4444#", UssdAnswer.SESSION, "domain.md 1.2 [S25]; where the answer came: no source"
)
