"""Whatever form a receipt is written in, who knows the form reads it back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gateway.smpp.codes import MessageState
from gateway.smpp.receipt import ReceiptWriter, Report
from gateway.smpp.receipt_form import (
    FIELDS,
    Carrier,
    DateForm,
    ErrorTlv,
    ErrStyle,
    IdBase,
    IdForm,
    ReceiptForm,
    id_writer,
    read_id,
)
from gateway.smpp.receipt_reading import parse_receipt

QUARTER = 900_000
MINUTE = 60_000
FROM, UNTIL = 946_800_000_000, 4_102_300_000_000  # within the years 2000 to 2099

id_forms = st.builds(
    IdForm,
    st.sampled_from(IdBase),
    st.integers(0, 20),
    st.text("ABCxyz{}-_.:", max_size=6),
)


@st.composite
def templates(draw: st.DrawFn) -> str:
    fields = draw(st.permutations(FIELDS))[: draw(st.integers(1, len(FIELDS)))]
    # A text can hold anything, also what looks like the words after it: it comes last.
    fields = [field for field in fields if field != "text"] + ["text"] * ("text" in fields)
    return "".join(f"{'; ' if at else ''}{field}={{{field}}}" for at, field in enumerate(fields))


forms = st.builds(
    ReceiptForm,
    template=templates() | st.just(ReceiptForm().template),
    without=st.lists(st.sampled_from(FIELDS), max_size=3).map(tuple),
    date=st.sampled_from(DateForm),
    offset_ms=st.integers(-48, 48).map(lambda quarters: quarters * QUARTER),
    response_id=id_forms,
    text_id=id_forms,
    tlv_id=id_forms,
    text_length=st.integers(0, 40),
    err=st.sampled_from(ErrStyle),
    err_width=st.integers(0, 6),
    err_table=st.lists(st.tuples(st.integers(0, 20), st.sampled_from(["E1", "x"]))).map(tuple),
    stat=st.lists(
        st.tuples(st.sampled_from(MessageState), st.sampled_from(["OK", "GONE", "Z9"])),
        max_size=3,
        unique_by=(lambda pair: pair[0], lambda pair: pair[1]),
    ).map(tuple),
    carrier=st.sampled_from(Carrier),
    receipted_message_id=st.booleans(),
    message_state=st.booleans(),
    network_error_code=st.sampled_from(ErrorTlv),
)
reports = st.builds(
    Report,
    id=st.integers(0, 2**63 - 1),
    state=st.sampled_from(MessageState),
    submit_ms=st.none() | st.integers(FROM // MINUTE, UNTIL // MINUTE).map(MINUTE.__mul__),
    done_ms=st.none() | st.integers(FROM // MINUTE, UNTIL // MINUTE).map(MINUTE.__mul__),
    error=st.integers(0, 0xFFFF),
    text=st.text(max_size=40),
)


@given(forms, reports)
def test_a_receipt_is_read_back(form: ReceiptForm, report: Report) -> None:
    writer = ReceiptWriter(form)
    read = parse_receipt(writer.text(report), writer.tlvs(report), form)
    shown = {
        field for field in FIELDS if f"{{{field}}}" in form.template and field not in form.without
    }
    if "id" not in shown and not form.receipted_message_id:
        # Labels of the words can still name an id, a wrong one at that; nobody can know better.
        return
    assert read is not None
    named = form.tlv_id if form.receipted_message_id else form.text_id
    assert read.message_id == id_writer(named)(report.id)
    if form.message_state or "stat" in shown:
        assert read.state is report.state
    if "sub" in shown:
        assert read.sub == 1
    if "dlvrd" in shown:
        assert read.dlvrd == (report.state is MessageState.DELIVERED)
    if "submit_date" in shown and report.submit_ms is not None:
        assert read.submit_ms == report.submit_ms
    if "done_date" in shown and report.done_ms is not None:
        assert read.done_ms == report.done_ms
    if "text" in shown:
        assert read.text == report.text[: form.text_length]
    if form.network_error_code is ErrorTlv.ALWAYS:
        assert read.network_error == report.error


@given(id_forms, st.integers(0, 2**63 - 1))
def test_an_id_is_read_back(form: IdForm, number: int) -> None:
    assert read_id(id_writer(form)(number), form) == number


@given(id_forms, st.text(max_size=70))
def test_any_text_is_an_id_or_none(form: IdForm, text: str) -> None:
    found = read_id(text, form)
    assert found is None or id_writer(form)(found) == text


@given(forms, st.text(max_size=300))
def test_any_text_is_read(form: ReceiptForm, text: str) -> None:
    read = parse_receipt(text, (), form)
    assert read is None or read.message_id
