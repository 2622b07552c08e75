"""The narrated stories, compared with their golden transcripts.

`pytest tests/flows --update-golden` rewrites them: read the diff as a trainer would.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.steps import Story
from tests.flows.stories import STORIES
from tests.flows.telling import Telling

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
async def test_story(story: Story, request: pytest.FixtureRequest) -> None:
    transcript = await Telling(story).tell()
    golden = GOLDEN / f"{story.name}.txt"
    if request.config.getoption("--update-golden"):
        golden.write_text(transcript)
    assert transcript == golden.read_text(), f"see --update-golden, then git diff {golden}"


def test_every_golden_file_has_its_story() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {story.name for story in STORIES}


def test_no_identity_is_printed() -> None:
    for path in GOLDEN.glob("*.txt"):
        for word in path.read_text().replace("#", " ").split():
            assert not (word.isdigit() and len(word) == 16), f"{path.name}: {word}"
