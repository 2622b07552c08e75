"""The product's source files, as the architecture tests read them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("gateway", "handsets")


@cache
def modules() -> dict[str, Path]:
    """Give every module by its dotted name; a package by its `__init__.py`."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(module: str) -> ast.Module:
    """Parse a module."""
    return ast.parse(modules()[module].read_text())


def within(module: str, package: str) -> bool:
    """Whether a module is the package or lies in it."""
    return module == package or module.startswith(package + ".")


def imports(module: str) -> Iterator[tuple[int, str]]:
    """Give what a module imports, anywhere in it: line and dotted name, submodules by name."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: import by the full name"
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield node.lineno, name if name in modules() else str(node.module)


def place(module: str, line: int) -> str:
    """Name a place as an editor opens it."""
    return f"{modules()[module].relative_to(ROOT)}:{line}"
