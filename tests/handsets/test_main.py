"""The commands as processes: piped scripts, signals."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process

import pytest

from gateway.air.topics import UpKind
from gateway.core.numbers import Msisdn
from handsets.place import Place
from tests.handsets.fake_gateway import DEADLINE, desk, fake_gateway
from tests.ports import free_port

# A test run in the background has SIGINT ignored, which a child inherits.
MAIN = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from handsets.__main__ import main
main()
"""


async def started(*words: str) -> Process:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        MAIN,
        *words,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env=environment,
    )


async def test_a_script_is_piped_into_a_phone(broker: Place, msisdn: Msisdn) -> None:
    async with fake_gateway(broker, desk) as gateway:
        phone = await started("phone", msisdn, "--mqtt", str(broker))
        async with asyncio.timeout(DEADLINE):
            out, err = await phone.communicate(b"sms 4444 REG\nstatus\nquit\n")
        await gateway.until(lambda: gateway.states() == ["online", "offline"])
    shown = out.decode().splitlines()
    assert (phone.returncode, err) == (0, b"")
    assert "comes on at the broker" in shown[0]
    assert "SMS to 4444: accepted" in shown


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_switches_the_phone_off(
    broker: Place, msisdn: Msisdn, sent: signal.Signals
) -> None:
    async with fake_gateway(broker) as gateway:
        phone = await started("phone", msisdn, "--mqtt", str(broker))
        await gateway.until(lambda: gateway.states() == ["online"])
        phone.send_signal(sent)
        async with asyncio.timeout(DEADLINE):
            assert await phone.wait() == 0
        await gateway.until(lambda: gateway.states() == ["online", "offline"])
        assert phone.stderr is not None
        assert await phone.stderr.read() == b""


async def test_a_signal_ends_an_errand_and_the_phone_says_goodbye(
    broker: Place, msisdn: Msisdn
) -> None:
    async with fake_gateway(broker) as gateway:
        words = ("sms", "--from", msisdn, "--to", "4444", "REG", "--mqtt", str(broker))
        errand = await started(*words)
        await gateway.until(lambda: bool(gateway.frames(UpKind.SMS)))
        errand.send_signal(signal.SIGTERM)
        async with asyncio.timeout(DEADLINE):
            out, err = await errand.communicate()
        await gateway.until(lambda: gateway.states() == ["online", "offline"])
    assert (errand.returncode, out, err) == (130, b"", b"")


async def test_a_phone_without_a_broker_exits_1(msisdn: Msisdn) -> None:
    phone = await started("phone", msisdn, "--mqtt", f"127.0.0.1:{free_port()}")
    async with asyncio.timeout(DEADLINE):
        _, err = await phone.communicate(b"")
    assert phone.returncode == 1
    assert err.startswith(b"handsets: no MQTT broker takes the phone")
