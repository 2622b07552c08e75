"""What is watched of all accounts: reports, switches, capture files."""

from __future__ import annotations

from pathlib import Path

from gateway.config import AccountConfig, SmppConfig
from gateway.links.smpp_watch import NOBODY, Watching
from gateway.smpp.lint.findings import AccountReport
from tests.gateway.links.esme import BIND_TRX, bind_body, c, pdu
from tests.gateway.links.watched import found, line_of


async def test_reports_are_of_one_account_or_of_all_and_can_begin_anew() -> None:
    line = line_of()
    await line.bind()
    line.peer.connection_lost(None)
    watching = line.watching
    reports = watching.lint()
    assert reports is not None
    assert [report.account for report in reports] == ["qa", "narrow", NOBODY]
    assert watching.lint("nobody-else") is None
    watching.forget("narrow")
    assert found(watching, "qa") == {"no_unbind": 1}
    watching.forget()
    assert found(watching, "qa") == {}
    seen: list[AccountReport] = watching.lint("qa") or []
    assert seen[0].seen.sessions == 0


async def test_without_lint_anywhere_nobodys_connections_have_none() -> None:
    line = line_of(accounts=(AccountConfig(system_id="qa", password="qa", lint=False),))
    await line.say(pdu(BIND_TRX, 1, bind_body("qa", "wrong")))
    await line.bind()
    line.peer.connection_lost(None)
    assert line.watching.lint() == []
    assert line.watching.pdus("stranger", 1) is None
    assert line.watching.logs_pdus("stranger") is None
    assert line.watching.logs_pdus("qa") is False


# ---- capture


async def test_a_capture_has_both_directions_and_the_end(tmp_path: Path) -> None:
    path = tmp_path / "smpp.pcap"
    line = line_of(pcap=str(path))
    line.watching.open()
    line.connect()
    await line.bind()
    line.peer.connection_lost(None)
    await line.watching.close()
    octets = path.read_bytes()
    assert octets.count(pdu(BIND_TRX, 1, bind_body("qa", "qa"))) == 1
    assert octets.count(c("SMSC4444")) == 1


async def test_each_smsc_may_have_a_capture_of_its_own(tmp_path: Path) -> None:
    first, second = str(tmp_path / "a.pcap"), str(tmp_path / "b.pcap")
    line = line_of(pcap=first)
    watching = Watching({}, line.parts.clock, [first, second, "", first])
    watching.open()
    for path in (first, second, ""):
        session = line.peer._session
        watching.tap(SmppConfig(pcap=path), session, None, None).sent(path.encode() or b"neither")
    await watching.close()
    assert (tmp_path / "b.pcap").read_bytes().count(second.encode()) == 1
    assert (tmp_path / "a.pcap").read_bytes().count(first.encode()) == 1
    assert (tmp_path / "a.pcap").read_bytes().count(b"neither") == 1
