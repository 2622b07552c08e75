"""Parts of long messages: each is accepted and durable by itself, the last one makes it whole.

A part waits under its own id (`Receiver.PARTS`) and ends as the whole message does, with its own
receipt; one whose others do not come in time lapses (SMPP 3.4 section 5.3.2.22-24, 3GPP TS
23.040 section 9.2.3.24.1).
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from gateway.core.causes import CODES, Cause
from gateway.core.decision import Accepted, Change, Decision, MessageStored, Outgoing
from gateway.core.delivery import end_messages, notification
from gateway.core.events import MoSms, MtSms
from gateway.core.ledger import Ledger, Rules, replace
from gateway.core.message import Message, MessageKind, MessageState, Receiver
from gateway.core.origin import Body, Esme, Part

# The mark of a user data header in esm_class (SMPP 3.4 section 5.2.12).
_UDHI = 0x40


class Whole(Struct, frozen=True, gc=False):
    """A long message of which all parts are there, in the order of `text` but the last to come.

    `changes` and `outgoing` are what the part that came last brings by itself.
    """

    text: str
    body: Body | None
    parts: tuple[Message, ...]
    changes: tuple[Change, ...]
    outgoing: tuple[Outgoing, ...]


def take_part(
    event: MoSms | MtSms, part: Part, via: Esme, kind: MessageKind, ledger: Ledger
) -> Decision | Whole:
    """Keep a part until its others come, or give the whole that it completes."""
    known = ledger.facts.parts.setdefault(part.key, {})
    here = f"part {part.number} of {part.key.total} from {part.key.source} to {event.to}"
    changes: list[Change] = []
    outgoing: list[Outgoing] = []
    if part.number in known:
        earlier = ledger.facts.messages[known[part.number]]
        if _says_the_same(earlier, event):
            return Decision(Accepted(earlier.id), f"{here}: is there already")
        # The reference is used again: what came under it before can never become whole.
        ended = _end_of([ledger.facts.messages[id_] for id_ in known.values()], ledger)
        changes += ended[0]
        outgoing += ended[1]
    waits = min(ledger.rules.parts_ms, via.validity or ledger.rules.validity_ms)
    message = _message(event, part, via, kind, ledger.new_id(), ledger.now, ledger.now + waits)
    known[part.number] = ledger.put_message(message).id
    changes.append(MessageStored(message))
    notification(message, ledger, changes, outgoing)
    missing = part.key.total - len(known)
    if missing:
        why = f"{here}: waits for {missing} more"
        return Decision(Accepted(message.id), why, tuple(changes), tuple(outgoing))
    del ledger.facts.parts[part.key]
    messages = [ledger.facts.messages[id_] for _, id_ in sorted(known.items())]
    others = tuple(one for one in messages if one is not message)
    return Whole(
        ledger.rules.joined(messages),
        _joined(messages, ledger.rules),
        (*others, message),
        tuple(changes),
        tuple(outgoing),
    )


def whole_texts(events: Sequence[MoSms], known: Sequence[Message], rules: Rules) -> list[str]:
    """Give the texts that parts by ESMEs, all of one key, make as they come after `known`.

    For questions only: what else happens to the parts in the batch is not looked at.
    """
    texts: list[str] = []
    have = {one.part.number: one for one in known if one.part is not None}
    for event in events:
        part, via = event.part, event.via
        assert part is not None
        assert isinstance(via, Esme)
        if part.number in have and not _says_the_same(have[part.number], event):
            have.clear()
        have[part.number] = _message(event, part, via, MessageKind.MO, 0, 0, 0)
        if len(have) == part.key.total:
            texts.append(rules.joined([have[number] for number in sorted(have)]))
            have.clear()
    return texts


def _says_the_same(message: Message, event: MoSms | MtSms) -> bool:
    """Whether an ESME repeats a part; what it writes around the text may differ."""
    mine = message.body.octets if message.body is not None else b""
    other = event.body.octets if event.body is not None else b""
    return message.text == event.text and mine == other


def _end_of(parts: list[Message], ledger: Ledger) -> tuple[list[Change], list[Outgoing]]:
    absent = CODES[Cause.ABSENT_SUBSCRIBER].map_error
    return end_messages(parts, MessageState.EXPIRED, absent, ledger)


def _message(
    event: MoSms | MtSms, part: Part, via: Esme, kind: MessageKind, id_: int, now: int, until: int
) -> Message:
    return Message(
        id=id_,
        kind=kind,
        source=event.sender if isinstance(event, MoSms) else event.source,
        destination=event.to,
        text=event.text,
        receiver=Receiver.PARTS,
        state=MessageState.ENROUTE,
        accepted_at=now,
        valid_until=until,
        esme=via,
        body=event.body,
        reported_as=event.reported_as,
        part=part,
    )


def _joined(parts: list[Message], rules: Rules) -> Body | None:
    """Join how the parts were written; None where the text says it all."""
    bodies = [part.body for part in parts if part.body is not None]
    if not bodies:
        return None
    first = bodies[0]
    octets = b"".join(body.octets for body in bodies)
    header = rules.header_kept(first) if first.header else b""
    esm_class = first.esm_class if header else first.esm_class & ~_UDHI
    body = replace(first, esm_class=esm_class, header=header, octets=octets)
    return None if body.says_no_more_than_text else body
