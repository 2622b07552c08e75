"""Phone, ESME and calendar for tests without asyncio: the same methods, which return when done."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from gateway.smpp.pdu import Request, Tlv
from gateway.testing.clock import Calendar
from gateway.testing.esme import Esme
from gateway.testing.home import Home
from gateway.testing.outcomes import Answer, Asked, DeliveredSms, ReceivedSms, Submitted
from gateway.testing.phone import WITHIN, Phone
from handsets.handset import Call


class PlainPhone:
    """See Phone, which is `aio`."""

    def __init__(self, phone: Phone, home: Home) -> None:
        self.aio: Final = phone
        self.number: Final = phone.number
        self._wait = home.wait

    def __str__(self) -> str:
        return self.number

    @property
    def inbox(self) -> list[ReceivedSms]:
        """All SMS that came, in order."""
        return self.aio.inbox

    @property
    def barred(self) -> list[str]:
        """The services that are barred now, by name."""
        return self.aio.barred

    @property
    def stage(self) -> str:
        """The stage of barring that the network told this phone."""
        return self.aio.stage

    @property
    def data_open(self) -> bool:
        """Whether its data session is open."""
        return self.aio.data_open

    @property
    def calls(self) -> list[Call]:
        """All its calls, the newest last."""
        return self.aio.calls

    def on(self, within: float = WITHIN) -> None:
        """Switch it on."""
        self._wait(self.aio.on(within))

    def off(self) -> None:
        """Switch it off."""
        self._wait(self.aio.off())

    def sms(self, to: object, text: str, within: float = WITHIN) -> Asked:
        """Send an SMS."""
        return self._wait(self.aio.sms(to, text, within))

    def call(self, to: object, within: float = WITHIN) -> Asked:
        """Dial."""
        return self._wait(self.aio.call(to, within))

    def answer(self, within: float = WITHIN) -> Asked:
        """Answer the call that rings here."""
        return self._wait(self.aio.answer(within))

    def reject(self, within: float = WITHIN) -> Asked:
        """Reject the call that rings here."""
        return self._wait(self.aio.reject(within))

    def hang_up(self, within: float = WITHIN) -> Asked:
        """End the present call."""
        return self._wait(self.aio.hang_up(within))

    def data(self, on: bool = True, within: float = WITHIN) -> Asked:
        """Open the data session, or close it."""
        return self._wait(self.aio.data(on, within))

    def ussd(self, code: str, within: float = WITHIN) -> Asked:
        """Ask a USSD service."""
        return self._wait(self.aio.ussd(code, within))

    def expect(
        self,
        text: str | re.Pattern[str] | None = None,
        *,
        sender: object | None = None,
        within: float = WITHIN,
    ) -> ReceivedSms:
        """Wait for an SMS and hand it out; raises NotSeen."""
        __tracebackhide__ = True
        return self._wait(self.aio.expect(text, sender=sender, within=within))

    def expect_stage(self, stage: str, within: float = WITHIN) -> None:
        """Wait until the network told this stage of barring; raises NotSeen."""
        __tracebackhide__ = True
        self._wait(self.aio.expect_stage(stage, within))

    def expect_call(self, state: str = "incoming", within: float = WITHIN) -> Call:
        """Wait until its newest call is in this state; raises NotSeen."""
        __tracebackhide__ = True
        return self._wait(self.aio.expect_call(state, within))


class PlainEsme:
    """See Esme, which is `aio`."""

    def __init__(self, esme: Esme, home: Home) -> None:
        self.aio: Final = esme
        self.system_id: Final = esme.system_id
        self._wait = home.wait

    @property
    def inbox(self) -> list[DeliveredSms]:
        """All messages that came, receipts apart, in order."""
        return self.aio.inbox

    @property
    def receipts(self) -> list[DeliveredSms]:
        """All delivery receipts that came, in order."""
        return self.aio.receipts

    @property
    def bound(self) -> bool:
        """Whether the session stands."""
        return self.aio.bound

    def submit(
        self,
        source: object,
        to: object,
        text: str,
        *,
        receipt: bool = False,
        tlvs: tuple[Tlv, ...] = (),
        within: float = WITHIN,
        **fields: str | int,
    ) -> Submitted:
        """Send a text as submit_sm, a long one in segments."""
        work = self.aio.submit(
            source, to, text, receipt=receipt, tlvs=tlvs, within=within, **fields
        )
        return self._wait(work)

    def request(self, pdu: Request, within: float = WITHIN) -> Answer:
        """Send any request and wait for its response."""
        return self._wait(self.aio.request(pdu, within))

    def unbind(self) -> None:
        """End the session."""
        self._wait(self.aio.unbind())

    def expect(
        self,
        text: str | re.Pattern[str] | None = None,
        *,
        sender: object | None = None,
        to: object | None = None,
        within: float = WITHIN,
    ) -> DeliveredSms:
        """Wait for a message and hand it out; raises NotSeen."""
        __tracebackhide__ = True
        return self._wait(self.aio.expect(text, sender=sender, to=to, within=within))

    def expect_receipt(
        self, of: Submitted | str, state: str | None = None, within: float = WITHIN
    ) -> DeliveredSms:
        """Wait for the receipt of a message; raises NotSeen."""
        __tracebackhide__ = True
        return self._wait(self.aio.expect_receipt(of, state, within))


class PlainCalendar:
    """See Calendar, which is `aio`."""

    def __init__(self, calendar: Calendar, home: Home) -> None:
        self.aio: Final = calendar
        self._wait = home.wait

    def __str__(self) -> str:
        return str(self.aio)

    @property
    def now(self) -> datetime:
        """The network's time, in WIB."""
        return self.aio.now

    def set(self, moment: str | datetime) -> None:
        """Move forwards to a moment."""
        self._wait(self.aio.set(moment))

    def advance(self, length: str | timedelta) -> None:
        """Move forwards by a length of time."""
        self._wait(self.aio.advance(length))

    def run(self, speed: float) -> None:
        """Let it run at this many calendar seconds a real second; 0 stops it."""
        self._wait(self.aio.run(speed))
