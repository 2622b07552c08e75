from __future__ import annotations

import runpy
import sys

import pytest


def test_python_m_gateway_is_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["gateway", "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("gateway", run_name="__main__")
    assert ended.value.code == 0
    assert "check-config" in capsys.readouterr().out


def test_importing_it_does_nothing() -> None:
    runpy.run_module("gateway.__main__", run_name="gateway.imported")
