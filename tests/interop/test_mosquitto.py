"""The handsets' link on mosquitto, with passwords and an access list as a site would have."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
from structlog.testing import capture_logs

from gateway.air.frames import (
    AckUp,
    BarringDown,
    PhoneState,
    ResultDown,
    ResultStatus,
    SmsDown,
    SmsUp,
    StateUp,
)
from gateway.core.events import Acknowledged, Presence
from gateway.links import mqtt_probe
from tests.gateway.links.air_network import (
    BUDI,
    CITIZEN,
    SITI,
    FlowDouble,
    air_network,
    make_courier,
    make_link,
    running,
)
from tests.gateway.links.air_phones import DEADLINE_S, Place, air_phone, eventually
from tests.ports import free_port

MOSQUITTO = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
PASSWD = shutil.which("mosquitto_passwd") or "/usr/bin/mosquitto_passwd"

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(
        not (Path(MOSQUITTO).exists() and Path(PASSWD).exists()),
        reason="needs mosquitto (apt-get install mosquitto)",
    ),
]

GATEWAY = {"username": "gateway", "password": "g"}
REGISTER = f"REG {CITIZEN.nik.digits}#{CITIZEN.kk.digits}#"
ON = StateUp(PhoneState.ONLINE)

# The patterns say %u, the user's name, which is the number; never %c: any user could take
# another's client id.
ACCESS = """\
user gateway
topic read handsets/+/up/#
topic write handsets/+/down/#
topic readwrite gateway/probe/#

pattern write handsets/%u/up/#
pattern read handsets/%u/down/#
"""


def login(msisdn: str) -> dict[str, Any]:
    return {"username": msisdn, "password": "p"}


class Mosquitto:
    """One broker process with its files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.place: Place = ("127.0.0.1", free_port())
        self._conf = folder / "mosquitto.conf"
        self.access = folder / "access"
        self.access.write_text(ACCESS)
        passwords = folder / "passwords"
        passwords.write_text(f"gateway:g\n{SITI}:p\n{BUDI}:p\n")
        subprocess.run([PASSWD, "-U", str(passwords)], check=True, timeout=DEADLINE_S)
        for path in (passwords, self.access, folder):
            path.chmod(0o755)
        self._conf.write_text(
            f"listener {self.place[1]} 127.0.0.1\nallow_anonymous false\n"
            f"password_file {passwords}\nacl_file {self.access}\n"
            f"persistence true\npersistence_location {folder}/\nuser root\n"
            "set_tcp_nodelay true\nmax_inflight_messages 100\n"
            "log_dest stderr\nlog_type information\n"
        )
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            MOSQUITTO, "-c", str(self._conf), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        assert self._process.stderr is not None
        async with asyncio.timeout(DEADLINE_S):
            said = await self._process.stderr.readuntil(b" running\n")
        assert b"mosquitto version" in said

    async def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            await asyncio.wait_for(self._process.wait(), DEADLINE_S)


@pytest.fixture
async def mosquitto(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    broker = Mosquitto(tmp_path)
    await broker.start()
    yield broker
    await broker.stop()


@pytest.mark.parametrize("qos", [0, 1])
async def test_a_phone_registers(mosquitto: Mosquitto, qos: int) -> None:
    place = mosquitto.place
    with capture_logs() as logs:
        async with (
            air_network(place, qos=qos, login=GATEWAY) as net,
            air_phone(place, SITI, qos=qos, **login(SITI)) as phone,
        ):
            await phone.send(ON, retain=True)
            await phone.got(BarringDown)
            await phone.send(SmsUp("a1", "4444", REGISTER))
            result = await phone.got(ResultDown)
            reply = await phone.got(SmsDown)
            await phone.send(AckUp(reply.id))
            await net.committed(Acknowledged(SITI, (int(reply.id),)))
            await eventually(lambda: net.link.round_trip is not None)
    assert result.status is ResultStatus.ACCEPTED
    assert [line["event"] for line in logs] == ["mqtt: the broker is there"]


async def test_a_message_survives_a_restart_of_the_broker(mosquitto: Mosquitto) -> None:
    place = mosquitto.place
    async with air_network(place, login=GATEWAY) as net:
        async with air_phone(place, SITI, **login(SITI)) as siti:
            await siti.send(ON, retain=True)
            await siti.got(BarringDown)
            await siti.send(StateUp(PhoneState.OFFLINE), retain=True)
            await net.committed(Presence(SITI, online=False))
        async with air_phone(place, BUDI, **login(BUDI)) as budi:
            await budi.send(SmsUp("b1", SITI, "Halo"))
            await budi.got(ResultDown)
        await mosquitto.stop()
        await eventually(lambda: not net.link.connected)
        await mosquitto.start()
        await eventually(lambda: net.link.connected)
        async with air_phone(place, SITI, **login(SITI)) as siti:
            await siti.send(ON, retain=True)
            assert (await siti.got(SmsDown)).text == "Halo"


async def test_a_wrong_password_is_told_once_and_tried_again(mosquitto: Mosquitto) -> None:
    link = make_link(
        mosquitto.place, FlowDouble().as_flow(), make_courier(), username="gateway", password="x"
    )
    with capture_logs() as logs:
        async with running(link, ready=False):
            await eventually(lambda: bool(logs))
            assert not link.ready.is_set()
    assert "this user may not connect" in logs[0]["why"]


async def test_a_probe_that_is_refused_does_not_keep_phones_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # mosquitto grants any subscription and delivers nothing to it.
    monkeypatch.setattr(mqtt_probe, "_PROBE_S", 0.2)
    broker = Mosquitto(tmp_path)
    broker.access.write_text(ACCESS.replace("topic readwrite gateway/probe/#\n", ""))
    await broker.start()
    try:
        with capture_logs() as logs:
            async with air_network(broker.place, login=GATEWAY) as net:
                async with air_phone(broker.place, SITI, **login(SITI)) as phone:
                    await phone.send(SmsUp("a1", "4444", "INFO"))
                    await phone.got(ResultDown)
                await eventually(lambda: len(logs) > 1)
                assert net.link.connected
    finally:
        await broker.stop()
    assert "read handsets/+/up/# and gateway/probe/#" in logs[1]["event"]


async def test_no_phone_speaks_for_another(mosquitto: Mosquitto) -> None:
    place = mosquitto.place
    async with (
        air_network(place, login=GATEWAY) as net,
        aiomqtt.Client(*place, identifier=SITI, **login(BUDI)) as thief,
        air_phone(place, SITI, **login(SITI)) as siti,
    ):
        await thief.publish(f"handsets/{SITI}/up/sms", b'{"ref":"x","to":"4444","text":"INFO"}')
        await thief.publish(f"handsets/{BUDI}/up/state", b'{"state":"online"}')
        await net.committed(Presence(BUDI, online=True))
        await siti.send(SmsUp("a1", "4444", "INFO"))
        await siti.got(ResultDown)
        assert [result.ref for result in siti.all_of(ResultDown)] == ["a1"]
        await asyncio.wait_for(net.link.flushed(), DEADLINE_S)
