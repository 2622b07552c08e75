"""The SMS that 4444 answers: which text of the catalogue, and what is filled in."""

from functools import lru_cache
from typing import Final

from gateway.core.numbers import Msisdn, Nik, national_form
from gateway.core.registration.catalogue import CATALOGUE as CATALOGUE
from gateway.core.registration.catalogue import Provenance as Provenance
from gateway.core.registration.catalogue import Reply as Reply
from gateway.core.registration.catalogue import ReplyCode as ReplyCode
from gateway.core.registration.profiles import OperatorProfile

_BY_CODE: Final[dict[tuple[ReplyCode, str], Reply]] = {
    (reply.code, reply.operator): reply for reply in CATALOGUE
}


def reply_for(code: ReplyCode, operator: str) -> Reply:
    """Give the catalogue's row for an operator: its own text, else the one for all."""
    return _BY_CODE.get((code, operator)) or _BY_CODE[code, ""]


def render(
    code: ReplyCode,
    profile: OperatorProfile,
    *,
    msisdn: Msisdn,
    nik: Nik | None = None,
    limit: int = 3,
    is_new: bool = False,
    told: str = "",
    count: int = 0,
) -> str:
    """Write the SMS: at most 160 characters of the GSM 7-bit default alphabet.

    `nik` shows masked, "-" when there is none; `is_new` picks which format the hint names; `told`
    and `count` are what an Outcome brings for its reply.
    """
    row = profile.format_for(is_new)
    template = _half_filled(code, profile.name, profile.brand, row.hint, row.example, limit)
    text = template.replace("{msisdn}", national_form(msisdn))
    if "{nik}" in text:
        text = text.replace("{nik}", "-" if nik is None else f"{nik}")
    if "{" in text:
        text = text.replace("{count}", str(count)).replace("{told}", told)
    return text


@lru_cache(maxsize=256)
def _half_filled(
    code: ReplyCode, operator: str, brand: str, hint: str, example: str, limit: int
) -> str:
    """Fill in what is the same for all of an operator's subscribers."""
    return reply_for(code, operator).template.format(
        msisdn="{msisdn}",
        nik="{nik}",
        count="{count}",
        told="{told}",
        limit=limit,
        operator=brand,
        hint=hint,
        example=example,
    )
