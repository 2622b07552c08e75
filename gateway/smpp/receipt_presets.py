"""Receipts that real SMSCs are known for, each with where that is known from.

What a source does not say is as in Appendix B. `invented` marks what no source backs.
"""

from typing import Final

import msgspec

from gateway.smpp.codes import DataCoding, MessageState
from gateway.smpp.pdu import Tlv
from gateway.smpp.receipt_form import (
    APPENDIX_B,
    APPENDIX_B_TEMPLATE,
    Carrier,
    DateForm,
    ErrorTlv,
    ErrStyle,
    IdBase,
    IdForm,
    ReceiptForm,
)


class Preset(msgspec.Struct, frozen=True, gc=False):
    """A form under the name by which a configuration asks for it."""

    name: str
    form: ReceiptForm
    source: str


_LOWER_TEXT: Final = APPENDIX_B_TEMPLATE.replace("Text:", "text:")
_TEN_DIGITS: Final = IdForm(width=10)
_COUNTS: Final = ("sub", "dlvrd")

_ALL: Final = (
    Preset("appendix-b", APPENDIX_B, "SMPP 3.4 Issue 1.2, Appendix B"),
    Preset(
        "smpp-3.3",
        ReceiptForm(
            response_id=IdForm(IdBase.HEX_UPPER, 8),
            text_id=IdForm(IdBase.HEX_UPPER, 8),
            receipted_message_id=False,
            message_state=False,
            network_error_code=ErrorTlv.NEVER,
            user_message_reference=False,
        ),
        "ids in hexadecimal for SMPP 3.3: cardboardfish.com WhatIsTheFormatOfSMPPDeliveryReceipts;"
        " eight upper-case digits are unconfirmed",
    ),
    Preset(
        "cloudhopper",
        ReceiptForm(
            template=_LOWER_TEXT,
            response_id=_TEN_DIGITS,
            text_id=_TEN_DIGITS,
            tlv_id=_TEN_DIGITS,
        ),
        "twitter-archive/cloudhopper-smpp DeliveryReceipt.java: text:, %010d;"
        " that the response has the same id is unconfirmed",
    ),
    Preset(
        "ksmppd",
        ReceiptForm(template=_LOWER_TEXT, date=DateForm.SECONDS),
        "Kannel's ksmppd: github.com/kneodev/ksmppd/issues/108 (its ids are UUIDs: not offered)",
    ),
    Preset(
        "nexmo",
        ReceiptForm(
            template=_LOWER_TEXT.replace("{text}", "none"),
            response_id=IdForm(IdBase.HEX_UPPER),
            text_id=IdForm(width=16),
            tlv_id=IdForm(width=16),
            err=ErrStyle.TABLE,
            err_text="001",
            err_table=((1, "009"), (6, "002"), (13, "004"), (27, "002"), (45, "007")),
        ),
        "help.nexmo.com 204015663 (hex in the response, decimal in the receipt, err list) and"
        " 215468998 (16 digits, text:none); which MAP error is which err is invented",
    ),
    Preset(
        "jsmpp",
        ReceiptForm(
            template=_LOWER_TEXT,
            response_id=IdForm(IdBase.HEX_LOWER),
            text_id=_TEN_DIGITS,
            receipted_message_id=False,
        ),
        "jSMPP's simulator: github.com/opentelecoms-org/jsmpp/issues/56",
    ),
    Preset(
        "mavocz",
        ReceiptForm(response_id=IdForm(IdBase.HEX_LOWER, 8), receipted_message_id=False),
        "github.com/MavoCz/smscsim/issues/4 (padded hex in the response, plain decimal in the"
        " receipt); eight digits are unconfirmed",
    ),
    Preset(
        "jasmin",
        ReceiptForm(
            without=(*_COUNTS, "text"),
            date=DateForm.FULL_YEAR_MINUTES,
        ),
        "github.com/jookies/jasmin/issues/753 (dates, no sub, dlvrd, text; its ids are UUIDs: not"
        " offered)",
    ),
    Preset(
        "jasmin-data-sm",
        ReceiptForm(
            without=(*_COUNTS, "text"),
            date=DateForm.FULL_YEAR_MINUTES,
            carrier=Carrier.DATA_SM,
        ),
        "github.com/jookies/jasmin/issues/139 (data_sm) and 753 (dates)",
    ),
    Preset(
        "no-counts",
        ReceiptForm(template=_LOWER_TEXT, without=_COUNTS),
        "github.com/opentelecoms-org/jsmpp/issues/62",
    ),
    Preset(
        "smpp-dates",
        ReceiptForm(without=("text",), date=DateForm.SMPP),
        "github.com/funbox/smppex/issues/46",
    ),
    Preset(
        "full-year",
        ReceiptForm(template=_LOWER_TEXT, date=DateForm.FULL_YEAR_SECONDS),
        "fourteen digits: met by twitter-archive/cloudhopper-smpp DeliveryReceipt.java",
    ),
    Preset(
        "failed",
        ReceiptForm(stat=((MessageState.UNDELIVERABLE, "FAILED"),)),
        "stat:FAILED: github.com/praekeltfoundation/vumi/pull/897",
    ),
    Preset(
        "vendor-tlvs",
        ReceiptForm(
            template=_LOWER_TEXT,
            err_width=4,
            network_error_code=ErrorTlv.ALWAYS,
            extra_tlvs=(Tlv(0x1454, b"\0\0\0\1"), Tlv(0x1418, b"\0\0\0\0")),
        ),
        "github.com/onlinecity/php-smpp/issues/70 (err:0000, tags 0x1454 and 0x1418; what they"
        " mean is unconfirmed)",
    ),
    Preset(
        "ucs2-flag",
        ReceiptForm(
            template=_LOWER_TEXT,
            date=DateForm.SECONDS,
            data_coding=DataCoding.UCS2,
            written_as=DataCoding.DEFAULT,
            text_id=IdForm(prefix="S"),
            response_id=IdForm(prefix="S"),
            tlv_id=IdForm(prefix="S"),
        ),
        "receipts that say data_coding 8 and are not: github.com/farhadi/node-smpp/issues/68",
    ),
    Preset(
        "ucs2",
        ReceiptForm(data_coding=DataCoding.UCS2),
        "invented: receipts in UCS-2 throughout",
    ),
    Preset(
        "tlvs-only",
        ReceiptForm(template=""),
        "an id in the TLV alone: github.com/MavoCz/smscsim/issues/4, a comment",
    ),
    Preset(
        "text-only",
        ReceiptForm(
            receipted_message_id=False,
            message_state=False,
            network_error_code=ErrorTlv.NEVER,
            user_message_reference=False,
        ),
        "SMSCs that do not use the TLVs: github.com/praekeltfoundation/vumi/pull/637",
    ),
    Preset(
        "hex-err",
        ReceiptForm(err=ErrStyle.HEX),
        "hexadecimal err is known to be in use, of whom is unconfirmed",
    ),
)

PRESETS: Final = {preset.name: preset for preset in _ALL}
"""Every preset by its name."""
