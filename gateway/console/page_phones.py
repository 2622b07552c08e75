"""The phones on the console's page: real handsets of the gateway, shared by all who look.

They speak the handsets' frames over the link of phones in this process, so that what a trainer
clicks is decided and journalled like what any other phone does. Texts are kept masked.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import assert_never

from msgspec import Struct

from gateway.air.frames import (
    AckUp,
    BadFrame,
    BarringDown,
    CallDown,
    CallEvent,
    CallUp,
    CallUpAction,
    DataDown,
    DataStatus,
    DataUp,
    DataUpAction,
    ResultDown,
    ResultStatus,
    SmsDown,
    SmsUp,
    UpFrame,
    UssdDown,
    UssdStatus,
    UssdUp,
    decode_down,
)
from gateway.air.topics import DownKind, UpKind
from gateway.console.view import Air
from gateway.core.numbers import Msisdn, mask_identities

BUBBLES_MOST = 40
"""Messages that a phone on the page shows, the newest ones."""

# Ids of messages that came, of which a repeat is recognised.
_KNOWN_MOST = 1_000


class Way(Enum):
    """Which way a bubble went; NOTE is what the network told beside messages."""

    OUT = "out"
    IN = "in"
    NOTE = "note"


class Bubble(Struct):
    """A message on the screen; `accepted` is None while the network has not answered."""

    way: Way
    other: str
    text: str
    accepted: bool | None = None
    why: str = ""
    parts: int = 1


class PageCall(Struct):
    """The call that a phone shows."""

    id: str
    other: str
    outgoing: bool
    state: CallEvent
    cause: str = ""


class Told(Struct, frozen=True):
    """What the network answered to a request: `cause` where it refused, `text` of USSD."""

    accepted: bool
    id: str = ""
    cause: str = ""
    why: str = ""
    text: str = ""


class PagePhone:
    """One phone: what its screen shows. `citizen` is its owner's index in the civil registry."""

    def __init__(
        self, msisdn: Msisdn, name: str, citizen: int, air: Air, changed: Callable[[Msisdn], None]
    ) -> None:
        self.msisdn = msisdn
        self.name = name
        self.citizen = citizen
        self.on = False
        self.data = False
        self.ussd = ""
        self.barring: BarringDown | None = None
        self.call: PageCall | None = None
        self.bubbles: deque[Bubble] = deque(maxlen=BUBBLES_MOST)
        self.received = 0
        self._air = air
        self._changed = changed
        self._run = f"page-{secrets.token_hex(6)}"
        self._asked = 0
        self._waiting: dict[str, asyncio.Future[Told]] = {}
        self._sent: dict[str, Bubble] = {}
        self._dialled: dict[str, str] = {}
        self._known: deque[str] = deque(maxlen=_KNOWN_MOST)

    def came_since(self, received: int) -> list[str]:
        """List the texts of the SMS that came since its `received` was so."""
        came = [bubble.text for bubble in self.bubbles if bubble.way is Way.IN]
        new = self.received - received
        return came[-new:] if new else []

    # ---- what its owner does

    def power(self, on: bool) -> None:
        """Switch it on or off."""
        if on is self.on:
            return
        self.on = on
        if on:
            self._air.switch_on(self.msisdn, self.hear)
        else:
            self._air.switch_off(self.msisdn)
            self.data, self.call, self.ussd = False, None, ""
            self.forget("the phone was switched off")
        self._changed(self.msisdn)

    def sms(self, to: str, text: str) -> asyncio.Future[Told]:
        """Send an SMS."""
        bubble = Bubble(Way.OUT, to, mask_identities(text))
        self.bubbles.append(bubble)
        ref = self._new_ref()
        self._sent[ref] = bubble
        return self._ask(UpKind.SMS, ref, SmsUp(ref, to, text))

    def dial(self, to: str) -> asyncio.Future[Told]:
        """Dial a number."""
        ref = self._new_ref()
        self._dialled[ref] = to
        return self._ask(UpKind.CALL, ref, CallUp(CallUpAction.DIAL, ref, to))

    def step(self, action: CallUpAction) -> asyncio.Future[Told] | None:
        """Answer, reject or end the call that it shows; None where it shows none."""
        if self.call is None or self.call.state is CallEvent.ENDED:
            return None
        ref = self._new_ref()
        return self._ask(UpKind.CALL, ref, CallUp(action, ref, id=self.call.id))

    def switch_data(self, on: bool) -> asyncio.Future[Told]:
        """Open or close its data session."""
        ref = self._new_ref()
        action = DataUpAction.OPEN if on else DataUpAction.CLOSE
        return self._ask(UpKind.DATA, ref, DataUp(ref, action))

    def ask_ussd(self, code: str) -> asyncio.Future[Told]:
        """Dial a USSD code."""
        ref = self._new_ref()
        return self._ask(UpKind.USSD, ref, UssdUp(ref, code))

    def forget(self, why: str) -> None:
        """Let nobody wait any more for what the network has not answered."""
        for bubble in self._sent.values():
            bubble.accepted, bubble.why = False, why
        self._sent.clear()
        self._dialled.clear()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_result(Told(False, why=why))
        self._waiting.clear()

    def _new_ref(self) -> str:
        self._asked += 1
        return f"{self._run}-{self._asked}"

    def _ask(self, kind: UpKind, ref: str, frame: UpFrame) -> asyncio.Future[Told]:
        waiting: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._waiting[ref] = waiting
        self._air.frame(self.msisdn, kind, frame)
        self._changed(self.msisdn)
        return waiting

    # ---- what the network tells it

    def hear(self, kind: DownKind, payload: bytes) -> None:
        """Take in a frame."""
        frame = decode_down(kind, payload)
        match frame:
            case ResultDown():
                self._hear_result(frame)
            case SmsDown():
                self._air.frame(self.msisdn, UpKind.ACK, AckUp(frame.id))
                if frame.id in self._known:
                    return
                self._known.append(frame.id)
                self.received += 1
                text = mask_identities(frame.text)
                self.bubbles.append(
                    Bubble(Way.IN, frame.source, text, accepted=True, parts=frame.parts)
                )
            case CallDown():
                self._hear_call(frame)
            case DataDown():
                self._hear_data(frame)
            case UssdDown():
                accepted = frame.status is UssdStatus.ENDED
                self.ussd = frame.text
                cause = frame.cause.name.value if frame.cause is not None else ""
                self._settle(frame.ref, Told(accepted, "", cause, frame.why, frame.text))
            case BarringDown():
                self.barring = frame
            case BadFrame():
                self._note(frame.why)
            case _:
                assert_never(frame)
        self._changed(self.msisdn)

    def _hear_result(self, result: ResultDown) -> None:
        accepted = result.status is ResultStatus.ACCEPTED
        cause = result.cause.name.value if result.cause is not None else ""
        bubble = self._sent.pop(result.ref, None)
        if bubble is not None:
            bubble.accepted, bubble.why = accepted, cause or result.why
        elif not accepted:
            self._note(cause or result.why)
        dialled = self._dialled.pop(result.ref, None)
        if accepted and dialled is not None and (self.call is None or self.call.id != result.id):
            self.call = PageCall(result.id, dialled, True, CallEvent.RINGING)
        self._settle(result.ref, Told(accepted, result.id, cause, result.why))

    def _hear_call(self, frame: CallDown) -> None:
        call = self.call
        cause = frame.cause.name.value if frame.cause is not None else ""
        if call is not None and call.id == frame.id:
            if call.state is not CallEvent.ENDED:
                call.state, call.cause = frame.event, cause
            return
        outgoing = frame.event is not CallEvent.INCOMING
        self.call = PageCall(frame.id, frame.source, outgoing, frame.event, cause)

    def _hear_data(self, frame: DataDown) -> None:
        accepted = frame.status is not DataStatus.REFUSED
        if accepted:
            self.data = frame.status is DataStatus.OPENED
        cause = frame.cause.name.value if frame.cause is not None else ""
        if cause:
            self._note(cause or frame.why)
        self._settle(frame.ref, Told(accepted, "", cause, frame.why))

    def _note(self, text: str) -> None:
        self.bubbles.append(Bubble(Way.NOTE, "", mask_identities(text)))

    def _settle(self, ref: str, told: Told) -> None:
        waiting = self._waiting.pop(ref, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(told)


class PagePhones:
    """All phones on the page, in the order of the row; `changed` hears of each that changed."""

    def __init__(self, air: Air, changed: Callable[[Msisdn], None]) -> None:
        self._air = air
        self._changed = changed
        self._phones: dict[Msisdn, PagePhone] = {}

    def all(self) -> list[PagePhone]:
        """List them."""
        return list(self._phones.values())

    def find(self, msisdn: Msisdn) -> PagePhone | None:
        """Find one."""
        return self._phones.get(msisdn)

    def put(self, msisdn: Msisdn, name: str, citizen: int) -> PagePhone:
        """Put a phone into the row, switched off; one that is there stays as it is."""
        phone = self._phones.get(msisdn)
        if phone is None:
            phone = PagePhone(msisdn, name, citizen, self._air, self._changed)
            self._phones[msisdn] = phone
            self._changed(msisdn)
        return phone

    def remove(self, msisdn: Msisdn) -> None:
        """Switch a phone off and take it out of the row."""
        phone = self._phones.pop(msisdn, None)
        if phone is not None:
            phone.power(False)
            self._changed(msisdn)
