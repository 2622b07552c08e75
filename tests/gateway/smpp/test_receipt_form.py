from __future__ import annotations

import pytest

from gateway.smpp.receipt_form import (
    APPENDIX_B_TEMPLATE,
    BadTemplate,
    DateForm,
    IdBase,
    IdForm,
    date_writer,
    id_writer,
    no_date,
    read_id,
    template_parts,
)
from gateway.smpp.smpp_time import Absolute, parse_time, unix_ms

MOMENT = unix_ms(2018, 2, 26, 1, 2, 3) or 0
WIB = 7 * 3_600_000


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (IdForm(), "48879"),
        (IdForm(width=10), "0000048879"),
        (IdForm(IdBase.HEX_LOWER), "beef"),
        (IdForm(IdBase.HEX_UPPER, 8), "0000BEEF"),
        (IdForm(IdBase.HEX_UPPER, 4, "SMS-{"), "SMS-{BEEF"),
        (IdForm(prefix="}id"), "}id48879"),
    ],
)
def test_an_id_is_read_as_it_is_written(form: IdForm, text: str) -> None:
    assert id_writer(form)(0xBEEF) == text
    assert read_id(text, form) == 0xBEEF


def test_plain_decimal_costs_nothing() -> None:
    assert id_writer(IdForm()) is str


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", IdForm()),
        ("12a", IdForm()),
        ("+12", IdForm()),
        ("1_2", IdForm()),
        ("²", IdForm()),
        ("012", IdForm()),
        ("12", IdForm(width=3)),
        ("BEEF", IdForm(IdBase.HEX_LOWER)),
        ("beef", IdForm(IdBase.HEX_UPPER)),
        ("12", IdForm(prefix="S")),
        ("S", IdForm(prefix="S")),
        (str(2**63), IdForm()),
        ("f" * 64, IdForm(IdBase.HEX_LOWER)),
    ],
)
def test_what_is_written_otherwise_is_no_id(text: str, form: IdForm) -> None:
    assert read_id(text, form) is None


def test_the_largest_id_of_a_store_is_one() -> None:
    assert read_id(str(2**63 - 1), IdForm()) == 2**63 - 1


@pytest.mark.parametrize(
    ("form", "text", "unknown"),
    [
        (DateForm.MINUTES, "1802260802", "0000000000"),
        (DateForm.SECONDS, "180226080203", "000000000000"),
        (DateForm.FULL_YEAR_MINUTES, "201802260802", "000000000000"),
        (DateForm.FULL_YEAR_SECONDS, "20180226080203", "00000000000000"),
        (DateForm.ISO, "2018-02-26 08:02:03", "0000-00-00 00:00:00"),
        (DateForm.SMPP, "180226080203428+", "000000000000000+"),
    ],
)
def test_dates_are_local(form: DateForm, text: str, unknown: str) -> None:
    unit, write = date_writer(form, WIB)
    assert write((MOMENT + 400 + WIB) // unit) == text
    assert no_date(form) == unknown


def test_a_unix_date_knows_no_place() -> None:
    unit, write = date_writer(DateForm.UNIX, WIB)
    assert write(MOMENT // unit) == str(MOMENT // 1000)
    assert no_date(DateForm.UNIX) == "0"


def test_smpp_dates_are_those_of_the_specification() -> None:
    offset = -5 * 900_000
    unit, write = date_writer(DateForm.SMPP, offset)
    assert parse_time(write((MOMENT + offset) // unit)) == Absolute(MOMENT)


def test_a_template_is_words_and_fields() -> None:
    assert template_parts("id:{id} {{x}} err:{err}.") == (
        ("id:", "id"),
        (" {", None),
        ("x}", None),
        (" err:", "err"),
        (".", None),
    )
    assert template_parts("") == ()


def test_what_is_left_out_takes_its_words_along() -> None:
    parts = template_parts("id:{id} sub:{sub} err:{err}!", ("id", "err"))
    assert parts == (("sub:", "sub"), ("!", None))
    assert template_parts("{id}", ("id",)) == ()
    kept = template_parts(APPENDIX_B_TEMPLATE, ("text",))
    assert isinstance(kept, tuple)
    assert kept[-1] == (" err:", "err")


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("id:{id", "has a brace without its partner"),
        ("id}", "has a brace without its partner"),
        ("{nik}", "holds {nik}, no field of a receipt"),
        ("{}", "holds {}, no field of a receipt"),
        ("{id:>5}", "holds {id}, no field of a receipt"),
        ("{id!r}", "holds {id}, no field of a receipt"),
        ("{id} {id}", "holds {id} twice"),
        ("{id}{err}", "holds {err} right after another field"),
    ],
)
def test_what_is_no_template(template: str, why: str) -> None:
    assert template_parts(template) == BadTemplate(why)
