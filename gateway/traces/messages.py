"""Traces of sampled messages: receive with decide, commit and answer in it; deliver when it ends.

Names of attributes are those of OpenTelemetry's semantic conventions for messaging where they have
one; the others begin with `gateway.`. Texts are not among them; NIK and KK in `why` are masked.
"""

from __future__ import annotations

import random
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from msgspec import Struct
from opentelemetry.context import Context
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer, set_span_in_context
from opentelemetry.util.types import AttributeValue

from gateway.clock import monotonic, wall
from gateway.core.decision import Accepted, AcceptedFor, Answer, Denied, MessagesEnded, Record
from gateway.core.events import Esme, Event, MoSms, MtSms, MultiSms
from gateway.core.message import Message, MessageState
from gateway.core.numbers import mask_identities
from gateway.core.stored import stored
from gateway.flow import Batch

# Sampled messages whose end is waited for; beyond it the oldest have no span of their delivery.
DELIVERIES_MOST: Final = 10_000

_SMS: Final = frozenset({MoSms, MtSms, MultiSms})
Attributes = dict[str, AttributeValue]


class _Delivery(Struct, frozen=True):
    """A message of a sampled trace that is on its way since `began`, in nanoseconds."""

    context: Context
    began: int
    attributes: Attributes


class MessageTraces:
    """Makes spans of batches; `chance` draws from 0 to 1 for each message."""

    def __init__(
        self, tracer: Tracer, ratio: float, chance: Callable[[], float] = random.random
    ) -> None:
        self._tracer = tracer
        self._ratio = ratio
        self._chance = chance
        self._deliveries: OrderedDict[int, _Delivery] = OrderedDict()

    def note(self, batch: Batch) -> None:
        """Trace the messages of a batch that was committed and answered."""
        times = _Times(batch)
        place = 0
        for offer in batch.offers:
            received = times.of(offer.at)
            for _ in offer.events:
                record = batch.records[place]
                place += 1
                if type(record.event) in _SMS and self._chance() < self._ratio:
                    self._received(record, received, times, len(batch.records))
                if self._deliveries:
                    self._ended(record, times.committed)

    def _received(self, record: Record, received: int, times: _Times, size: int) -> None:
        attributes = _attributes(record)
        root = self._tracer.start_span(
            "receive sms", kind=SpanKind.CONSUMER, attributes=attributes, start_time=received
        )
        context = set_span_in_context(root)
        steps: tuple[tuple[str, int, int, Attributes], ...] = (
            ("decide", times.began, times.decided, {"messaging.batch.message_count": size}),
            ("commit", times.decided, times.committed, {"messaging.batch.message_count": size}),
            ("answer", times.committed, times.answered, {}),
        )
        for name, start, end, more in steps:
            span = self._tracer.start_span(name, context, attributes=more, start_time=start)
            span.end(end)
        answer = record.answer
        if type(answer) is Denied:
            root.set_status(Status(StatusCode.ERROR, answer.cause.value))
        root.end(times.answered)
        for message in stored(record):
            if message.state is MessageState.ENROUTE:
                self._deliveries[message.id] = _Delivery(context, times.committed, _sent(message))
                if len(self._deliveries) > DELIVERIES_MOST:
                    self._deliveries.popitem(last=False)

    def _ended(self, record: Record, at: int) -> None:
        for change in record.changes:
            if type(change) is not MessagesEnded:
                continue
            for id_ in change.ids:
                delivery = self._deliveries.pop(id_, None)
                if delivery is None:
                    continue
                span = self._tracer.start_span(
                    "deliver sms",
                    delivery.context,
                    kind=SpanKind.PRODUCER,
                    attributes={
                        **delivery.attributes,
                        "gateway.state": change.state.value,
                        "gateway.why": mask_identities(record.why),
                    },
                    start_time=delivery.began,
                )
                if change.state is not MessageState.DELIVERED:
                    span.set_attribute("error.type", change.state.value)
                    span.set_status(Status(StatusCode.ERROR, change.state.value))
                span.end(at)


class _Times:
    """The moments of a batch in nanoseconds since 1970: steady times, moved to the real time."""

    def __init__(self, batch: Batch) -> None:
        self._offset = wall() - monotonic()
        self.began = self.of(batch.began)
        self.decided = self.of(batch.decided)
        self.committed = self.of(batch.committed)
        self.answered = self.of(batch.answered)

    def of(self, steady: float) -> int:
        """Move one."""
        return round((steady + self._offset) * 1e9)


def _attributes(record: Record) -> Attributes:
    event, answer = record.event, record.answer
    attributes: Attributes = {
        "messaging.operation.name": "receive",
        "messaging.operation.type": "receive",
        "gateway.seq": record.seq,
        "gateway.event": type(event).__name__,
        "gateway.why": mask_identities(record.why),
        **_origin(event),
    }
    id_ = _id(answer)
    if id_:
        attributes["messaging.message.id"] = str(id_)
    if type(answer) is Denied:
        attributes["gateway.cause"] = attributes["error.type"] = answer.cause.value
    return attributes


def _id(answer: Answer) -> int:
    return answer.id if isinstance(answer, Accepted | AcceptedFor) else 0


def _origin(event: Event) -> Attributes:
    """Say by which protocol a message came, from whom and for whom."""
    if not isinstance(event, MoSms | MtSms | MultiSms):
        return {}
    source = event.sender if isinstance(event, MoSms) else event.source
    to = ",".join(one for one, _ in event.to) if isinstance(event, MultiSms) else event.to
    attributes: Attributes = {"messaging.destination.name": to, "gateway.source": source}
    if isinstance(event.via, Esme):
        attributes |= {
            "messaging.system": "smpp",
            "gateway.account": event.via.account,
            "gateway.session": event.via.session,
        }
    else:
        attributes["messaging.system"] = "mqtt"
    return attributes


def _sent(message: Message) -> Attributes:
    return {
        "messaging.system": "smpp" if message.account else "mqtt",
        "messaging.operation.name": "deliver",
        "messaging.operation.type": "send",
        "messaging.message.id": str(message.id),
        "messaging.destination.name": message.destination,
        "gateway.source": message.source,
        "gateway.kind": message.kind.value,
        **({"gateway.account": message.account} if message.account else {}),
    }
