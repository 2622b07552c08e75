"""The one table of every PDU's mandatory fields, in wire order; parser and builder both read it.

Source: the body tables of SMPP 3.4 chapter 4. `status` is the command_status that answers a value
that does not fit its field. The table of optional parameters is in `tlvs`, named here again.
"""

from enum import IntEnum, auto

import msgspec

from gateway.smpp.codes import CommandId, CommandStatus
from gateway.smpp.pdu import (
    AlertNotification,
    BindReceiver,
    BindReceiverResp,
    BindTransceiver,
    BindTransceiverResp,
    BindTransmitter,
    BindTransmitterResp,
    CancelSm,
    CancelSmResp,
    DataSm,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    Outbind,
    Pdu,
    QuerySm,
    QuerySmResp,
    ReplaceSm,
    ReplaceSmResp,
    SubmitMulti,
    SubmitMultiResp,
    SubmitSm,
    SubmitSmResp,
    Unbind,
    UnbindResp,
)
from gateway.smpp.tlvs import (
    TLV_RULES,
    Sar,
    integer,
    message_payload,
    message_state,
    misfits,
    network_error_code,
    octets,
    receipted_message_id,
    sar,
    sc_interface_version,
    text,
    tlv,
    user_message_reference,
)

__all__ = [
    "LAYOUTS",
    "TLV_RULES",
    "Field",
    "Kind",
    "Layout",
    "Sar",
    "integer",
    "message_payload",
    "message_state",
    "misfits",
    "network_error_code",
    "octets",
    "receipted_message_id",
    "sar",
    "sc_interface_version",
    "text",
    "tlv",
    "user_message_reference",
]


class Kind(IntEnum):
    """How a mandatory field is laid out on the wire (§3.1)."""

    INT1 = auto()
    INT4 = auto()
    CSTRING = auto()
    SHORT_MESSAGE = auto()
    DESTINATIONS = auto()
    UNSUCCESSFUL = auto()


class Field(msgspec.Struct, frozen=True, gc=False):
    """One mandatory field; `size` is the most octets, a C-octet string's NUL included."""

    name: str
    kind: Kind
    size: int
    status: CommandStatus


class Layout(msgspec.Struct, frozen=True):
    """A PDU's body: its value type, its fields, and whether an error response carries it."""

    pdu: type[Pdu]
    fields: tuple[Field, ...]
    error_body: bool = True

    @property
    def is_response(self) -> bool:
        """Whether the PDU answers another (§5.1.2.1)."""
        return self.pdu.command_id >= CommandId.GENERIC_NACK

    @property
    def has_message(self) -> bool:
        """Whether the body has a short_message, which message_payload excludes (§5.3.2.32)."""
        return any(field.kind is Kind.SHORT_MESSAGE for field in self.fields)


_S = CommandStatus


def _int1(name: str) -> Field:
    return Field(name, Kind.INT1, 1, _S.ESME_RINVCMDLEN)


def _cstring(name: str, size: int, status: CommandStatus) -> Field:
    return Field(name, Kind.CSTRING, size, status)


_SERVICE_TYPE = _cstring("service_type", 6, _S.ESME_RINVSERTYP)
_MESSAGE_ID = _cstring("message_id", 65, _S.ESME_RINVMSGID)
_SYSTEM_ID = _cstring("system_id", 16, _S.ESME_RINVSYSID)
_PASSWORD = _cstring("password", 9, _S.ESME_RINVPASWD)
_DATA_CODING = _int1("data_coding")
_ESM_CLASS = _int1("esm_class")
_REGISTERED = _int1("registered_delivery")
_DEFAULT_MSG = _int1("sm_default_msg_id")
_SHORT_MESSAGE = Field("short_message", Kind.SHORT_MESSAGE, 254, _S.ESME_RINVMSGLEN)
_TIMES = (
    _cstring("schedule_delivery_time", 17, _S.ESME_RINVSCHED),
    _cstring("validity_period", 17, _S.ESME_RINVEXPIRY),
)


def _address(prefix: str, name: str, size: int, status: CommandStatus) -> tuple[Field, ...]:
    return (_int1(f"{prefix}_ton"), _int1(f"{prefix}_npi"), _cstring(name, size, status))


