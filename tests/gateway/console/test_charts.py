from __future__ import annotations

from xml.etree import ElementTree

from gateway.console.charts import WIDE, Series, across, parts_across, upwards


def bars(svg: str) -> list[float]:
    """Give the widths of a drawing's bars; it must be well-formed XML."""
    return [float(rect.attrib["width"]) for rect in ElementTree.fromstring(svg).iter("rect")]


def texts(svg: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(svg).iter("text")]


def test_bars_are_as_long_as_their_counts() -> None:
    svg = across(["a", "b", "none"], [10, 5, 0], "Letters & more")
    long, short = bars(svg)
    assert abs(long / short - 2) < 0.01
    assert texts(svg) == ["a", "10", "b", "5", "none", "0"]
    assert ElementTree.fromstring(svg).attrib["aria-label"] == "Letters & more"


def test_a_hidden_count_is_no_bar() -> None:
    svg = across(["a", "b"], [10, None], "")
    assert len(bars(svg)) == 1
    assert texts(svg)[-1] == "hidden"


def test_parts_lie_side_by_side() -> None:
    series = (Series("in", "c0", (10, None)), Series("out", "good", (30, 8)))
    svg = parts_across(["<a>", "b"], series, "", WIDE)
    first, second, third = bars(svg)
    assert abs(second / first - 3) < 0.01
    assert third < second
    assert texts(svg) == ["<a>", "40", "b", "8 +"]
    titles = [title.text for title in ElementTree.fromstring(svg).iter("title")]
    assert titles == ["<a>: in 10", "<a>: out 30", "b: out 8"]


def test_bars_up_and_nothing_at_all() -> None:
    svg = upwards(["00", "01", "02"], [4, None, 0], "")
    assert texts(svg) == ["4", "00", "?", "01", "02"]
    assert len(bars(svg)) == 1
    assert bars(upwards([], [], "")) == bars(across([], [], "")) == []
