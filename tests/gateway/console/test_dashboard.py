"""The Grafana dashboard shows metrics that exist, and all of the gateway's own."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

# Words of PromQL and of Grafana that look like metrics.
_WORDS = re.compile(r"\b(?:gateway|smsc|process)_[a-z_]+\b")
_BRACKETS = {"(": ")", "[": "]", "{": "}"}


@pytest.fixture
async def dashboard(client: httpx.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get("/grafana.json")).json()
    return found


def queries(dashboard: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]


async def test_every_query_is_of_metrics_that_exist_and_all_are_shown(
    client: httpx.AsyncClient, dashboard: dict[str, Any]
) -> None:
    families = list(text_string_to_metric_families((await client.get("/metrics")).text))
    samples = {sample.name for family in families for sample in family.samples}
    samples |= {
        f"{family.name}{ending}"
        for family in families
        for ending in {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}.get(
            family.type, [""]
        )
    }
    asked = {word for query in queries(dashboard) for word in _WORDS.findall(query)}
    assert asked <= samples, asked - samples
    own = {family.name for family in families if not family.name.startswith("process")}
    shown = {name for name in own if any(word.startswith(name) for word in asked)}
    assert shown == own, own - shown


async def test_labels_that_are_asked_for_exist(
    client: httpx.AsyncClient, dashboard: dict[str, Any]
) -> None:
    text = (await client.get("/metrics")).text
    labels = {
        label
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        for label in sample.labels
    } | {"instance", "le"}
    for query in queries(dashboard):
        for group in re.findall(r"by \(([^)]*)\)", query):
            assert {one.strip() for one in group.split(",")} <= labels, query
        for name in re.findall(r"(\w+)=~", query):
            assert name in labels, query
    legends = [t["legendFormat"] for p in dashboard["panels"] for t in p.get("targets", [])]
    assert set(re.findall(r"{{(\w+)}}", "".join(legends))) <= labels


def test_queries_are_whole(dashboard: dict[str, Any]) -> None:
    for query in queries(dashboard):
        waiting: list[str] = []
        for letter in query:
            if letter in _BRACKETS:
                waiting.append(_BRACKETS[letter])
            elif letter in _BRACKETS.values():
                assert waiting.pop() == letter, query
        assert not waiting, query


def test_it_can_be_imported(dashboard: dict[str, Any]) -> None:
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    names = {one["name"] for one in dashboard["templating"]["list"]}
    used = set(re.findall(r"\$\{?([a-z]\w*)", json.dumps(panels)))
    assert used <= names, used - names
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells
        assert panel["title"]
        assert panel["type"] == "row" or panel["description"]
