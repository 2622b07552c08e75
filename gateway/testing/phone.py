"""A virtual phone in a test: what its owner does, and what its owner sees."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable
from typing import Final

from gateway.air.frames import (
    CallEvent,
    CallUpAction,
    CauseFrame,
    DataStatus,
    DataUpAction,
    ResultDown,
    ResultStatus,
    UssdStatus,
)
from gateway.air.topics import DownKind
from gateway.core.numbers import Address, BadNumber, Msisdn, parse_address
from gateway.links.nearby import NearbyPhones
from gateway.testing.expecting import NotSeen, Wish, report
from gateway.testing.home import Home
from gateway.testing.journal import Journal
from gateway.testing.outcomes import Asked, ReceivedSms
from gateway.testing.waiting import Changes, Inbox
from handsets.handset import Answered, Call, DataChanged, Handset, SmsReceived, UssdAnswered

WITHIN: Final = 5.0
"""Seconds that an expectation waits, unless it says otherwise."""


class Phone:
    """A phone that is on. Its requests give what the network said; raises NotSeen when silent."""

    def __init__(self, msisdn: Msisdn, air: NearbyPhones, journal: Journal, home: Home) -> None:
        self.number: Final = msisdn
        self._air = air
        self._journal = journal
        self._home = home
        self._handset = Handset(msisdn, run=secrets.token_hex(6))
        self._changes = Changes()
        self._inbox: Inbox[ReceivedSms] = Inbox(self._changes)
        self._answers: dict[str, Asked] = {}

    def __str__(self) -> str:
        return self.number

    # ---- what its owner sees

    @property
    def inbox(self) -> list[ReceivedSms]:
        """All SMS that came, in order."""
        return list(self._inbox.messages)

    @property
    def barred(self) -> list[str]:
        """The services that are barred now, by name: MO_CALL and so on."""
        told = self._handset.barring
        return [service.value for service in told.barred] if told is not None else []

    @property
    def stage(self) -> str:
        """The stage of barring that the network told this phone, "" before it did."""
        return self._handset.barring.stage.name if self._handset.barring is not None else ""

    @property
    def data_open(self) -> bool:
        """Whether its data session is open."""
        return self._handset.data_open

    @property
    def calls(self) -> list[Call]:
        """All its calls, the newest last."""
        return list(self._handset.calls.values())

    # ---- what its owner does

    async def on(self, within: float = WITHIN) -> None:
        """Switch it on, and wait until the network has told it what is barred."""
        await self._home.run(self._on(within))

    async def off(self) -> None:
        """Switch it off; `on` switches it on again."""
        await self._home.run(self._off())

    async def sms(self, to: object, text: str, within: float = WITHIN) -> Asked:
        """Send an SMS to a number, a short code or another phone."""
        address = _address(to)
        return await self._ask(lambda now: self._handset.send_sms(address, text, now), within)

    async def call(self, to: object, within: float = WITHIN) -> Asked:
        """Dial a number, a short code or another phone; accepted when it rings."""
        address = _address(to)
        return await self._ask(lambda now: self._handset.dial(address, now), within)

    async def answer(self, within: float = WITHIN) -> Asked:
        """Answer the call that rings here."""
        return await self._step(CallUpAction.ANSWER, within)

    async def reject(self, within: float = WITHIN) -> Asked:
        """Reject the call that rings here."""
        return await self._step(CallUpAction.REJECT, within)

    async def hang_up(self, within: float = WITHIN) -> Asked:
        """End the present call."""
        return await self._step(CallUpAction.HANGUP, within)

    async def data(self, on: bool = True, within: float = WITHIN) -> Asked:
        """Open the data session, or close it."""
        action = DataUpAction.OPEN if on else DataUpAction.CLOSE
        return await self._ask(lambda now: self._handset.switch_data(action, now), within)

    async def ussd(self, code: str, within: float = WITHIN) -> Asked:
        """Ask a USSD service; what it shows is in `text`."""
        return await self._ask(lambda now: self._handset.ask_ussd(code, now), within)

    # ---- what its owner waits for

    async def expect(
        self,
        text: str | re.Pattern[str] | None = None,
        *,
        sender: object | None = None,
        within: float = WITHIN,
    ) -> ReceivedSms:
        """Wait for an SMS and hand it out, each once; raises NotSeen."""
        __tracebackhide__ = True
        wish = Wish(None if sender is None else str(sender), None, text)
        return await self._home.run(self._inbox.expect(self._name, wish, within, self._decided))

    async def expect_stage(self, stage: str, within: float = WITHIN) -> None:
        """Wait until the network told this stage of barring: OPEN and so on. Raises NotSeen."""
        __tracebackhide__ = True
        await self._see(f"stage {stage}", lambda: self.stage == stage, within, lambda: self.stage)

    async def expect_call(self, state: str = "incoming", within: float = WITHIN) -> Call:
        """Wait until its newest call is incoming, ringing, answered or ended; raises NotSeen."""
        __tracebackhide__ = True
        wanted = CallEvent(state)
        await self._see(
            f"a call that is {wanted.value}",
            lambda: bool(self.calls) and self.calls[-1].state is wanted,
            within,
            lambda: ", ".join(f"a call that is {call.state}" for call in self.calls),
        )
        return self.calls[-1]

    # ---- at home

    @property
    def _name(self) -> str:
        return f"the phone {self.number}"

    def _decided(self) -> list[str]:
        return self._journal.lines(self.number)

    async def _see(
        self, what: str, holds: Callable[[], bool], within: float, shown: Callable[[], str]
    ) -> None:
        await self._home.run(self._until(what, lambda: holds() or None, within, shown))

    async def _until(
        self,
        what: str,
        found: Callable[[], object | None],
        within: float,
        shown: Callable[[], str],
    ) -> None:
        if await self._changes.until(found, within) is None:
            near = [shown()] if shown() else []
            raise NotSeen(report(self._name, what, within, near, self._decided()))

    async def _on(self, within: float) -> None:
        self._air.switch_on(self.number, self._hear)
        told = "its bars"
        await self._until(told, lambda: self._handset.barring, within, lambda: "")

    async def _off(self) -> None:
        self._air.switch_off(self.number)
        self._handset.contact_lost()

    async def _step(self, action: CallUpAction, within: float) -> Asked:
        call = self._handset.current_call()
        if call is None:
            return Asked(False, "no_such_call", f"{self.number} is in no call")
        return await self._ask(lambda now: self._handset.step(action, call.id, now), within)

    async def _ask(self, request: Callable[[float], str], within: float) -> Asked:
        return await self._home.run(self._asked(request, within))

    async def _asked(self, request: Callable[[float], str], within: float) -> Asked:
        ref = request(self._now())
        self._send()
        await self._until("an answer", lambda: self._answers.get(ref), within, lambda: "")
        return self._answers[ref]

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    def _send(self) -> None:
        frames, _ = self._handset.due(self._now())
        for kind, frame in frames:
            self._air.frame(self.number, kind, frame)

    def _hear(self, kind: DownKind, payload: bytes) -> None:
        """Take a frame in; the link calls this."""
        match self._handset.hear(kind, payload):
            case SmsReceived(sms):
                self._inbox.put(
                    ReceivedSms(sms.source, self.number, sms.text, sms.at, sms.id, sms.parts)
                )
            case Answered(request, result):
                self._answers[request.ref] = _asked(result)
            case DataChanged(data, asked) if asked:
                fine = data.status is not DataStatus.REFUSED
                self._answers[data.ref] = Asked(fine, _cause(data.cause), data.why)
            case UssdAnswered(ussd):
                fine = ussd.status is UssdStatus.ENDED
                self._answers[ussd.ref] = Asked(fine, _cause(ussd.cause), ussd.why, text=ussd.text)
            case _:
                pass
        self._send()
        self._changes.happened()


def _asked(result: ResultDown) -> Asked:
    fine = result.status is ResultStatus.ACCEPTED
    return Asked(fine, _cause(result.cause), result.why, result.id)


def _cause(cause: CauseFrame | None) -> str:
    return cause.name.value if cause is not None else ""


def _address(to: object) -> Address:
    read = parse_address(str(to))
    if isinstance(read, BadNumber):
        raise ValueError(f'"{read.text}" is no number; {read.remedy}, or a short code: 4444')
    return read
