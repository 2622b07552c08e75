"""[[short_codes]]: which short codes ESMEs serve, the registration code among them (role B)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from msgspec import Struct, structs

from gateway.config.notes import Notes, is_short_code
from gateway.config.places import Path
from gateway.config.smpp_values import SmppConfig, SmscConfig
from gateway.config.words import did_you_mean
from gateway.core.application import ServedCode
from gateway.core.fault_aim import BadRule, text_pattern
from gateway.core.numbers import EMERGENCY_NUMBERS
from gateway.core.registration.outcomes import OutcomeKind, ReplyText

DESK: Final = "desk"
_HOURS_MOST: Final = 1_000_000
_Smsc = TypeVar("_Smsc", bound=SmppConfig)


class ReplyTextConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[short_codes.replies]]; `text`: an RE2 pattern that is found in the reply."""

    outcome: OutcomeKind
    text: str


class ShortCodeConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[short_codes]]; `served_by`: "desk" or an account. `wait_hours` on the calendar."""

    code: str
    served_by: str = DESK
    shadow: bool = False
    wait_hours: float = 24.0
    replies: tuple[ReplyTextConfig, ...] = ()


def served_codes(rows: Iterable[ShortCodeConfig]) -> dict[str, ServedCode]:
    """Give the codes that ESMEs serve."""
    return {
        row.code: ServedCode(
            row.served_by,
            row.shadow,
            round(row.wait_hours * 3_600_000),
            tuple(ReplyText(one.outcome, one.text) for one in row.replies),
        )
        for row in rows
        if row.served_by != DESK
    }


def with_codes(smsc: _Smsc, codes: dict[str, ServedCode]) -> _Smsc:
    """Let the accounts of an SMSC send as the codes that they serve, and as no others' codes."""
    prefix = f"{smsc.name}/" if isinstance(smsc, SmscConfig) else ""
    accounts = []
    for account in smsc.accounts:
        key = prefix + account.system_id
        kept = [code for code in account.serves if code not in codes]
        own = [code for code, served in codes.items() if served.account == key]
        accounts.append(structs.replace(account, serves=(*kept, *own)))
    return structs.replace(smsc, accounts=tuple(accounts))


def check_short_codes(
    rows: Sequence[ShortCodeConfig], registration_code: str, accounts: Sequence[str], notes: Notes
) -> None:
    """Report codes that are none, and codes that nobody can serve."""
    seen: dict[str, int] = {}
    for index, row in enumerate(rows):
        path: Path = ("short_codes", index)
        if not is_short_code(row.code) or row.code in EMERGENCY_NUMBERS:
            notes.note(
                (*path, "code"),
                f'is "{row.code}", no short code',
                'write 2 to 6 digits without a leading zero, no emergency number: code = "4444"',
            )
        first = seen.setdefault(row.code, index)
        if first != index:
            notes.note(
                (*path, "code"),
                f"is {row.code}, as that of short code no. {first + 1}",
                "give each code one row",
            )
        _check_served_by(row, (*path, "served_by"), registration_code, accounts, notes)
        if row.shadow and (row.served_by == DESK or row.code != registration_code):
            notes.note(
                (*path, "shadow"),
                "is true, but there is nothing to judge beside",
                "let an account serve the code of [registration], or drop it",
            )
        if not 0 < row.wait_hours <= _HOURS_MOST:
            notes.note((*path, "wait_hours"), f"is {row.wait_hours:g}", "write hours, more than 0")
        _check_replies(row, path, notes)


def _check_replies(row: ShortCodeConfig, path: Path, notes: Notes) -> None:
    for index, reply in enumerate(row.replies):
        place = (*path, "replies", index, "text")
        if not reply.text:
            notes.note(place, 'is ""', "write a regular expression, for example (?i)berhasil")
        try:
            text_pattern(reply.text)
        except BadRule as bad:
            notes.note(place, bad.what, bad.remedy)


def _check_served_by(
    row: ShortCodeConfig,
    path: Path,
    registration_code: str,
    accounts: Sequence[str],
    notes: Notes,
) -> None:
    if row.served_by == DESK:
        if row.code != registration_code:
            notes.note(
                path,
                f'is "{DESK}", which answers {registration_code} only',
                "name the account that serves it, or set [registration] code",
            )
    elif row.served_by not in accounts:
        notes.note(
            path,
            f'is "{row.served_by}", no account',
            did_you_mean(row.served_by, (DESK, *accounts), quoted=True),
        )
