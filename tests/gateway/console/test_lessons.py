"""The lessons' own files."""

from __future__ import annotations

import msgspec
import pytest

from gateway.config import PROFILES
from gateway.console.lessons import FOLDER, Lesson, SwitchFaults, lessons, read


def test_a_course_begins_with_the_formats() -> None:
    assert list(lessons())[:3] == ["formats", "mistakes", "barring"]
    assert len(lessons()) == len(list(FOLDER.glob("*.toml")))


@pytest.mark.parametrize("name", lessons())
def test_a_lesson_is_told_in_both_languages_and_names_its_source(name: str) -> None:
    lesson = lessons()[name]
    keys = {phone.key for phone in lesson.phones}
    assert "domain.md" in (FOLDER / f"{name}.toml").read_text().splitlines()[0]
    for words in (lesson.title, lesson.about):
        assert words.id
        assert words.en
    for step in lesson.steps:
        assert bool(step.say.id) == bool(step.say.en)
        assert getattr(step, "phone", lesson.phones[0].key) in keys
        if isinstance(step, SwitchFaults):
            assert step.profile in PROFILES


def test_what_is_no_lesson_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        read(b'title = { id = "x", en = "x" }\nabout = {}\nphones = []\nsteps = [{ do = "dance" }]')
    assert isinstance(read(b"title = {}\nabout = {}\nphones = []\nsteps = []"), Lesson)
