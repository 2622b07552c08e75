"""`gateway lint` tells a bad client from a good one, both on real connections."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.smpp import pdu
from tests.interop.commands import run
from tests.interop.esme import bound
from tests.interop.esme import submit as send
from tests.interop.raw_esme import RawEsme, submit
from tests.interop.serving import Served, address

pytestmark = [pytest.mark.interop, pytest.mark.timeout(120)]


def rules(report: dict[str, Any], account: str) -> set[str]:
    (one,) = [one for one in report["accounts"] if one["account"] == account]
    return {finding["rule"] for finding in one["findings"]}


def test_a_good_client_and_a_bad_one(tmp_path: Path) -> None:
    with Served(tmp_path) as served:
        ready = served.ready()
        port, api = ready["smpp"]["port"], f"http://{address(ready['http'])}"
        with bound(port, "a2p", []) as good:
            send(good, "6281290000009", "6281290000001", "halo")
        for number in range(3):
            bad = RawEsme("127.0.0.1", port)
            bad.bind()
            text = "Selamat datang".encode("utf-16-le") + bytes(number % 2)
            bad.send(
                pdu.SubmitSm(
                    1,
                    source_addr_ton=2,
                    source_addr_npi=1,
                    source_addr="6281290000001",
                    dest_addr_ton=1,
                    dest_addr_npi=1,
                    destination_addr="+6281290000002",
                    data_coding=8,
                    short_message=text,
                    tlvs=(pdu.Tlv(0x1401, b"x"),),
                )
            )
            while not isinstance(bad.receive(), pdu.SubmitSmResp):
                pass
            bad.socket.close()
        done = run("gateway", "lint", "--api", api, "--json")
        report = json.loads(done.out)
        assert done.code == 5
        assert {
            "bind_per_message",
            "no_unbind",
            "ucs2_little_endian",
            "ucs2_odd",
            "international_as_national",
            "plus_sign",
            "tlv_vendor",
            "sequence_not_rising",
        } <= rules(report, "qa")
        assert rules(report, "a2p") <= {"international_as_unknown"}
        good_only = run("gateway", "lint", "--api", api, "--account", "a2p", "--fail-on", "warning")
        assert good_only.code == 0
        words = run("gateway", "lint", "--api", api, "--account", "qa").out
        assert "remedy: encode as UTF-16BE" in words
        assert served.stop() == 0


def test_no_identity_reaches_the_pdu_log_or_the_lint(tmp_path: Path) -> None:
    accounts = 'smpp.accounts=[{system_id="qa",password="qa",pdu_log=true}]'
    with Served(tmp_path, accounts) as served:
        port = served.ready()["smpp"]["port"]
        esme = RawEsme("127.0.0.1", port)
        esme.bind()
        esme.send(submit(1))
        while not isinstance(esme.receive(), pdu.SubmitSmResp):
            pass
        esme.socket.close()
        assert served.stop() == 0
    told = "".join(served.errors)
    assert "submit_sm 11" in told
    assert "3201********" in told
    assert "3201060401130027" not in told
