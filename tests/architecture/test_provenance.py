"""Every text, format, date and code says where it comes from, or that it is invented."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from gateway.config import PROFILES, Config
from gateway.core import ageing, barring, causes, numbers
from gateway.core.registration import families, records, regions
from gateway.core.registration.catalogue import CATALOGUE, Provenance, Reply
from gateway.core.registration.profiles import (
    DEFAULT_PROFILES,
    FALLBACK_PROFILE,
    OperatorProfile,
)
from gateway.smpp.receipt_presets import PRESETS
from tests.architecture.sources import modules, place, tree

ROOT = Path(__file__).parents[2]
CONFIG = (ROOT / "config.toml").read_text(encoding="utf-8")
SOURCE = re.compile(r"\[S\d+\]")
SAYS = re.compile(r"domain\.md|\[S\d+\]|invented|unconfirmed|inferred|project brief|SMPP 3\.4")
OPERATORS = [*DEFAULT_PROFILES, FALLBACK_PROFILE]


@pytest.mark.parametrize(
    "reply", CATALOGUE, ids=lambda reply: f"{reply.code.name}-{reply.operator}"
)
def test_a_text_is_invented_or_names_who_reported_it(reply: Reply) -> None:
    if reply.provenance is Provenance.INVENTED:
        assert reply.source
    else:
        assert "domain.md" in reply.source
        assert SOURCE.search(reply.source)


@pytest.mark.parametrize("profile", OPERATORS, ids=lambda profile: profile.name)
def test_a_format_names_its_source(profile: OperatorProfile) -> None:
    assert SAYS.search(profile.provenance)
    for row in (profile.new_number, profile.old_number, profile.check, profile.unregister):
        assert "domain.md" in row.source
        assert SOURCE.search(row.source)


def test_a_schedule_names_its_source() -> None:
    assert all(SAYS.search(schedule.source) for schedule in ageing.SCHEDULES.values())


def test_fault_profiles_and_receipt_presets_name_theirs() -> None:
    assert all(SAYS.search(profile.provenance) for profile in PROFILES.values())
    assert all(preset.source for preset in PRESETS.values())


def test_a_changed_format_is_the_configurations_own() -> None:
    row = Config().operators["tri"]
    assert SAYS.search(row.provenance)


@pytest.mark.parametrize("module", [barring, causes, families, numbers, records, regions])
def test_a_table_of_facts_stands_in_a_module_that_says_from_where(module: object) -> None:
    text = Path(str(getattr(module, "__file__", ""))).read_text(encoding="utf-8")
    assert "domain.md" in text


# ---- config.toml: what stands above a date says what it is

DATED = re.compile(r"#?(\w+) = .*\b20\d\d-\d\d")
# The calendar's own start, which the user sets, and examples of keys that take any date.
FREE = {"now", "active_from", "active_until"}


def dated() -> list[tuple[str, str]]:
    """List the keys with a date, each with the prose that explains it: the comment above it."""
    found = []
    prose: list[str] = []
    before = ""
    for line in CONFIG.splitlines():
        if line.startswith("# "):
            if not before.startswith("# "):
                prose = []
            prose.append(line)
        match = DATED.match(line)
        if match is not None and match[1] not in FREE:
            found.append((match[1], "\n".join(prose)))
        before = line
    return found


@pytest.mark.parametrize(("key", "prose"), dated(), ids=[key for key, _ in dated()])
def test_a_date_of_the_configuration_says_what_it_is_from(key: str, prose: str) -> None:
    assert SAYS.search(prose), f"{key}: say above it where its date is from, or that it is invented"


# ---- no text to subscribers stands outside the catalogue

# Words of every reply; names of people and places have none of them.
INDONESIAN = re.compile(r"\b(Maaf|Anda|Terima kasih|Selamat|Mohon|Silakan|terdaftar)\b")
# The examples of a document, and what a test team sends in them.
EXAMPLES = {"gateway.cli_smpp", "gateway.console.answers"}
CATALOGUES = {"gateway.core.registration.catalogue"}


def test_texts_to_subscribers_stand_in_a_catalogue() -> None:
    wrong = [
        f"{place(module, node.lineno)}: {node.value[:60]!r}"
        for module in modules()
        if module not in EXAMPLES | CATALOGUES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and INDONESIAN.search(node.value)
    ]
    assert not wrong, "\n".join(wrong)
