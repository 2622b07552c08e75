"""Which phones are on, and the courier's hold on each of them."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.air.frames import encode
from gateway.air.mapping import sms_of
from gateway.air.topics import DownKind, down_topic
from gateway.clock import monotonic
from gateway.core.decision import Message
from gateway.core.events import Acknowledged, Presence
from gateway.core.numbers import Msisdn
from gateway.courier import PAUSES, Courier
from gateway.links.outbox import Outbox
from gateway.smpp.segmentation import octet_parts_of, parts_of

# Messages that a phone may have without acknowledging any.
WINDOW = 16

# Real seconds after which a message that the courier did not carry again has ended otherwise:
# its validity is over, or its receiver was barred.
_FORGOTTEN_S = 2 * PAUSES[-1]


class PhoneLane:
    """The courier's carrier to one phone: publishes messages, counts what is unacknowledged."""

    __slots__ = ("_outbox", "_topic", "_unacknowledged")

    def __init__(self, msisdn: Msisdn, outbox: Outbox) -> None:
        self._topic = down_topic(msisdn, DownKind.SMS)
        self._outbox = outbox
        self._unacknowledged: dict[int, float] = {}

    @property
    def repeats(self) -> bool:
        """Carry again what the phone did not acknowledge."""
        return True

    @property
    def picky(self) -> bool:
        """A phone takes all that is for its number."""
        return False

    def takes(self, destination: str) -> bool:
        """Whether it is for this phone: nothing else comes here."""
        return True

    def free(self) -> int:
        """Say how many more messages the phone may be sent now."""
        free = WINDOW - len(self._unacknowledged)
        if free <= 0:
            since = monotonic() - _FORGOTTEN_S
            self._unacknowledged = {
                id_: at for id_, at in self._unacknowledged.items() if at > since
            }
            free = WINDOW - len(self._unacknowledged)
        return free

    def carry(self, messages: Sequence[Message]) -> None:
        """Publish messages, the first time or again."""
        now = monotonic()
        busy = self._outbox.busy
        for message in messages:
            again = message.id in self._unacknowledged
            self._unacknowledged[message.id] = now
            if again and busy:
                continue
            self._outbox.put(self._topic, encode(sms_of(message, _parts(message))), repeated=True)

    def acknowledged(self, ids: Sequence[int]) -> None:
        """Note what the phone has."""
        for id_ in ids:
            self._unacknowledged.pop(id_, None)


class Phones:
    """The phones that said whether they are on; a lane for each that is.

    What a phone says counts from when it is offered to the flow (`comes`, `goes`), so that it
    is offered once; its lane opens when that is committed (`decided`).
    """

    def __init__(self, outbox: Outbox, courier: Courier) -> None:
        self._outbox = outbox
        self._courier = courier
        self._said: dict[Msisdn, bool] = {}
        # On when the broker was lost. It may have lost what it kept for them: their bars.
        self._to_be_told: set[Msisdn] = set()
        self._lanes: dict[Msisdn, PhoneLane] = {}
        self._connected = False

    def is_on(self, msisdn: Msisdn) -> bool:
        """Whether the phone said that it is on."""
        return self._said.get(msisdn, False)

    def comes(self, msisdn: Msisdn) -> bool:
        """Note that a phone is on; whether that is news."""
        news = self._said.get(msisdn) is not True or msisdn in self._to_be_told
        self._said[msisdn] = True
        self._to_be_told.discard(msisdn)
        return news

    def goes(self, msisdn: Msisdn) -> bool:
        """Note that a phone is off; whether that is news."""
        news = self._said.get(msisdn) is not False
        self._said[msisdn] = False
        self._to_be_told.discard(msisdn)
        return news

    def comes_back(self, msisdn: Msisdn) -> None:
        """A phone that is on says so again: it connected anew, so give it all it lacks."""
        if msisdn in self._lanes:
            self._open(msisdn)

    def decided(self, event: Presence) -> None:
        """A phone's coming or going is committed: open or close its lane."""
        if not event.online:
            self._lanes.pop(event.msisdn, None)
            self._courier.close(event.msisdn, 0)
        elif self.is_on(event.msisdn):
            self._open(event.msisdn)

    def refused(self, event: Presence) -> None:
        """The network does not know this phone: whatever it sends next is news again."""
        self._said.pop(event.msisdn, None)

    def acknowledged(self, event: Acknowledged) -> None:
        """The end of these messages is committed: the phone may get more."""
        msisdn = Msisdn(event.by)
        lane = self._lanes.get(msisdn)
        if lane is not None:
            lane.acknowledged(event.ids)
            self._courier.room(msisdn, 0)

    def connection_lost(self) -> None:
        """No phone can be reached; what they lack waits in the courier."""
        self._connected = False
        self._to_be_told.update(self._lanes)
        for msisdn in self._lanes:
            self._courier.close(msisdn, 0)

    def connection_made(self) -> None:
        """Phones can be reached: give those that were on what they lack."""
        self._connected = True
        for msisdn in tuple(self._lanes):
            self._open(msisdn)

    def _open(self, msisdn: Msisdn) -> None:
        lane = self._lanes[msisdn] = PhoneLane(msisdn, self._outbox)
        if self._connected:
            self._courier.open(msisdn, 0, lane)


def _parts(message: Message) -> int:
    """Say how many short messages it took: as its sender cut it, else as the network would."""
    if message.parts:
        return len(message.parts)
    body = message.body
    if body is None:
        return parts_of(message.text)
    return octet_parts_of(body.octets, body.data_coding, body.header)
