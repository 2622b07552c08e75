"""The corpus: one file a target, one row an input, named so that a reader knows what it is.

`corpus/TARGET.txt` holds `name = hex` (blanks between octets are free); a `#` starts a comment.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"


def rows(target: str) -> dict[str, bytes]:
    """Give the inputs of a target's corpus by name."""
    found: dict[str, bytes] = {}
    for number, line in enumerate((FOLDER / f"{target}.txt").read_text().splitlines(), 1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        name, equals, octets = text.partition("=")
        place = f"corpus/{target}.txt:{number}"
        assert equals, f"{place}: write name = hex"
        assert name.strip() not in found, f"{place}: {name.strip()} is there already"
        found[name.strip()] = bytes.fromhex(octets)
    return found
