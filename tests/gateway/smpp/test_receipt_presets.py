from __future__ import annotations

import pytest

from gateway.smpp.codes import MessageState
from gateway.smpp.receipt import ReceiptWriter, Report
from gateway.smpp.receipt_form import APPENDIX_B, id_writer
from gateway.smpp.receipt_presets import PRESETS
from gateway.smpp.receipt_reading import parse_receipt
from gateway.smpp.smpp_time import unix_ms

MINUTE = unix_ms(2018, 2, 26, 8, 0, 0)
LATER = unix_ms(2018, 2, 26, 8, 5, 0)
FATES = ((MessageState.DELIVERED, 0), (MessageState.UNDELIVERABLE, 13), (MessageState.EXPIRED, 27))


def test_the_default_is_the_specifications() -> None:
    assert PRESETS["appendix-b"].form == APPENDIX_B


def test_every_preset_says_where_it_is_from() -> None:
    for name, preset in PRESETS.items():
        assert name == preset.name
        assert preset.source


def test_each_preset_differs_from_all_others() -> None:
    assert len({preset.form for preset in PRESETS.values()}) == len(PRESETS)


# As the sources show them, with the numbers of this test.
@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "nexmo",
            "id:0000000012345678 sub:001 dlvrd:000 submit date:1802260800 done date:1802260805 "
            "stat:UNDELIV err:004 text:none",
        ),
        (
            "ksmppd",
            "id:12345678 sub:001 dlvrd:000 submit date:180226080000 done date:180226080500 "
            "stat:UNDELIV err:013 text:Halo",
        ),
        (
            "jasmin",
            "id:12345678 submit date:201802260800 done date:201802260805 stat:UNDELIV err:013",
        ),
        (
            "no-counts",
            "id:12345678 submit date:1802260800 done date:1802260805 stat:UNDELIV err:013 "
            "text:Halo",
        ),
        (
            "smpp-dates",
            "id:12345678 sub:001 dlvrd:000 submit date:180226080000000+ "
            "done date:180226080500000+ stat:UNDELIV err:013",
        ),
        (
            "vendor-tlvs",
            "id:12345678 sub:001 dlvrd:000 submit date:1802260800 done date:1802260805 "
            "stat:UNDELIV err:0013 text:Halo",
        ),
    ],
)
def test_texts_are_those_of_the_sources(name: str, text: str) -> None:
    report = Report(12345678, MessageState.UNDELIVERABLE, MINUTE, LATER, 13, "Halo")
    assert ReceiptWriter(PRESETS[name].form).text(report) == text


@pytest.mark.parametrize("knows_the_form", [True, False])
@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_is_read_back(name: str, knows_the_form: bool) -> None:
    form = PRESETS[name].form
    writer = ReceiptWriter(form)
    for state, error in FATES:
        report = Report(12345678, state, MINUTE, LATER, error, "Halo")
        read = parse_receipt(
            writer.text(report), writer.tlvs(report), form if knows_the_form else APPENDIX_B
        )
        assert read is not None
        written = form.tlv_id if form.receipted_message_id else form.text_id
        assert read.message_id == id_writer(written)(12345678)
        assert read.state is state
        if "submit_date" in form.template:
            assert (read.submit_ms, read.done_ms) == (MINUTE, LATER)
