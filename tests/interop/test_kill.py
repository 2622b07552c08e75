"""kill -9 under load: what was acknowledged is there, and its reply comes exactly once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.smpp import pdu
from tests.interop.raw_esme import RawEsme, submit
from tests.interop.serving import Served

pytestmark = [pytest.mark.interop, pytest.mark.timeout(120)]

SUBMITS = 500


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    acknowledged: dict[str, str] = {}
    replied: dict[str, list[str]] = {}
    sets = ('registry.mode="accept"',)
    with Served(tmp_path, *sets) as served:
        ready = served.ready()
        esme = RawEsme(ready["smpp"]["host"], ready["smpp"]["port"])
        esme.bind()
        esme.send(*(submit(number) for number in range(SUBMITS)))
        # Kill in the middle: after a part of the responses, with the rest in flight. No reply is
        # acknowledged, so each of them must come again.
        for _ in range(40):
            _note(esme.receive(), acknowledged, {})
        served.kill()
        try:
            while True:
                _note(esme.receive(), acknowledged, {})
        except (OSError, EOFError):
            pass
        esme.socket.close()
    assert acknowledged

    with Served(tmp_path, *sets) as served:
        ready = served.ready()
        with httpx.Client(base_url=f"http://127.0.0.1:{ready['http']['port']}") as api:
            for source in acknowledged:
                found = api.get(f"/api/v1/subscribers/{source}").json()
                assert found["status"] == "registered", (source, found)
        esme = RawEsme(ready["smpp"]["host"], ready["smpp"]["port"])
        esme.bind()
        while len(replied.keys() & acknowledged.keys()) < len(acknowledged):
            received = esme.receive()
            _note(received, {}, replied)
            if isinstance(received, pdu.DeliverSm):
                esme.send(pdu.DeliverSmResp(sequence_number=received.sequence_number))
        assert all(len(texts) == 1 for texts in replied.values())
        esme.socket.close()
        assert served.stop() == 0

    # A third start: every reply was acknowledged, so none comes again.
    with Served(tmp_path, *sets) as served:
        ready = served.ready()
        with httpx.Client(base_url=f"http://127.0.0.1:{ready['http']['port']}") as api:
            health = api.get("/api/v1/health").json()
            assert health["store"]["pending"] == 0
        assert served.stop() == 0


def _note(received: Any, acknowledged: dict[str, str], replied: dict[str, list[str]]) -> None:
    match received:
        case pdu.SubmitSmResp(command_status=0):
            source = f"62812{received.sequence_number - 10:07d}"
            acknowledged[source] = received.message_id
        case pdu.DeliverSm():
            text = received.short_message.decode("ascii")
            replied.setdefault(received.destination_addr, []).append(text)
        case _:
            pass
