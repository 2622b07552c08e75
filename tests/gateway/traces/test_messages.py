"""A message's trace, as a real collector gets it from a whole gateway."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from gateway.testing import PlainSimulator
from tests.gateway.traces.collector import Collector, attributes

SITI, BUDI = "6281290000001", "6285690000002"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector().running() as collector:
        yield collector


def traced(collector: Collector, ratio: float = 1.0) -> PlainSimulator:
    return PlainSimulator(
        f"telemetry.otlp_endpoint={collector.url}", f"telemetry.sample_ratio={ratio}"
    )


def by_name(spans: list[Span]) -> dict[str, Span]:
    return {span.name: span for span in spans}


def test_a_registration_from_its_sms_to_the_reply_on_the_phone(collector: Collector) -> None:
    with traced(collector) as sms:
        citizen = sms.citizen()
        sms.handset(SITI).sms("4444", f"REG {citizen.nik}#{citizen.kk}#")
        found = collector.spans(5)
    receive = by_name(found)["receive sms"]
    said = attributes(receive)
    assert said["messaging.system"] == "mqtt"
    assert said["messaging.destination.name"] == "4444"
    assert said["messaging.message.id"] == "1"
    assert said["gateway.source"] == SITI
    assert "registered" in str(said["gateway.why"])
    steps = [by_name(found)[name] for name in ("decide", "commit", "answer", "deliver sms")]
    assert {step.trace_id for step in steps} == {receive.trace_id}
    assert {step.parent_span_id for step in steps} == {receive.span_id}
    moments = [receive.start_time_unix_nano]
    for step in steps[:3]:
        moments += [step.start_time_unix_nano, step.end_time_unix_nano]
    assert moments == sorted(moments)
    delivery = attributes(steps[3])
    assert delivery["gateway.kind"] == "reply"
    assert delivery["gateway.state"] == "DELIVERED"
    assert collector.services == {"sms-gateway-simulator"}
    everything = " ".join(map(str, found))
    assert citizen.nik not in everything
    assert citizen.kk not in everything


def test_an_esme_s_message_that_is_refused_says_why(collector: Collector) -> None:
    with traced(collector) as sms:
        sms.esme("a2p").submit("BANK", "081199999999", "halo")
        found = collector.spans(4)
    said = attributes(by_name(found)["receive sms"])
    assert said["messaging.system"] == "smpp"
    assert said["gateway.account"] == "a2p"
    assert said["gateway.why"]


def test_a_message_that_is_barred_is_an_error(collector: Collector) -> None:
    with traced(collector) as sms:
        sms.handset(SITI)
        sms.clock.set("2018-03-20T08:00:00+07:00")
        sms.handset(SITI).sms(BUDI, "halo")
        found = collector.spans(4)
    receive = by_name(found)["receive sms"]
    assert receive.status.code == Status.STATUS_CODE_ERROR
    assert attributes(receive)["gateway.cause"] == receive.status.message


def test_nothing_is_traced_of_what_is_not_sampled(collector: Collector) -> None:
    with traced(collector, ratio=0.0) as sms:
        sms.handset(SITI).sms("4444", "HALO")
    assert collector.spans(0) == []
