"""The USSD services that tell a number's status: which operator had which (domain.md 1.2)."""

from typing import Final

import msgspec


class UssdService(msgspec.Struct, frozen=True, gc=False):
    """One operator's code; `by_sms`: the answer comes as an SMS from the registration code."""

    code: str
    by_sms: bool
    source: str


USSD: Final[dict[str, UssdService]] = {
    # Menu 2 "Cek Status Registrasi", which asked for a NIK; here the number's own status comes.
    "telkomsel": UssdService("*444#", True, "domain.md 1.2 [S25][S26][S21]"),
    "xl": UssdService("*123*4444#", False, "domain.md 1.2 [S25]; where the answer came: no source"),
    "axis": UssdService("*123*4444#", False, "domain.md 1.2 [S25]; as XL"),
}
