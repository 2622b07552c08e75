"""The corpus, played through its targets; and that a target can fail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gateway.smpp.codec import decode
from gateway.smpp.codes import CommandStatus
from gateway.smpp.errors import Rejected
from gateway.smpp.fields import LAYOUTS
from gateway.smpp.pdu import Pdu
from gateway.smpp.receipt_reading import Receipt
from gateway.smpp.session import Session
from gateway.smpp.udh import parse_udh
from tests.fuzz import __main__ as command
from tests.fuzz import corpus, targets
from tests.fuzz.targets import TARGETS

ROWS = [
    pytest.param(target, octets, id=f"{target}-{name}")
    for target in TARGETS
    for name, octets in corpus.rows(target).items()
]


@pytest.mark.parametrize(("target", "octets"), ROWS)
def test_the_corpus_holds(target: str, octets: bytes) -> None:
    # A target raises if its octets break what it holds.
    TARGETS[target](octets)


def test_the_corpus_has_every_pdu_whole_and_well() -> None:
    rows = corpus.rows("codec")
    named = {layout.pdu.command_id.name.lower() for layout in LAYOUTS.values()}
    assert named <= set(rows)
    for name in named:
        read = decode(rows[name])
        assert isinstance(read, Pdu), (name, read)
        assert read.command_id.name.lower() == name


def test_every_file_of_the_corpus_has_its_target() -> None:
    assert {path.stem for path in corpus.FOLDER.iterdir()} == set(TARGETS) == set(command.TARGETS)


@pytest.mark.parametrize("line", ["no equals sign", "a = zz", "a = 00\na = 01"])
def test_a_broken_corpus_says_so(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "codec.txt").write_text(line)
    monkeypatch.setattr(corpus, "FOLDER", tmp_path)
    with pytest.raises((AssertionError, ValueError)):
        corpus.rows("codec")


# ---- a target finds what it is there to find

SUBMIT = corpus.rows("codec")["submit_sm"]


def test_a_decoder_that_raises_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(frame: bytes) -> Pdu:
        raise IndexError(len(frame))

    monkeypatch.setattr(targets, "decode", broken)
    with pytest.raises(IndexError):
        targets.codec(SUBMIT)


def test_a_decoder_that_reads_something_else_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    other = corpus.rows("codec")["deliver_sm"]
    monkeypatch.setattr(targets, "decode", lambda frame: decode(other))
    with pytest.raises(AssertionError):
        targets.codec(SUBMIT)


def test_a_status_without_a_name_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "decode", lambda frame: Rejected(0x3FF, 4, 7, "why"))
    with pytest.raises(AssertionError):
        targets.codec(SUBMIT)


def test_a_request_of_ours_that_is_forgotten_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "take_outstanding", lambda self: [])
    with pytest.raises(AssertionError):
        targets.session(corpus.rows("session")["framing_lost"])


def test_a_session_that_depends_on_cuts_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    receive = Session.receive
    monkeypatch.setattr(Session, "receive", lambda self, data: receive(self, data[:40]))
    with pytest.raises(AssertionError):
        targets.stream(corpus.rows("stream")["two_merged"])


def test_a_text_that_does_not_come_back_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "encode_text", lambda text: (8, b"\0?"))
    with pytest.raises(AssertionError):
        targets.text(b"\0REG")


def test_a_header_that_loses_octets_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "split_udh", lambda octets: (parse_udh(octets), b""))
    with pytest.raises(AssertionError):
        targets.udh(corpus.rows("udh")["reference_8"])


def test_a_receipt_without_its_id_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "parse_receipt", lambda *_: Receipt("", None))
    with pytest.raises(AssertionError):
        targets.receipt(b"\0id:1")


def test_rejected_statuses_have_names() -> None:
    read = decode(corpus.rows("codec")["sm_length_255"])
    assert isinstance(read, Rejected)
    assert read.command_status is CommandStatus.ESME_RINVMSGLEN


# ---- the command


def test_a_find_is_played_again(tmp_path: Path) -> None:
    find = tmp_path / "find"
    find.write_bytes(SUBMIT)
    arguments = [sys.executable, "-m", "tests.fuzz", "codec", "--again", str(find)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
