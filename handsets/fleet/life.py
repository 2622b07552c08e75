"""One phone living its story: what it does next, and whether it saw what it should. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from enum import Enum
from random import Random

import re2

from gateway.air.frames import CallEvent, CallUpAction, DataUpAction, SmsDown
from gateway.core.numbers import Address, BadNumber, mask_identities, parse_address
from handsets.fleet.judging import Missed, Outcome, cause_of, judged, near, outcome_of, too_late
from handsets.fleet.scenario import Calls, Do, Step, Story
from handsets.handset import Handset, Happening, SmsReceived

# Messages that wait for a step.
_UNREAD_MOST = 20

_NEVER = float("inf")


class Switch(Enum):
    """What the phone's owner does with its switch."""

    STAY = "stay"
    ON = "on"
    OFF = "off"


class Life:
    """One phone's story; ask `turn` after each happening and when `next_at` has come."""

    __slots__ = (
        "_at",
        "_began",
        "_chance",
        "_outcome",
        "_ref",
        "_round",
        "_unread",
        "handset",
        "missed",
        "next_at",
        "over",
        "story",
        "words",
    )

    def __init__(
        self, story: Story, handset: Handset, words: Mapping[str, str], chance: Random
    ) -> None:
        """Take what stands for the WORDS in texts; `chance` draws how long to wait."""
        self.story = story
        self.handset = handset
        self.words = words
        self.over = False
        self.missed: Missed | None = None
        self.next_at = _NEVER
        self._chance = chance
        self._at = 0
        self._round = 0
        self._began: float | None = None
        self._ref = ""
        self._outcome: Outcome | None = None
        self._unread: deque[SmsDown] = deque(maxlen=_UNREAD_MOST)

    def hear(self, happening: Happening) -> None:
        """Take note of what happened to the phone."""
        if isinstance(happening, SmsReceived):
            self._unread.append(happening.sms)
        else:
            self._outcome = outcome_of(happening, self._ref) or self._outcome

    def turn(self, now: float, *, on: bool) -> Switch:
        """Do what is to be done; `on` is whether the phone is on the air."""
        while not self.over:
            if self._at >= len(self.story.steps):
                self._again()
                continue
            step = self.story.steps[self._at]
            if self._began is None:
                self._began = now
                self._ref, self._outcome = "", None
                self.next_at = now + step.within
                switch = self._begin(step, now)
                if switch is not Switch.STAY:
                    return switch
            seen = self._seen(step, now, on=on)
            if seen is None and now < self.next_at:
                break
            if seen is True:
                self._at += 1
                self._began = None
                continue
            self._miss(step, seen or too_late(step, on=on))
        self._take_call(now)
        return Switch.STAY

    def _again(self) -> None:
        self._round += 1
        self._at = 0
        if self._round >= self.story.repeat or not self.story.steps:
            self.over = True
            self.next_at = _NEVER

    # ---- doing

    def _begin(self, step: Step, now: float) -> Switch:
        handset = self.handset
        if step.do is Do.SMS:
            text = step.text.format(**self.words)
            self._ref = handset.send_sms(self._address(step.to), text, now)
        elif step.do is Do.CALL:
            self._ref = handset.dial(self._address(step.to), now)
        elif step.do is Do.DATA:
            self._ref = handset.switch_data(DataUpAction(step.text), now)
        elif step.do is Do.USSD:
            self._ref = handset.ask_ussd(step.text, now)
        elif step.do is Do.HANG_UP:
            call = handset.current_call()
            if call is not None:
                handset.step(CallUpAction.HANGUP, call.id, now)
        elif step.do is Do.WAIT:
            self.next_at = now + self._chance.uniform(step.least, step.most)
        elif step.do is Do.ON:
            return Switch.ON
        elif step.do is Do.OFF:
            return Switch.OFF
        return Switch.STAY

    def _address(self, to: str) -> Address:
        parsed = parse_address(self.words["peer"] if to == "{peer}" else to)
        assert not isinstance(parsed, BadNumber), to
        return parsed

    def _take_call(self, now: float) -> None:
        """Do with a call that no step awaits what the story says."""
        call = self.handset.current_call()
        step = None if self.over else self.story.steps[self._at]
        if call is None or call.outgoing or call.state is not CallEvent.INCOMING:
            return
        if step is None or step.do is not Do.RING:
            self._take(self.story.calls, call.id, now)

    def _take(self, how: Calls, call_id: str, now: float) -> None:
        if how is not Calls.RING and not self._stepping(call_id):
            action = CallUpAction.ANSWER if how is Calls.ANSWER else CallUpAction.REJECT
            self.handset.step(action, call_id, now)

    def _stepping(self, call_id: str) -> bool:
        frames = (request.frame for request in self.handset.requests.values())
        return any(getattr(frame, "id", "") == call_id for frame in frames)

    # ---- seeing

    def _seen(self, step: Step, now: float, *, on: bool) -> bool | str | None:
        """Say whether the step is done; why it cannot be; None: not yet."""
        if step.do is Do.WAIT:
            return True if now >= self.next_at else None
        if step.do in (Do.OFF, Do.HANG_UP):
            return True
        if step.do is Do.ON:
            return True if on else None
        if step.do is Do.RECEIVE:
            return self._received(step)
        if step.do is Do.STAGE:
            barring = self.handset.barring
            return True if barring and barring.stage.name.lower() == step.expect else None
        if step.do is Do.RING:
            return self._rings(step, now)
        outcome = self._outcome
        if outcome is None:
            return None
        if step.do is Do.CALL and not outcome.refused:
            outcome = self._call_outcome(step, outcome)
        return None if outcome is None else judged(step, outcome)

    def _call_outcome(self, step: Step, outcome: Outcome) -> Outcome | None:
        call = self.handset.calls.get(outcome.why)
        if call is None:
            return None
        if call.state is CallEvent.ENDED:
            return Outcome(True, cause_of(call.cause), "the call ended")
        reached = (CallEvent.ANSWERED,) if step.expect == "answered" else _REACHED
        return Outcome(False) if call.state in reached else None

    def _received(self, step: Step) -> bool | None:
        sender = self.words["peer"] if step.sender == "{peer}" else step.sender
        for sms in self._unread:
            if (not sender or sms.source == sender) and re2.search(step.text, sms.text):
                self._unread.remove(sms)
                return True
        return None

    def _rings(self, step: Step, now: float) -> bool | None:
        call = self.handset.current_call()
        if call is None or call.outgoing:
            return None
        if call.state is CallEvent.INCOMING:
            self._take(Calls(step.expect), call.id, now)
        return True

    # ---- missing

    def _miss(self, step: Step, why: str) -> None:
        self.over = True
        self.next_at = _NEVER
        self.handset.forget(self._ref)
        self.missed = Missed(
            self.story.name,
            self._at + 1,
            str(step),
            mask_identities(why),
            near(step, self._unread, self.handset),
        )


_REACHED = (CallEvent.RINGING, CallEvent.ANSWERED)
