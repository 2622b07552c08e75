from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.cli import app
from gateway.smpp.receipt_presets import PRESETS

WITH_DELAY = "smpp.accounts=[{system_id='a', password='b', receipt_delay={%s}}]"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ("receipt-preview", *arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def shown(*arguments: str) -> dict[str, Any]:
    code, out, _ = run(*arguments, "--json")
    assert code == 0
    value = json.loads(out)
    assert isinstance(value, dict)
    return value


def test_the_receipt_of_an_account() -> None:
    code, out, _ = run("--account", "a2p")
    assert code == 0
    assert out.splitlines() == [
        "preset          appendix-b: SMPP 3.4 Issue 1.2, Appendix B",
        "submit_sm_resp  message_id 4711",
        "deliver_sm      esm_class 0x04, data_coding 0, after 0 s",
        "short_message   id:4711 sub:001 dlvrd:001 submit date:1802260800 done date:1802260800 "
        "stat:DELIVRD err:000 Text:Kode Anda 123456",
        "TLV 0x001E      receipted_message_id 3437313100",
        "TLV 0x0427      message_state 02",
    ]


def test_a_failure_with_all_that_a_receipt_can_say() -> None:
    value = shown(
        "--account", "a2p", "--state", "undeliverable", "--error", "13", "--id", "99",
        "--text", "Halo", "--reference", "7",
    )  # fmt: skip
    assert value["text"].startswith("id:99 sub:001 dlvrd:000 ")
    assert value["text"].endswith("stat:UNDELIV err:013 Text:Halo")
    assert [(one["name"], one["value"]) for one in value["tlvs"]] == [
        ("receipted_message_id", "393900"),
        ("message_state", "05"),
        ("network_error_code", "03000d"),
        ("user_message_reference", "0007"),
    ]
    assert bytes.fromhex(value["octets"]).decode() == value["text"]


def test_what_a_state_implies() -> None:
    assert "err:027" in shown("--account", "a2p", "--state", "EXPIRED")["text"]
    assert shown("--account", "a2p", "--state", "ENROUTE")["esm_class"] == 0x20


def test_a_preset() -> None:
    value = shown("--preset", "nexmo")
    assert value["response_message_id"] == "1267"
    assert value["text"].startswith("id:0000000000004711 ")
    assert value["source"] == PRESETS["nexmo"].source
    assert shown("--preset", "jasmin-data-sm")["text_in"] == "message_payload"
    assert "vendor-specific" in run("--preset", "vendor-tlvs")[1]


def test_a_text_too_long_for_short_message() -> None:
    account = (
        "smpp.accounts=[{system_id='a', password='b', receipt={preset='ucs2', text_length=99}}]"
    )
    value = shown("--account", "a", "--text", "x" * 99, "--set", account)
    assert value["text_in"] == "message_payload"


def test_the_presets_and_their_sources() -> None:
    code, out, _ = run("--presets")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == list(PRESETS)
    listed = json.loads(run("--presets", "--json")[1])
    assert listed[0] == {"name": "appendix-b", "source": PRESETS["appendix-b"].source}


def test_an_account_of_another_smsc() -> None:
    rows = (
        "smsc=[{name='other', accounts=[{system_id='q', password='q', receipt={preset='jasmin'}}]}]"
    )
    assert shown("--account", "other/q", "--set", rows)["preset"] == "jasmin"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("seconds=1.5", "1.5 s"),
        ("kind='uniform', least=1, most=2", "1 to 2 s"),
        ("kind='normal', mean=1, deviation=2", "1 s, deviation 2 s"),
        ("kind='lognormal', median=1, sigma=2", "1 s in the median, sigma 2"),
        ("kind='percentiles', points=[[50, 0.2], [99, 5]]", "0.2 s at 50 %, 5 s at 99 %"),
    ],
)
def test_the_delay(table: str, words: str) -> None:
    assert shown("--account", "a", "--set", WITH_DELAY % table)["delay"] == words


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ((), "give --account or --preset; the accounts are qa, a2p, sink, reg4444"),
        (
            ("--account", "qa", "--preset", "nexmo"),
            "give --account or --preset; the accounts are qa, a2p, sink, reg4444",
        ),
        (
            ("--account", "none"),
            '--account: there is no "none"; write one of qa, a2p, sink, reg4444',
        ),
        (
            ("--preset", "none"),
            f'--preset: there is no "none"; write one of {", ".join(PRESETS)}',
        ),
        (
            ("--account", "qa", "--state", "DELIVRD"),
            '--state: "DELIVRD" is no message state; write one of ENROUTE, DELIVERED, EXPIRED, '
            "DELETED, UNDELIVERABLE, ACCEPTED, UNKNOWN, REJECTED",
        ),
    ],
)
def test_mistakes_are_one_line(arguments: tuple[str, ...], line: str) -> None:
    assert run(*arguments) == (2, "", f"{line}\n")
