"""One call over MQTT: dial, follow it as far as wanted, hold it, hang up."""

from __future__ import annotations

from gateway.air.frames import CallEvent, CallUpAction, ResultDown, ResultStatus
from gateway.core.numbers import Address, Msisdn
from handsets.errands import Errand, Watch, errand, no_answer, unwatched
from handsets.handset import CallChanged
from handsets.outcome import CallOutcome, Status, shown
from handsets.place import Place

_HANG_UP_TIMEOUT = 2.0

# A call that is answered need not have rung (an emergency call does not).
_REACHED_BY = {
    CallEvent.RINGING: (CallEvent.RINGING, CallEvent.ANSWERED),
    CallEvent.ANSWERED: (CallEvent.ANSWERED,),
}


async def call(
    broker: Place,
    caller: Msisdn,
    to: Address,
    patience: float,
    *,
    until: CallEvent,
    hold: float | None = None,
    watch: Watch = unwatched,
) -> CallOutcome:
    """Dial and follow the call until it rings, is answered or has ended; then hang up.

    `patience`, in seconds, holds for each of ringing, being answered and ending. `hold`: seconds
    until the phone hangs up, from `until` on (for ENDED: from ringing); None: at once, or for
    ENDED when the other side or impatience ends it. Raises NoBroker.
    """
    async with errand(caller, broker, watch) as phone:
        following = _Following(phone, to)
        refused = await following.dial(patience)
        if refused is not None:
            return refused
        first = CallEvent.RINGING if until is CallEvent.ENDED else until
        reached = await phone.until(lambda: following.reached(first), patience)
        if reached is None:
            return await following.give_up(f"the call was not {first.value} within {patience:g} s")
        if not reached:
            return following.outcome(Status.REFUSED, f"the call ended before it was {first.value}")
        wait = hold if hold is not None else patience if until is CallEvent.ENDED else 0.0
        ended = wait and await phone.until(following.ended, wait)
        if until is CallEvent.ENDED and not ended and hold is None:
            return await following.give_up(f"the call did not end within {patience:g} s; hung up")
        await following.hang_up()
        return following.outcome(Status.ACCEPTED, "")


class _Following:
    """One call as its caller's phone sees it."""

    def __init__(self, phone: Errand, to: Address) -> None:
        self._phone = phone
        self._to = to
        self._result: ResultDown | None = None

    async def dial(self, patience: float) -> CallOutcome | None:
        """Dial; gives the outcome where that is the end of it already."""
        phone = self._phone
        ref = phone.ask(lambda now: phone.handset.dial(self._to, now))
        self._result = await phone.until(lambda: phone.result_of(ref), patience)
        if self._result is None:
            phone.handset.forget(ref)
            return self.outcome(Status.TIMEOUT, no_answer(patience))
        if self._result.status is ResultStatus.REFUSED:
            return self.outcome(Status.REFUSED, self._result.why)
        return None

    def reached(self, wanted: CallEvent) -> bool | None:
        """Say whether the call got as far as wanted; None: it still may."""
        events = self._events()
        if any(event in events for event in _REACHED_BY[wanted]):
            return True
        return False if self.ended() else None

    def ended(self) -> bool | None:
        """Say whether the call is over, and None that it is not."""
        call = self._phone.handset.calls.get(self._id)
        return True if call is not None and call.state is CallEvent.ENDED else None

    async def hang_up(self) -> None:
        """End the call, if the other side has not, and see it end."""
        phone = self._phone
        if not self.ended():
            phone.ask(lambda now: phone.handset.step(CallUpAction.HANGUP, self._id, now))
            await phone.until(self.ended, _HANG_UP_TIMEOUT)

    async def give_up(self, why: str) -> CallOutcome:
        """Hang up, and say that what was awaited did not come."""
        await self.hang_up()
        return self.outcome(Status.TIMEOUT, why)

    def outcome(self, status: Status, why: str) -> CallOutcome:
        """Tell how the call fared so far."""
        call = self._phone.handset.calls.get(self._id)
        cause = call.cause if call is not None else None
        if self._result is not None and self._result.cause is not None:
            cause = self._result.cause
        return CallOutcome(
            source=self._phone.handset.msisdn,
            to=self._to,
            status=status,
            id=self._id,
            cause=shown(cause),
            why=why,
            events=tuple(event.value for event in self._events()),
        )

    @property
    def _id(self) -> str:
        return self._result.id if self._result is not None else ""

    def _events(self) -> list[CallEvent]:
        return [
            happening.call.state
            for happening in self._phone.happened
            if isinstance(happening, CallChanged)
            and happening.call.id == self._id
            and happening.call.state is not None
        ]
