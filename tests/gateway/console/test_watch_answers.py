from __future__ import annotations

from gateway.console.watch_answers import lint_answer, pdu_answer
from gateway.smpp.codec import encode
from gateway.smpp.lint.findings import AccountReport, Example, Finding, Seen
from gateway.smpp.lint.message_rules import UCS2_ODD
from gateway.smpp.pdu import BindTransceiver, SubmitSmResp
from gateway.smpp.pdu_ring import SeenPdu

from .watched_esme import NIK, REG, submit


def test_a_finding_says_all_that_its_rule_says() -> None:
    report = AccountReport(
        "qa", Seen(messages=3), (Finding(UCS2_ODD, 2, (Example(1.5, 7, 9, "3 octets"),)),)
    )
    answer = lint_answer([report]).model_dump(mode="json")
    (account,) = answer["accounts"]
    assert account["account"] == "qa"
    assert account["seen"]["messages"] == 3
    assert account["findings"] == [
        {
            "rule": "ucs2_odd",
            "severity": "error",
            "title": UCS2_ODD.title,
            "count": 2,
            "meaning": UCS2_ODD.meaning,
            "remedy": UCS2_ODD.remedy,
            "source": "SMPP 3.4 §5.2.19",
            "examples": [
                {
                    "at": "1970-01-01T00:00:01.500Z",
                    "session": 7,
                    "sequence_number": 9,
                    "shown": "3 octets",
                }
            ],
        }
    ]


def test_a_pdu_is_masked_and_its_octets_need_leave() -> None:
    frame = encode(submit(2, REG.encode()))
    seen = SeenPdu(1.5, 7, True, frame)
    answer = pdu_answer(seen, octets=False)
    assert (answer.at, answer.session, answer.direction) == (
        "1970-01-01T00:00:01.500Z",
        7,
        "received",
    )
    assert answer.line.startswith("submit_sm 2; ")
    assert answer.fields["text"] == "REG 3201********0001#3201********0002#"
    assert answer.octets is None
    assert NIK not in answer.model_dump_json()
    assert pdu_answer(seen, octets=True).octets == frame.hex()


def test_octets_with_a_password_are_never_shown() -> None:
    frame = encode(BindTransceiver(1, "qa", "secret"))
    answer = pdu_answer(SeenPdu(0.0, 1, True, frame), octets=True)
    assert answer.octets is None
    assert "secret" not in answer.model_dump_json()
    assert pdu_answer(SeenPdu(0.0, 1, False, encode(SubmitSmResp(1))), octets=True).direction == (
        "sent"
    )
