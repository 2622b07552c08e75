"""Charts show their values, and stay within the drawing."""

import re
from xml.etree import ElementTree

import pytest

from handsets.load.charts import Axis, Line, bars, lines, nice_ticks, thinned, time_axis


def write(value: float) -> str:
    return f"{value:g}"


AXIS = time_axis([0, 1, 2], write)


def test_a_line_has_its_points_a_grid_and_what_hovering_says() -> None:
    drawn = lines(AXIS, [Line("p99", "c0", (1.0, 4.0, 2.0))], "Latency", write)
    tree = ElementTree.fromstring(drawn)
    (line,) = tree.findall("polyline")
    assert len(line.attrib["points"].split()) == 3
    assert "1\np99: 4" in [title.text for title in tree.iter("title")]
    assert [text.text for text in tree.findall("text")] == ["0", "1", "2", "3", "4", "0", "1", "2"]
    for number in re.findall(r"[\d.]+", line.attrib["points"]):
        assert 0 <= float(number) <= 560


def test_a_gap_parts_the_line_and_a_point_alone_is_seen() -> None:
    drawn = lines(AXIS, [Line("a", "c0", (1.0, None, 2.0))], "a", write)
    assert drawn.count("<polyline") == 2
    assert "a: -" in drawn


def test_several_lines_have_a_key() -> None:
    two = [Line("a <b>", "c0", (1.0, 1.0, 1.0)), Line("c", "c1", (None, None, None))]
    drawn = lines(AXIS, two, "two", write)
    assert '<ul class="key">' in drawn
    assert "a &lt;b&gt;" in drawn


def test_one_moment_can_be_drawn() -> None:
    assert "<polyline" in lines(time_axis([0], write), [Line("a", "c0", (0.0,))], "a", write)


@pytest.mark.parametrize(
    ("most", "ticks"),
    [(0, [0, 1]), (4, [0, 1, 2, 3, 4]), (95, [0, 25, 50, 75, 100]), (610, [0, 200, 400, 600, 800])],
)
def test_ticks_are_round_and_reach_the_top(most: float, ticks: list[float]) -> None:
    assert nice_ticks(most) == ticks


def test_many_points_are_thinned_by_their_highest() -> None:
    axis = Axis(tuple(map(float, range(1000))), (), tuple(map(str, range(1000))))
    values = tuple(float(at % 10) for at in range(1000))
    kept, (line,) = thinned(axis, [Line("a", "c0", values)])
    assert len(kept.places) <= 400
    assert max(value for value in line.values if value is not None) == 9.0


def test_a_time_axis_has_few_marks() -> None:
    assert len(time_axis(range(3600), write).marks) <= 9
    assert len(time_axis(range(30_000), write).marks) <= 9


def test_bars_have_their_counts() -> None:
    drawn = bars([("lost", 1_200), ("session broke: <reset>", 3)], "bad")
    assert drawn.count("<li") == 2
    assert "1,200" in drawn
    assert "session broke: &lt;reset&gt;" in drawn
    assert 'width:0.2%"' in drawn
    ElementTree.fromstring(bars([], "bad"))
