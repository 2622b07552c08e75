"""What a reply from 4444 says that is not the desk's own: which outcome a text tells.

An operator's own application writes its own texts, which are configured as patterns; what none of
them fits is read as the catalogue's text of the operator, in whatever case and spacing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from string import Formatter
from typing import Any, Final

from gateway.core.fault_aim import text_pattern
from gateway.core.registration.cases import REPLIES
from gateway.core.registration.catalogue import ReplyCode
from gateway.core.registration.outcomes import OutcomeKind, ReplyText
from gateway.core.registration.replies import reply_for

# Replies that judge no registration: thanks, not now, and answers to what is none.
_NO_VERDICT: Final = frozenset(
    {
        OutcomeKind.RECEIVED,
        OutcomeKind.PENDING,
        OutcomeKind.BUSY,
        OutcomeKind.CHECKED,
        OutcomeKind.UNREGISTERED,
        OutcomeKind.NOT_YOURS,
        OutcomeKind.DECLINED,
    }
)
_TOLD: Final = {code: kind for kind, code in REPLIES.items()} | {
    ReplyCode.OK_UNBLOCK: OutcomeKind.REGISTERED
}
_compiled = lru_cache(maxsize=256)(text_pattern)


def read_reply(
    text: str, operator: str, own: Sequence[ReplyText] = ()
) -> frozenset[OutcomeKind] | None:
    """Say which outcomes a text may tell: none where it judges nothing, None for unreadable ones.

    Several where outcomes share a text. `own` are the patterns of the application's texts.
    """
    found = {one.outcome for one in own if _compiled(one.text).search(text)}
    if not found:
        codes = [code for code, fits in _catalogue(operator) if fits(text)]
        if not codes:
            return None
        found = {_TOLD[code] for code in codes if code in _TOLD}
    return frozenset(found - _NO_VERDICT)


@lru_cache(maxsize=64)
def _catalogue(operator: str) -> tuple[tuple[ReplyCode, Any], ...]:
    return tuple((code, _pattern(reply_for(code, operator).template)) for code in ReplyCode)


def _pattern(template: str) -> Any:
    """Make what matches a template with its fields filled in."""
    pieces = []
    for words, name, _, _ in Formatter().parse(template):
        pieces.append(r"\s+".join(map(re.escape, re.split(r"\s+", words))))
        if name is not None:
            pieces.append(".+?")
    return re.compile(rf"\s*{''.join(pieces)}\s*", re.IGNORECASE | re.DOTALL).fullmatch
