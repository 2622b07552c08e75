"""/metrics, as Prometheus's own parsers read it."""

from __future__ import annotations

from collections.abc import Iterable

import httpx
import pytest
from prometheus_client import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from .small_gateway import SmallGateway


async def samples(client: httpx.AsyncClient) -> dict[tuple[str, ...], float]:
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, *(f"{key}={value}" for key, value in sorted(sample.labels.items()))): (
            sample.value
        )
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_counters_and_gauges(client: httpx.AsyncClient, gateway: SmallGateway) -> None:
    found = await samples(client)
    assert found["smsc_binds_total", "account=qa"] == 3
    assert found["smsc_binds_refused_total", "account=qa"] == 1
    assert found["smsc_delivers_total", "account=other/bank"] == 0
    assert found["smsc_submits_total", "account=qa", "status=ESME_RTHROTTLED"] == 1
    assert found["smsc_sessions", "account=qa", "bind=receiver", "smsc=smpp"] == 1
    assert found["smsc_sessions", "account=other/bank", "bind=transceiver", "smsc=other"] == 1
    assert found["smsc_window_used", "account=qa"] == 2
    assert found["smsc_submits_waiting", "account=qa"] == 4
    assert found["gateway_events_waiting",] == 0
    assert found["gateway_stored", "what=records"] == 0
    assert found["gateway_link_up", "link=smpp"] == 1
    for what in ("messages", "call_records", "records"):
        assert found[f"gateway_{what}_deleted_total",] == 0
    assert found["gateway_store_size_bytes", "file=database"] == 0
    # A link that is not wanted is neither up nor down.
    assert ("gateway_link_up", "link=mqtt") not in found
    gateway.states["mqtt"] = "down"
    assert (await samples(client))["gateway_link_up", "link=mqtt"] == 0


async def test_openmetrics_on_demand(client: httpx.AsyncClient) -> None:
    accept = {"accept": "application/openmetrics-text; version=1.0.0"}
    answer = await client.get("/metrics", headers=accept)
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    families: Iterable[Metric] = openmetrics(answer.text)  # type: ignore[no-untyped-call]
    names = {family.name for family in families}
    assert {"smsc_submits", "smsc_sessions"} <= names


@pytest.mark.parametrize("name", ["smsc_", "gateway_"])
async def test_every_metric_is_explained(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get("/metrics")
    families = [
        one for one in text_string_to_metric_families(answer.text) if one.name.startswith(name)
    ]
    assert families
    assert all(one.documentation for one in families)
