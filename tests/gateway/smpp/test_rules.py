import msgspec
import pytest

from gateway.smpp.codes import CommandStatus
from gateway.smpp.pdu import DataSm, SmeAddress, SubmitMulti, SubmitSm
from gateway.smpp.rules import refusal
from gateway.smpp.smpp_time import format_absolute
from tests.gateway.smpp.samples import SUBMIT

S = CommandStatus
NOW = 1_800_000_000_000


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, S.ESME_ROK),
        ({"destination_addr": ""}, S.ESME_RINVDSTADR),
        ({"esm_class": 0x43}, S.ESME_ROK),
        ({"esm_class": 0x08}, S.ESME_ROK),
        ({"esm_class": 0x04}, S.ESME_RINVESMCLASS),
        ({"esm_class": 0x3C}, S.ESME_RINVESMCLASS),
        ({"registered_delivery": 0x11}, S.ESME_ROK),
        ({"registered_delivery": 0x1F}, S.ESME_ROK),
        ({"registered_delivery": 0x20}, S.ESME_RINVREGDLVFLG),
        ({"registered_delivery": 0x81}, S.ESME_RINVREGDLVFLG),
        ({"priority_flag": 4}, S.ESME_RINVPRTFLG),
        ({"replace_if_present_flag": 2}, S.ESME_RINVREPFLAG),
        ({"schedule_delivery_time": "tomorrow"}, S.ESME_RINVSCHED),
        ({"schedule_delivery_time": format_absolute(NOW + 60_000)}, S.ESME_ROK),
        ({"validity_period": "tomorrow"}, S.ESME_RINVEXPIRY),
        ({"validity_period": format_absolute(NOW + 60_000)}, S.ESME_ROK),
        ({"validity_period": format_absolute(NOW - 60_000)}, S.ESME_RINVEXPIRY),
        ({"validity_period": "000000010000000R"}, S.ESME_ROK),
        ({"validity_period": "000000000000000R"}, S.ESME_RINVEXPIRY),
    ],
)
def test_what_means_nothing_or_is_over_is_refused(
    changes: dict[str, object], status: CommandStatus
) -> None:
    pdu: SubmitSm = msgspec.structs.replace(SUBMIT, **changes)
    assert refusal(pdu, NOW) is status


def test_the_other_submissions_have_the_same_rules() -> None:
    assert refusal(DataSm(destination_addr="4444"), NOW) is S.ESME_ROK
    assert refusal(DataSm(), NOW) is S.ESME_RINVDSTADR
    assert refusal(SubmitMulti(dest_address=(SmeAddress("6281"),)), NOW) is S.ESME_ROK
