"""What phones send, turned into events and offered; what was decided, sent back.

No way from here to the broker but the outbox, and none to the network but the flow.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from functools import partial

import structlog

from gateway.air.frames import BadFrame, PhoneState, StateUp, UpFrame, decode_up, encode, ref_in
from gateway.air.mapping import (
    Addressed,
    UpEvent,
    answer_of,
    event_of,
    phone_of,
    refusal_of,
)
from gateway.air.packets import Publish
from gateway.air.topics import BadTopic, DownKind, UpKind, down_topic, parse_up
from gateway.core.causes import Cause
from gateway.core.decision import Decision, Denied
from gateway.core.events import Acknowledged, Presence
from gateway.core.numbers import Msisdn
from gateway.flow import Flow
from gateway.links.mqtt_phones import Phones
from gateway.links.outbox import Outbox

log = structlog.get_logger()

# Frames turned into events before others get a turn.
_BATCH_MOST = 500

# Frames that may wait to be read. What comes on top is not taken: phones repeat what has no
# answer, and what they acknowledge they are sent again. A coming or going is always taken, since
# phones say it once.
_WAITING_MOST = 100_000

# Real seconds before a coming or going that could not be stored is offered again.
_AGAIN_S = 1.0

_STATE_ENDING = f"/up/{UpKind.STATE.value}"


class Intake:
    """Takes frames as they arrive; `run` offers all that have, at once."""

    def __init__(self, flow: Flow, outbox: Outbox, phones: Phones) -> None:
        self._flow = flow
        self._outbox = outbox
        self._phones = phones
        self._inbox: deque[Publish] = deque()
        self._arrived = asyncio.Event()
        self._not_taken = 0

    def __len__(self) -> int:
        return len(self._inbox)

    def receive(self, frame: Publish) -> None:
        """Keep a frame that arrived, while there is room."""
        if len(self._inbox) >= _WAITING_MOST and not frame.topic.endswith(_STATE_ENDING):
            if not self._not_taken:
                log.warning("mqtt: more frames come than can be decided; phones repeat the rest")
            self._not_taken += 1
            return
        self._inbox.append(frame)
        self._arrived.set()

    async def run(self) -> None:
        """Offer what has arrived, all of it at once, to the flow, until cancelled."""
        inbox = self._inbox
        while True:
            if not inbox:
                if self._not_taken:
                    log.warning("mqtt: all frames are read again", not_taken=self._not_taken)
                    self._not_taken = 0
                self._arrived.clear()
                await self._arrived.wait()
            if self._flow.full:
                await self._flow.room()
            events: list[UpEvent] = []
            acks: dict[Msisdn, list[int]] = {}
            for _ in range(min(len(inbox), _BATCH_MOST)):
                self._read(inbox.popleft(), events, acks)
            events += (Acknowledged(by, tuple(ids)) for by, ids in acks.items())
            if events:
                self._flow.offer(events, partial(self._answered, events))
            await asyncio.sleep(0)

    def _read(self, frame: Publish, events: list[UpEvent], acks: dict[Msisdn, list[int]]) -> None:
        """Turn one frame into what happened, or answer what is wrong with it."""
        place = parse_up(frame.topic)
        if isinstance(place, BadTopic):
            self._refuse_topic(place, frame)
            return
        msisdn, kind = place
        read = decode_up(kind, frame.payload)
        if isinstance(read, BadFrame):
            self.send(msisdn, refusal_of(read, kind))
        elif isinstance(read, StateUp):
            self._note_state(msisdn, read, frame.retained, events)
        else:
            self._note(msisdn, kind, read, events, acks)

    def _note(
        self,
        msisdn: Msisdn,
        kind: UpKind,
        frame: UpFrame,
        events: list[UpEvent],
        acks: dict[Msisdn, list[int]],
    ) -> None:
        event = event_of(msisdn, frame)
        if isinstance(event, BadFrame):
            self.send(msisdn, refusal_of(event, kind))
            return
        if self._phones.comes(msisdn):
            events.append(Presence(msisdn, online=True))
        if isinstance(event, Acknowledged):
            acks.setdefault(msisdn, []).extend(event.ids)
        else:
            events.append(event)

    def _note_state(
        self, msisdn: Msisdn, frame: StateUp, retained: bool, events: list[UpEvent]
    ) -> None:
        if frame.state is PhoneState.OFFLINE:
            if self._phones.goes(msisdn):
                events.append(Presence(msisdn, online=False))
        elif self._phones.comes(msisdn):
            events.append(Presence(msisdn, online=True))
        elif not retained:
            self._phones.comes_back(msisdn)

    def _refuse_topic(self, bad: BadTopic, frame: Publish) -> None:
        log.warning("mqtt: frame ignored", topic=bad.topic, why=bad.why)
        if bad.msisdn is not None:
            self.send(bad.msisdn, refusal_of(BadFrame(bad.why, ref_in(frame.payload)), None))

    # ---- down

    def _answered(self, events: Sequence[UpEvent], decisions: Sequence[Decision]) -> None:
        """Answer after the commit; the flow calls this, so it never raises and never waits."""
        for event, decision in zip(events, decisions, strict=True):
            denied = isinstance(decision.answer, Denied)
            if isinstance(event, Presence):
                if self._presence_answered(event, decision):
                    continue
            elif isinstance(event, Acknowledged) and not denied:
                self._phones.acknowledged(event)
            answer = answer_of(event, decision)
            if answer is not None:
                self.send(phone_of(event), answer)

    def _presence_answered(self, event: Presence, decision: Decision) -> bool:
        """Open or close the phone's lane; whether there is nothing to tell the phone."""
        answer = decision.answer
        if not isinstance(answer, Denied):
            self._phones.decided(event)
        elif answer.cause is Cause.CONGESTION:
            loop = asyncio.get_running_loop()
            loop.call_later(_AGAIN_S, self._say_again, event)
            return True
        else:
            self._phones.refused(event)
        return False

    def _say_again(self, event: Presence) -> None:
        """Offer a coming or going that was not stored, unless it is out of date."""
        if self._phones.is_on(event.msisdn) is event.online:
            self._flow.offer([event], partial(self._answered, [event]))

    def send(self, msisdn: Msisdn, addressed: Addressed) -> None:
        """Put a frame for a phone into the outbox."""
        kind, frame = addressed
        self._outbox.put(down_topic(msisdn, kind), encode(frame), retain=kind is DownKind.BARRING)
