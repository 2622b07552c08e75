"""The messages that have not ended: by id, by destination, by when something is due for them."""

from __future__ import annotations

from typing import Final

from msgspec import structs

from gateway.core.decision import Facts, Questions
from gateway.core.events import MoSms, MtSms
from gateway.core.message import Message, MessageKind, Receiver
from gateway.core.numbers import Msisdn
from gateway.core.origin import PartKey

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_LATER: Final = Receiver.LATER
_MO: Final = MessageKind.MO
_PARTS: Final = Receiver.PARTS
_PHONE: Final = Receiver.PHONE

_NEVER = 1 << 62


class Waiting:
    """Owns them; `State` adds and removes as the records say.

    `pending_of` has by destination those for a phone and all that an ESME sent; `parts` the parts
    of long messages that wait for others, `whole_of` those that were joined with the message that
    they are in; `queued` counts each ESME's undelivered messages.
    """

    def __init__(self) -> None:
        self.pending: dict[int, Message] = {}
        self.pending_of: dict[str, dict[int, None]] = {}
        self.parts: dict[PartKey, dict[int, int]] = {}
        self.whole_of: dict[int, int] = {}
        self.queued: dict[str, int] = {}
        self._next_lapse_at = _NEVER
        self._scheduled: dict[int, Message] = {}
        self._next_delivery_at = _NEVER

    def oldest_first(self) -> list[Message]:
        """List them by rising id: one that was given a new value has its old place."""
        return [self.pending[id_] for id_ in sorted(self.pending)]

    def answer(self, questions: Questions, facts: Facts) -> None:
        """Answer what a batch asks about messages."""
        for msisdn in questions.pending_of:
            ids = tuple(sorted(self.pending_of.get(msisdn, ())))
            facts.pending_of[msisdn] = ids
            questions.message_ids.update(ids)
        for key in questions.parts:
            known = self.parts.get(key)
            if known is not None:
                facts.parts[key] = dict(known)
                questions.message_ids.update(known.values())
        for id_ in questions.message_ids:
            self._answer(id_, facts)
        for id_ in questions.asked_about:
            self._answer(id_, facts)
        for account in questions.accounts:
            facts.queued[account] = self.queued.get(account, 0)

    def _answer(self, id_: int, facts: Facts) -> None:
        """Answer a pending message; with one of a long message all that belongs to that."""
        message = self.pending.get(id_)
        if message is None:
            return
        facts.messages[id_] = message
        whole = self.pending.get(self.whole_of[id_]) if id_ in self.whole_of else message
        if whole is not None and whole.parts:
            facts.messages[whole.id] = whole
            for part in whole.parts:
                if part in self.pending:
                    facts.messages[part] = self.pending[part]
                    facts.whole_of[part] = whole.id

    def add(self, message: Message) -> None:
        """Hold a message until it ends; one that is held already is given its new value."""
        id_, receiver, esme = message.id, message.receiver, message.esme
        if id_ in self.pending:
            self.remove(id_)
        self.pending[id_] = message
        if message.valid_until < self._next_lapse_at:
            self._next_lapse_at = message.valid_until
        if esme is not None or receiver is _PHONE:
            self.pending_of.setdefault(message.destination, {})[id_] = None
        if receiver is _LATER:
            self._scheduled[id_] = message
            if message.not_before < self._next_delivery_at:
                self._next_delivery_at = message.not_before
        elif receiver is _PARTS and message.part is not None:
            self.parts.setdefault(message.part.key, {})[message.part.number] = id_
        for part in message.parts:
            # One that was cancelled has ended by itself.
            if part in self.pending:
                self.whole_of[part] = id_
                self._forget_part(self.pending[part])
        if esme is not None and not message.parts:
            self.queued[esme.account] = self.queued.get(esme.account, 0) + 1

    def remove(self, id_: int) -> Message | None:
        """Hold it no more; gives it, None where it was not held."""
        message = self.pending.pop(id_, None)
        if message is None:
            return None
        waiting = self.pending_of.get(message.destination)
        if waiting is not None:
            waiting.pop(id_, None)
            if not waiting:
                del self.pending_of[message.destination]
        if message.receiver is _LATER:
            del self._scheduled[id_]
        self._forget_part(message)
        self.whole_of.pop(id_, None)
        for part in message.parts:
            self.whole_of.pop(part, None)
        if message.esme is not None and not message.parts:
            self.queued[message.esme.account] -= 1
        return message

    def _forget_part(self, message: Message) -> None:
        """Let a part wait for its others no more; it may be another's place by now."""
        if message.part is None:
            return
        known = self.parts.get(message.part.key)
        if known is not None and known.get(message.part.number) == message.id:
            del known[message.part.number]
            if not known:
                del self.parts[message.part.key]

    def lapsed(self, until: int, most: int) -> list[int]:
        """List what may wait no longer than `until`, `most` at once.

        A part in a whole message waits as long as that; what has its time first is sent first.
        """
        if until < self._next_lapse_at:
            return []
        ids: list[int] = []
        earliest = _NEVER
        for message in self.pending.values():
            if message.id in self.whole_of or (
                message.receiver is _LATER and message.not_before <= message.valid_until
            ):
                continue
            if message.valid_until <= until and len(ids) < most:
                ids.append(message.id)
            earliest = min(earliest, message.valid_until)
        self._next_lapse_at = earliest
        return ids

    def deliveries_due(self, until: int, most: int) -> list[MoSms | MtSms]:
        """List scheduled messages whose time has come, as their senders' events anew.

        They come in the order of their times, `most` at once.
        """
        if until < self._next_delivery_at:
            return []
        due = [one for one in self._scheduled.values() if one.not_before <= until]
        due.sort(key=_by_time)
        # What is due stays due until its decision is committed.
        self._next_delivery_at = min(
            (one.not_before for one in self._scheduled.values()), default=_NEVER
        )
        return [sent_again(message) for message in due[:most]]


def sent_again(message: Message) -> MoSms | MtSms:
    """Make a scheduled message's event anew, to be decided now that its time has come."""
    esme = message.esme
    assert esme is not None
    via = structs.replace(esme, not_before=0)
    if message.kind is _MO:
        sender = Msisdn(message.source)
        return MoSms(
            sender,
            message.destination,
            message.text,
            via,
            body=message.body,
            id=message.id,
            reported_as=message.reported_as,
        )
    return MtSms(
        message.source,
        message.destination,
        message.text,
        via,
        body=message.body,
        id=message.id,
        reported_as=message.reported_as,
    )


def _by_time(message: Message) -> tuple[int, int]:
    return message.not_before, message.id
