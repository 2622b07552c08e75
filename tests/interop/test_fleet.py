"""A thousand phones of one process on mosquitto, at a whole gateway."""

import asyncio
import json
from pathlib import Path

import pytest

from gateway.testing import Simulator
from handsets.cli import run
from handsets.outcome import Exit
from tests.interop.mosquitto import mosquitto

pytestmark = [pytest.mark.interop, pytest.mark.timeout(120)]

SCENARIO = """
phones = 1000
arrival = 5.0
[[stories]]
name = "registers"
steps = [
  { do = "sms", to = "4444", text = "{reg}", within = 30.0 },
  { do = "receive", from = "4444", text = "(?i)selamat|berhasil|sukses", within = 30.0 },
  { do = "off" },
  { do = "on", within = 30.0 },
]
"""


@pytest.mark.parametrize("more", [[], ["--shared", "4", "--qos", "1"]], ids=["own", "shared"])
async def test_a_thousand_phones_register(
    tmp_path: Path, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SCENARIO)
    with mosquitto(tmp_path) as port:
        settings = ("smpp.port=0", 'mqtt.broker="external"', f"mqtt.port={port}")
        async with Simulator(*settings):
            words = ["fleet", str(path), "--mqtt", f"127.0.0.1:{port}", "--json", *more]
            code = await asyncio.to_thread(run, [*words, "--timeout", "90"])
    # The gateway, in this process too, logs there.
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["failing"] == []
    assert [story["kept"] for story in result["stories"]] == [1000]
    assert code == Exit.DONE
