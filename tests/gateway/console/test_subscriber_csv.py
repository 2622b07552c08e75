"""Lines of a CSV file and subscribers, both ways."""

from __future__ import annotations

import pytest

from gateway.console.subscriber_csv import (
    BadHeader,
    BadRow,
    SubscriberReader,
    header_line,
    subscriber_line,
)
from gateway.core.imports import ImportRow
from gateway.core.ledger import Rules
from gateway.core.numbers import Kk, Msisdn, Nik
from gateway.core.subscriber import Status, Subscriber
from tests.gateway.core.network import SITI, wib

NUMBER = Msisdn("6281290000001")
HEADER = "msisdn,status,notice_at,nik,kk,operator"


@pytest.mark.parametrize(
    ("header", "line", "row"),
    [
        ("msisdn", "0812-9000-0001", ImportRow(NUMBER, Status.UNREGISTERED)),
        ("\ufeffMSISDN;Status\r", "+6281290000001;NEW", ImportRow(NUMBER, Status.NEW)),
        ("status\tmsisdn", "expired\t081290000001", ImportRow(NUMBER, Status.EXPIRED)),
        (
            "msisdn,notice_at,first_seen_at",
            '"081290000001",2018-03-01,2017-11-01T08:00:00Z',
            ImportRow(
                NUMBER,
                Status.UNREGISTERED,
                notice_at=wib("2018-03-01 00:00"),
                first_seen_at=wib("2017-11-01 15:00"),
            ),
        ),
        (
            "msisdn,status,registered_at,nik,kk,stage,operator",
            "081290000001, registered ,2018-01-05,3201 0101 0101 9001,3201010101019002,,Telkomsel",
            ImportRow(
                NUMBER,
                Status.REGISTERED,
                registered_at=wib("2018-01-05 00:00"),
                nik=Nik("3201010101019001"),
                kk=Kk("3201010101019002"),
            ),
        ),
    ],
)
def test_a_line_is_read(header: str, line: str, row: ImportRow, rules: Rules) -> None:
    assert SubscriberReader(header, rules).row(line) == row


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",,,,,", 'msisdn: "" is no mobile number'),
        ("4444,,,,,", 'msisdn: "4444" is no mobile number'),
        ("081290000001,,,,", "5 columns where the header has 6"),
        ('"081290000001,,,,,', "no CSV: "),
        ("081290000001,gone,,,,", 'status: "gone" is none of new, unregistered, registered'),
        ("081290000001,,1 March,,,", 'notice_at: "1 March" is no moment; write 2018-03-05'),
        ("081290000001,,,320101010101900,,", "nik: NIK_LEN=15"),
        ("081290000001,,,,3201********9002,", "kk: KK_NONDIGIT@5"),
        ("081290000001,,,,,xl", "operator: the prefix of 6281290000001 is one of telkomsel"),
    ],
)
def test_a_line_that_is_no_subscriber_says_why(line: str, reason: str, rules: Rules) -> None:
    row = SubscriberReader(HEADER, rules).row(line)
    assert isinstance(row, BadRow)
    assert row.reason.startswith(reason)


def test_reasons_repeat_no_identity(rules: Rules) -> None:
    for line in ("3201010101019001,,,,,", "081290000001,3201010101019001,,,,"):
        row = SubscriberReader(HEADER, rules).row(line)
        assert isinstance(row, BadRow)
        assert "3201010101019001" not in row.reason


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", 'a column ""'),
        ("msisdn,colour", 'a column "colour"; the columns are msisdn, operator'),
        ("status,nik", "no column msisdn"),
        ("msisdn,nik,NIK", "names a column twice"),
        ('"msisdn', "the header is no CSV"),
    ],
)
def test_a_header_that_names_other_columns_is_refused(
    header: str, reason: str, rules: Rules
) -> None:
    with pytest.raises(BadHeader, match=reason):
        SubscriberReader(header, rules)


PERSON = "document,document_number,nationality,foreigner_name,birth_place,birth_date"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (",X1,,,,", "document_number: only a foreigner has it; name the document"),
        ("visa,X1,NLD,Jo,Delft,1985-07-01", 'document: "visa" is none of passport, kitas, kitap'),
        (
            "kitas,X1,NLD,,Delft,1985-07-01",
            "foreigner_name: is missing",
        ),
        ("kitas,X***,NLD,Jo,Delft,1985-07-01", "document_number: is masked; export with"),
        (f"kitas,X1,NLD,{'J' * 61},Delft,1985-07-01", "foreigner_name: write 1 to 60 characters"),
        ("kitas,X1,NLD,Jo,Delft,1 July", "birth_date: is no date; write 1985-07-01"),
    ],
)
def test_a_foreigner_that_cannot_be_says_why(cells: str, reason: str, rules: Rules) -> None:
    row = SubscriberReader(f"msisdn,status,{PERSON}", rules).row(f"{NUMBER},registered,{cells}")
    assert isinstance(row, BadRow)
    assert row.reason.startswith(reason)


def test_an_outlet_has_an_id(rules: Rules) -> None:
    row = SubscriberReader("msisdn,outlet", rules).row(f"{NUMBER},no 17!")
    assert isinstance(row, BadRow)
    assert row.reason.startswith("outlet: write up to 40 letters")


def test_what_is_written_is_read_again(rules: Rules) -> None:
    now = wib("2018-03-05 08:00")
    subscriber = Subscriber(
        NUMBER,
        "telkomsel",
        Status.REGISTERED,
        wib("2017-11-01 08:00"),
        registered_at=wib("2018-01-05 08:00"),
        nik=SITI.nik,
        kk=SITI.kk,
    )
    line = subscriber_line(subscriber, rules, now, clear=True)
    assert SubscriberReader(header_line(), rules).row(line.rstrip("\n")) == ImportRow(
        NUMBER,
        Status.REGISTERED,
        registered_at=subscriber.registered_at,
        first_seen_at=subscriber.first_seen_at,
        nik=SITI.nik,
        kk=SITI.kk,
    )
    masked = subscriber_line(subscriber, rules, now, clear=False)
    assert SITI.nik.digits not in masked
    assert SITI.kk.digits not in masked
    assert f",{SITI.nik},{SITI.kk}," in masked