_SOURCE = _address("source_addr", "source_addr", 21, _S.ESME_RINVSRCADR)
_LONG_SOURCE = _address("source_addr", "source_addr", 65, _S.ESME_RINVSRCADR)
_DEST = _address("dest_addr", "destination_addr", 21, _S.ESME_RINVDSTADR)
_LONG_DEST = _address("dest_addr", "destination_addr", 65, _S.ESME_RINVDSTADR)
_DESTINATIONS = Field("dest_address", Kind.DESTINATIONS, 254, _S.ESME_RINVNUMDESTS)
_UNSUCCESSFUL = Field("unsuccess_sme", Kind.UNSUCCESSFUL, 255, _S.ESME_RINVNUMDESTS)

_BIND = (
    _SYSTEM_ID,
    _PASSWORD,
    _cstring("system_type", 13, _S.ESME_RINVSYSTYP),
    _int1("interface_version"),
    *_address("addr", "address_range", 41, _S.ESME_RBINDFAIL),
)
_MESSAGE_TAIL = (
    _ESM_CLASS,
    _int1("protocol_id"),
    _int1("priority_flag"),
    *_TIMES,
    _REGISTERED,
    _int1("replace_if_present_flag"),
    _DATA_CODING,
    _DEFAULT_MSG,
    _SHORT_MESSAGE,
)
_MESSAGE = (_SERVICE_TYPE, *_SOURCE, *_DEST, *_MESSAGE_TAIL)

_ALL = (
    Layout(BindTransmitter, _BIND),
    Layout(BindReceiver, _BIND),
    Layout(BindTransceiver, _BIND),
    Layout(BindTransmitterResp, (_SYSTEM_ID,), error_body=False),
    Layout(BindReceiverResp, (_SYSTEM_ID,), error_body=False),
    Layout(BindTransceiverResp, (_SYSTEM_ID,), error_body=False),
    Layout(Outbind, (_SYSTEM_ID, _PASSWORD)),
    Layout(Unbind, ()),
    Layout(UnbindResp, ()),
    Layout(GenericNack, ()),
    Layout(SubmitSm, _MESSAGE),
    Layout(SubmitSmResp, (_MESSAGE_ID,), error_body=False),
    Layout(DeliverSm, _MESSAGE),
    Layout(DeliverSmResp, (_MESSAGE_ID,)),
    Layout(SubmitMulti, (_SERVICE_TYPE, *_SOURCE, _DESTINATIONS, *_MESSAGE_TAIL)),
    Layout(SubmitMultiResp, (_MESSAGE_ID, _UNSUCCESSFUL), error_body=False),
    Layout(
        DataSm,
        (_SERVICE_TYPE, *_LONG_SOURCE, *_LONG_DEST, _ESM_CLASS, _REGISTERED, _DATA_CODING),
    ),
    Layout(DataSmResp, (_MESSAGE_ID,)),
    Layout(QuerySm, (_MESSAGE_ID, *_SOURCE)),
    Layout(
        QuerySmResp,
        (
            _MESSAGE_ID,
            _cstring("final_date", 17, _S.ESME_RINVEXPIRY),
            _int1("message_state"),
            _int1("error_code"),
        ),
        error_body=False,
    ),
    Layout(CancelSm, (_SERVICE_TYPE, _MESSAGE_ID, *_SOURCE, *_DEST)),
    Layout(CancelSmResp, ()),
    Layout(ReplaceSm, (_MESSAGE_ID, *_SOURCE, *_TIMES, _REGISTERED, _DEFAULT_MSG, _SHORT_MESSAGE)),
    Layout(ReplaceSmResp, ()),
    Layout(EnquireLink, ()),
    Layout(EnquireLinkResp, ()),
    Layout(
        AlertNotification,
        (*_LONG_SOURCE, *_address("esme_addr", "esme_addr", 65, _S.ESME_RINVDSTADR)),
    ),
)

LAYOUTS: dict[int, Layout] = {layout.pdu.command_id.value: layout for layout in _ALL}
"""Every PDU of SMPP 3.4 by its command_id."""
