"""The gateway's own capture file, read by tshark: over TCP, IPv6 and TLS, whole and in pieces."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import httpx
import pytest
import trustme

from gateway.smpp import codec, pdu
from gateway.smpp.codes import EsmClass
from gateway.smpp.segmentation import segments
from tests.interop.capture import WRONG
from tests.interop.raw_esme import RawEsme, submit
from tests.interop.serving import Served

pytestmark = [
    pytest.mark.interop,
    pytest.mark.timeout(120),
    pytest.mark.skipif(shutil.which("tshark") is None, reason="tshark is not installed"),
]


class Read:
    """A capture file as tshark sees it."""

    def __init__(self, path: Path, port: int) -> None:
        self._command = ["tshark", "-r", str(path), "-o", "tcp.check_checksum:TRUE"]
        self._command += ["-o", "ip.check_checksum:TRUE", "-d", f"tcp.port=={port},smpp"]

    def _run(self, *options: str) -> str:
        done = subprocess.run(
            [*self._command, *options], capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def fields(self, name: str, display: str = "smpp") -> list[str]:
        out = self._run("-T", "fields", "-e", name, "-Y", display)
        return [word for line in out.split("\n") for word in line.split(",") if word]

    def complaints(self) -> str:
        return self._run("-Y", WRONG, "-V")

    def trouble_of_tcp(self) -> str:
        """Give what the TCP dissector warns of: gaps, repeats, wrong checksums, resets."""
        return self._run(
            "-Y", "tcp.analysis.flags || tcp.checksum.status == 0 || tcp.flags.reset == 1"
        )


def in_two(esme: RawEsme, whole: bytes) -> None:
    """Send a PDU in two pieces, of which the gateway has read the first before the second goes."""
    esme.socket.sendall(codec.encode(pdu.EnquireLink(80)) + whole[:30])
    while not isinstance(esme.receive(), pdu.EnquireLinkResp):
        pass
    esme.socket.sendall(whole[30:])


def talk(esme: RawEsme) -> int:
    """Bind, send whole, in pieces and long; take what comes; unbind. Gives the count of submits."""
    esme.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    esme.bind()
    in_two(esme, codec.encode(submit(3)))
    esme.send(submit(1), submit(2))
    long = [
        pdu.SubmitSm(
            sequence_number=20 + number,
            source_addr_ton=1,
            source_addr_npi=1,
            source_addr="628120000001",
            destination_addr="4444",
            esm_class=EsmClass.UDHI,
            data_coding=one.data_coding,
            short_message=one.short_message,
        )
        for number, one in enumerate(segments("halo " * 60, 7))
    ]
    esme.send(*long)
    count, answers = 3 + len(long), 0
    while answers < count:
        came = esme.receive()
        if isinstance(came, pdu.SubmitSmResp):
            answers += 1
        elif isinstance(came, pdu.DeliverSm):
            esme.send(pdu.DeliverSmResp(came.sequence_number))
    esme.send(pdu.EnquireLink(90), pdu.Unbind(91))
    while not isinstance(came, pdu.UnbindResp):
        came = esme.receive()
    esme.socket.close()
    return count


def check(path: Path, port: int, submits: int, address: str, field: str = "ip.dst") -> Read:
    read = Read(path, port)
    assert read.complaints() == ""
    assert read.trouble_of_tcp() == ""
    commands = read.fields("smpp.command_id")
    assert commands.count("0x00000004") == commands.count("0x80000004") == submits
    assert {"0x00000009", "0x80000009", "0x00000006", "0x80000006", "0x00000005"} <= set(commands)
    assert set(read.fields(field, "smpp.command_id == 0x00000004")) == {address}
    assert set(read.fields("tcp.dstport", "smpp.command_id == 0x00000004")) == {str(port)}
    assert len(read.fields("frame.number", "tcp.flags.syn == 1 && tcp.flags.ack == 0")) == 1
    assert len(read.fields("frame.number", "tcp.flags.fin == 1")) == 2
    return read


def test_a_session_as_tshark_sees_it(tmp_path: Path) -> None:
    path, report = tmp_path / "smpp.pcap", tmp_path / "lint.json"
    with Served(tmp_path, extra=("--pcap", str(path), "--lint-report", str(report))) as served:
        port = served.ready()["smpp"]["port"]
        count = talk(RawEsme("127.0.0.1", port))
        assert served.stop() == 0
    read = check(path, port, count, "127.0.0.1")
    # The PDU that came in pieces lies over several packets, put together again.
    assert read.fields("tcp.segment.count", "smpp.command_id == 0x00000004")
    told = json.loads(report.read_text())
    (qa,) = [one for one in told["accounts"] if one["account"] == "qa"]
    assert qa["seen"]["messages"] == qa["seen"]["checked"] == count
    assert "no_unbind" not in [finding["rule"] for finding in qa["findings"]]
    warned = [line for line in served.errors if "clear text" in line]
    assert len(warned) == 1


def test_ipv6(tmp_path: Path) -> None:
    path = tmp_path / "smpp.pcap"
    with Served(tmp_path, 'smpp.host="::1"', f'smpp.pcap="{path}"') as served:
        port = served.ready()["smpp"]["port"]
        count = talk(RawEsme("::1", port))
        assert served.stop() == 0
    check(path, port, count, "::1", "ipv6.dst")


def test_tls_is_plaintext_in_it(tmp_path: Path) -> None:
    path, ca = tmp_path / "smpp.pcap", trustme.CA()
    certificate = tmp_path / "server.pem"
    ca.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(certificate))
    context = ssl.create_default_context()
    ca.configure_trust(context)
    sets = (f'smpp.tls.certificate="{certificate}"', "smpp.tls.port=0", f'smpp.pcap="{path}"')
    with Served(tmp_path, *sets) as served:
        port = served.ready()["smpp-tls"]["port"]
        esme = RawEsme("127.0.0.1", port)
        esme.socket = context.wrap_socket(esme.socket, server_hostname="127.0.0.1")
        count = talk(esme)
        assert served.stop() == 0
    check(path, port, count, "127.0.0.1")


def test_what_is_no_smpp_is_in_it_too(tmp_path: Path) -> None:
    path = tmp_path / "smpp.pcap"
    with Served(tmp_path, f'smpp.pcap="{path}"', malformed_by_intention=True) as served:
        port = served.ready()["smpp"]["port"]
        esme = RawEsme("127.0.0.1", port)
        esme.socket.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert isinstance(esme.receive(), pdu.GenericNack)
        esme.socket.close()
        assert served.stop() == 0
    assert b"GET / HTTP/1.1" in path.read_bytes()


def take_one(esme: RawEsme) -> None:
    """Bind and confirm one deliver_sm."""
    esme.bind()
    came = esme.receive()
    while not isinstance(came, pdu.DeliverSm):
        came = esme.receive()
    esme.send(pdu.DeliverSmResp(came.sequence_number))
    esme.send(pdu.Unbind(92))
    while not isinstance(came, pdu.UnbindResp):
        came = esme.receive()
    esme.socket.close()


def test_a_search_as_tshark_sees_it(tmp_path: Path) -> None:
    path = tmp_path / "found.pcap"
    with Served(tmp_path) as served:
        ready = served.ready()
        esmes = [RawEsme("127.0.0.1", ready["smpp"]["port"]) for _ in range(2)]
        counts = [talk(esme) for esme in esmes]
        url = f"http://{ready['http']['host']}:{ready['http']['port']}/api/v1/messages"
        taken = {"q": "kind:reply state:delivered"}
        with httpx.Client(trust_env=False, timeout=30) as client:
            if not client.get(f"{url}/search", params=taken).json()["messages"]:
                take_one(RawEsme("127.0.0.1", ready["smpp"]["port"]))
            assert client.get(f"{url}/wait", params={**taken, "wait": "20"}).json()["messages"]
            path.write_bytes(client.get(f"{url}.pcap", params={"q": "esme:qa"}).content)
        assert served.stop() == 0
    read = Read(path, 2775)
    assert read.complaints() == ""
    assert read.trouble_of_tcp() == ""
    commands = read.fields("smpp.command_id")
    assert commands.count("0x00000004") == commands.count("0x80000004") == sum(counts)
    assert "0x00000005" in commands
    assert len(set(read.fields("tcp.stream"))) == len(esmes)
    assert set(read.fields("ip.dst", "smpp.command_id == 0x00000004")) == {"10.0.0.1"}
