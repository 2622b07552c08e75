"""/metrics: what Prometheus scrapes; everything is read when it asks, nothing before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import resources

from fastapi import APIRouter, Request, Response
from msgspec import structs
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from gateway.console.view import LINK_OFF, LINK_UP, FromRequest, Gateway

router = APIRouter()

_COUNTED = (
    ("binds", "smsc_binds", "Binds that were accepted"),
    ("binds_refused", "smsc_binds_refused", "Binds that were refused"),
    ("delivers", "smsc_delivers", "deliver_sm, data_sm and alert_notification sent, repeats too"),
)


class _Reading(Collector):
    """Reads one gateway's counters."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def collect(self) -> Iterable[Metric]:
        """Give all metrics as they are now."""
        yield from self._accounts()
        yield from self._sessions()
        yield from self._network()

    def _accounts(self) -> Iterator[Metric]:
        accounts = self._gateway.smpp.accounts()
        for key, name, help_ in _COUNTED:
            family = CounterMetricFamily(name, help_, labels=("account",))
            for account, one in accounts.items():
                family.add_metric((account,), one.counters[key])
            yield family
        answered = CounterMetricFamily(
            "smsc_submits",
            "Requests of ESMEs (submit_sm and the like) by the status they were answered with",
            labels=("account", "status"),
        )
        for account, one in accounts.items():
            for status, times in one.statuses.items():
                answered.add_metric((account, status), times)
        yield answered

    def _sessions(self) -> Iterator[Metric]:
        bound: Counter[tuple[str, str, str]] = Counter()
        outstanding: Counter[str] = Counter(dict.fromkeys(self._gateway.smpp.accounts(), 0))
        unanswered = outstanding.copy()
        for view in self._gateway.smpp.sessions():
            one = structs.asdict(view)
            bound[one["smsc"], one["account"], one["bind"]] += 1
            outstanding[one["account"]] += one["outstanding"]
            unanswered[one["account"]] += one["unanswered"]
        sessions = GaugeMetricFamily(
            "smsc_sessions", "Sessions that are bound", labels=("smsc", "account", "bind")
        )
        for labels, many in bound.items():
            sessions.add_metric(labels, many)
        yield sessions
        for name, help_, counted in (
            ("smsc_window_used", "Requests to the ESME without an answer", outstanding),
            ("smsc_submits_waiting", "Requests of the ESME without an answer", unanswered),
        ):
            family = GaugeMetricFamily(name, help_, labels=("account",))
            for account, many in counted.items():
                family.add_metric((account,), many)
            yield family

    def _network(self) -> Iterator[Metric]:
        gateway = self._gateway
        yield GaugeMetricFamily(
            "gateway_events_waiting", "Events that are not decided yet", gateway.flow.waiting
        )
        stored = GaugeMetricFamily("gateway_stored", "What the store holds", labels=("what",))
        for what, many in gateway.store.numbers().items():
            stored.add_metric((what,), many)
        yield stored
        yield from self._kept()
        links = GaugeMetricFamily("gateway_link_up", "Whether a link is up", labels=("link",))
        for link, state in gateway.links().items():
            if state != LINK_OFF:
                links.add_metric((link,), state == LINK_UP)
        yield links
        yield from self._flow()

    def _kept(self) -> Iterator[Metric]:
        store = self._gateway.store
        gone = store.deleted
        yield CounterMetricFamily(
            "gateway_messages_deleted",
            "Messages that were deleted for their age, see [retention]",
            gone.messages,
        )
        yield CounterMetricFamily(
            "gateway_call_records_deleted",
            "Calls and data sessions that were deleted for their age, see [retention]",
            gone.call_records,
        )
        yield CounterMetricFamily(
            "gateway_records_deleted",
            "Records of the journal that were deleted for their age, see [retention]",
            gone.records,
        )
        size = GaugeMetricFamily(
            "gateway_store_size_bytes",
            "The store's files: the database and its write-ahead log; both stay 0 in memory",
            labels=("file",),
        )
        for file, octets in ({"database": 0, "log": 0} | store.size()).items():
            size.add_metric((file,), octets)
        yield size

    def _flow(self) -> Iterator[Metric]:
        gateway = self._gateway
        figures, now = gateway.flow.figures, gateway.clock.now()
        for name, help_, histogram in (
            ("gateway_batch_events", "Events that were decided together", figures.batch_events),
            ("gateway_commit_seconds", "What a batch's commit took", figures.commit_seconds),
            (
                "gateway_decision_seconds",
                "From an event's offer by its link until it was durable and answered",
                figures.decision_seconds,
            ),
        ):
            family = HistogramMetricFamily(name, help_)
            family.add_metric((), histogram.buckets(), histogram.sum)
            yield family
        waits = gateway.store.waits_longest()
        age = 0.0 if waits is None else max(0, now - waits.accepted_at) / 1000
        yield GaugeMetricFamily(
            "gateway_outbox_age_seconds",
            "How long the oldest message waits for its receiver, on the calendar",
            age,
        )
        yield GaugeMetricFamily(
            "gateway_calendar_timestamp_seconds", "The network's calendar", now / 1000
        )
        yield GaugeMetricFamily(
            "gateway_storing", "Whether the last batch could be stored", gateway.flow.storing
        )


def registry_of(gateway: Gateway) -> CollectorRegistry:
    """Make what `/metrics` reads."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Reading(gateway))
    ProcessCollector(registry=registry)
    return registry


DASHBOARD = resources.files("gateway.console") / "grafana.json"
"""The Grafana dashboard that shows these metrics."""


@router.get("/grafana.json", include_in_schema=False)
async def dashboard() -> Response:
    """The dashboard, to import into Grafana."""
    return Response(DASHBOARD.read_bytes(), media_type="application/json")


@router.get("/metrics", include_in_schema=False)
async def metrics(gateway: FromRequest, request: Request) -> Response:
    """Counters and gauges, in the format that the Accept header asks for."""
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(registry_of(gateway)), media_type=content_type)
