"""Parts of long messages: each is accepted and durable by itself, the last one makes it whole.

A part waits under its own id (`Receiver.PARTS`) and ends as the whole message does, with its own
receipt; one whose others do not come in time lapses (SMPP 3.4 section 5.3.2.22-24, 3GPP TS
23.040 section 9.2.3.24.1).
"""

from __future__ import annotations

from msgspec import Struct

from gateway.core.decision import Accepted, Decision, MessageStored
from gateway.core.events import MoSms, MtSms
from gateway.core.ledger import Ledger, Rules, replace
from gateway.core.message import Message, MessageKind, MessageState, Receiver
from gateway.core.origin import Body, Esme

# The mark of a user data header in esm_class (SMPP 3.4 section 5.2.12).
_UDHI = 0x40


class Whole(Struct, frozen=True, gc=False):
    """A long message of which all parts are there; the part that came last ends `parts`."""

    text: str
    body: Body | None
    parts: tuple[Message, ...]


def take_part(event: MoSms | MtSms, kind: MessageKind, ledger: Ledger) -> Decision | Whole:
    """Keep a part until its others come, or give the whole that it completes.

    The part that completes is not kept by itself: it becomes a message when the whole is decided.
    """
    part, via = event.part, event.via
    assert part is not None
    assert isinstance(via, Esme)
    known = ledger.facts.parts.setdefault(part.key, {})
    here = f"part {part.number} of {part.key.total} from {part.key.source} to {event.to}"
    earlier = ledger.facts.messages.get(known.get(part.number, 0))
    if earlier is not None and earlier.text == event.text:
        return Decision(Accepted(earlier.id), f"{here}: is there already")
    if earlier is not None:
        # The reference is used again: what never became whole lapses by itself.
        known.clear()
    message = ledger.put_message(_part(event, kind, via, ledger))
    known[part.number] = message.id
    stored = (MessageStored(message),)
    if len(known) < part.key.total:
        missing = part.key.total - len(known)
        return Decision(Accepted(message.id), f"{here}: waits for {missing} more", stored)
    del ledger.facts.parts[part.key]
    messages = [ledger.facts.messages[id_] for _, id_ in sorted(known.items())]
    text = ledger.rules.joined(messages)
    others = tuple(one for one in messages if one is not message)
    return Whole(text, _joined(messages), (*others, message))


def whole_text(events: list[MoSms], known: list[Message], rules: Rules) -> str | None:
    """Give the text that parts of one message make, as far as can be told; None if some lack.

    For questions only: parts in `events` stand in for those of the same number in `known`.
    """
    first = events[0].part
    assert first is not None
    texts = {one.part.number: one for one in known if one.part is not None}
    for event in events:
        if event.part is not None and isinstance(event.via, Esme):
            number = event.part.number
            texts[number] = _message(event, MessageKind.MO, event.via, 0, 0, 0)
    if len(texts) < first.key.total:
        return None
    return rules.joined([texts[number] for number in sorted(texts)])


def _part(event: MoSms | MtSms, kind: MessageKind, via: Esme, ledger: Ledger) -> Message:
    rules, now = ledger.rules, ledger.now
    waits = min(rules.parts_ms, via.validity or rules.validity_ms)
    return _message(event, kind, via, ledger.new_id(), now, now + waits)


def _message(
    event: MoSms | MtSms, kind: MessageKind, via: Esme, id_: int, now: int, until: int
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
        part=event.part,
    )


def _joined(parts: list[Message]) -> Body | None:
    """Join how the parts were written; None where the text says it all."""
    bodies = [part.body for part in parts if part.body is not None]
    if not bodies:
        return None
    first = bodies[0]
    octets = b"".join(body.octets for body in bodies)
    body = replace(first, esm_class=first.esm_class & ~_UDHI, header=b"", octets=octets)
    return None if body.says_no_more_than_text else body
