"""Every module is on the map: the docstring of its package says what it is for."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.sources import modules, tree


def packages() -> list[str]:
    return [module for module, path in modules().items() if path.name == "__init__.py"]


def docstring(module: str) -> str:
    return ast.get_docstring(tree(module)) or ""


@pytest.mark.parametrize("package", packages())
def test_a_package_names_its_modules(package: str) -> None:
    held = {
        module.rpartition(".")[2]
        for module in modules()
        if module.rpartition(".")[0] == package and not module.endswith(".__main__")
    }
    words = set(re.findall(r"\w+", docstring(package)))
    missing = sorted(held - words)
    assert not missing, f"say in the docstring of {package} what these are for: {missing}"


@pytest.mark.parametrize("package", packages())
def test_a_map_shows_nothing_that_is_gone(package: str) -> None:
    named = set(re.findall(r"(\w+)\.py\b", docstring(package)))
    known = {module.rpartition(".")[2] for module in modules()}
    assert named <= known, f"the docstring of {package} names {sorted(named - known)}"


@pytest.mark.parametrize("module", [one for one in modules() if not one.endswith("__main__")])
def test_a_module_says_in_one_line_what_it_is_for(module: str) -> None:
    first = docstring(module).partition("\n")[0]
    assert first.endswith((".", ":")), f"{module}: begin with one sentence"
    assert len(first) <= 100
