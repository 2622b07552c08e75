"""One value type for each PDU of SMPP 3.4, with the specification's field names (chapter 4).

Field order is wire order, after sequence_number (and command_status in responses). Strings hold
octets as Latin-1 characters, so any octet survives; short_message is octets. A sequence_number of
0 means "not yet given": `Session.request` gives one. Codes may be any integer that fits the wire.
"""

from typing import ClassVar, final

import msgspec

from gateway.smpp.codes import CommandId
from gateway.smpp.pdu_link import (
    AlertNotification,
    BindReceiver,
    BindReceiverResp,
    BindTransceiver,
    BindTransceiverResp,
    BindTransmitter,
    BindTransmitterResp,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    Outbind,
    RequestPdu,
    ResponsePdu,
    Tlv,
    Unbind,
    UnbindResp,
)

__all__ = [
    "AlertNotification",
    "BindReceiver",
    "BindReceiverResp",
    "BindRequest",
    "BindResponse",
    "BindTransceiver",
    "BindTransceiverResp",
    "BindTransmitter",
    "BindTransmitterResp",
    "CancelSm",
    "CancelSmResp",
    "DataSm",
    "DataSmResp",
    "DeliverSm",
    "DeliverSmResp",
    "Destination",
    "DistributionList",
    "EnquireLink",
    "EnquireLinkResp",
    "GenericNack",
    "OneWay",
    "Outbind",
    "Pdu",
    "QuerySm",
    "QuerySmResp",
    "ReplaceSm",
    "ReplaceSmResp",
    "Request",
    "Response",
    "SmeAddress",
    "SubmitMulti",
    "SubmitMultiResp",
    "SubmitSm",
    "SubmitSmResp",
    "Tlv",
    "Unbind",
    "UnbindResp",
    "UnsuccessSme",
]


class SmeAddress(msgspec.Struct, frozen=True, gc=False):
    """A destination of submit_multi, dest_flag 1 (§4.5.1.1)."""

    destination_addr: str
    dest_addr_ton: int = 0
    dest_addr_npi: int = 0


class DistributionList(msgspec.Struct, frozen=True, gc=False):
    """A destination of submit_multi, dest_flag 2 (§4.5.1.2)."""

    dl_name: str


Destination = SmeAddress | DistributionList


class UnsuccessSme(msgspec.Struct, frozen=True, gc=False):
    """A destination that submit_multi could not take, and why (§4.5.2.1)."""

    destination_addr: str
    error_status_code: int
    dest_addr_ton: int = 0
    dest_addr_npi: int = 0


class _ShortMessage(RequestPdu, frozen=True, gc=False):
    service_type: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    dest_addr_ton: int = 0
    dest_addr_npi: int = 0
    destination_addr: str = ""
    esm_class: int = 0
    protocol_id: int = 0
    priority_flag: int = 0
    schedule_delivery_time: str = ""
    validity_period: str = ""
    registered_delivery: int = 0
    replace_if_present_flag: int = 0
    data_coding: int = 0
    sm_default_msg_id: int = 0
    short_message: bytes = b""
    tlvs: tuple[Tlv, ...] = ()


class _MessageIdResp(ResponsePdu, frozen=True, gc=False):
    message_id: str = ""
    tlvs: tuple[Tlv, ...] = ()


@final
class SubmitSm(_ShortMessage, frozen=True, gc=False):
    """submit_sm: an ESME's message towards a mobile (§4.4.1)."""

    command_id: ClassVar[CommandId] = CommandId.SUBMIT_SM


class SubmitSmResp(_MessageIdResp, frozen=True, gc=False):
    """submit_sm_resp (§4.4.2)."""

    command_id: ClassVar[CommandId] = CommandId.SUBMIT_SM_RESP


class DeliverSm(_ShortMessage, frozen=True, gc=False):
    """deliver_sm: a mobile's message, or a receipt, towards an ESME (§4.6.1)."""

    command_id: ClassVar[CommandId] = CommandId.DELIVER_SM


class DeliverSmResp(_MessageIdResp, frozen=True, gc=False):
    """deliver_sm_resp; message_id is unused and empty (§4.6.2)."""

    command_id: ClassVar[CommandId] = CommandId.DELIVER_SM_RESP


@final
class SubmitMulti(RequestPdu, frozen=True, gc=False):
    """submit_multi: one message to 1 to 254 destinations (§4.5.1)."""

    command_id: ClassVar[CommandId] = CommandId.SUBMIT_MULTI
    service_type: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    dest_address: tuple[Destination, ...] = ()
    esm_class: int = 0
    protocol_id: int = 0
    priority_flag: int = 0
    schedule_delivery_time: str = ""
    validity_period: str = ""
    registered_delivery: int = 0
    replace_if_present_flag: int = 0
    data_coding: int = 0
    sm_default_msg_id: int = 0
    short_message: bytes = b""
    tlvs: tuple[Tlv, ...] = ()


class SubmitMultiResp(ResponsePdu, frozen=True, gc=False):
    """submit_multi_resp with the destinations that failed (§4.5.2)."""

    command_id: ClassVar[CommandId] = CommandId.SUBMIT_MULTI_RESP
    message_id: str = ""
    unsuccess_sme: tuple[UnsuccessSme, ...] = ()
    tlvs: tuple[Tlv, ...] = ()


@final
class DataSm(RequestPdu, frozen=True, gc=False):
    """data_sm: a message in TLVs, either way (§4.7.1)."""

    command_id: ClassVar[CommandId] = CommandId.DATA_SM
    service_type: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    dest_addr_ton: int = 0
    dest_addr_npi: int = 0
    destination_addr: str = ""
    esm_class: int = 0
    registered_delivery: int = 0
    data_coding: int = 0
    tlvs: tuple[Tlv, ...] = ()


class DataSmResp(_MessageIdResp, frozen=True, gc=False):
    """data_sm_resp (§4.7.2)."""

    command_id: ClassVar[CommandId] = CommandId.DATA_SM_RESP


class QuerySm(RequestPdu, frozen=True, gc=False):
    """query_sm (§4.8.1)."""

    command_id: ClassVar[CommandId] = CommandId.QUERY_SM
    message_id: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    tlvs: tuple[Tlv, ...] = ()


class QuerySmResp(ResponsePdu, frozen=True, gc=False):
    """query_sm_resp (§4.8.2)."""

    command_id: ClassVar[CommandId] = CommandId.QUERY_SM_RESP
    message_id: str = ""
    final_date: str = ""
    message_state: int = 0
    error_code: int = 0
    tlvs: tuple[Tlv, ...] = ()


class CancelSm(RequestPdu, frozen=True, gc=False):
    """cancel_sm (§4.9.1)."""

    command_id: ClassVar[CommandId] = CommandId.CANCEL_SM
    service_type: str = ""
    message_id: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    dest_addr_ton: int = 0
    dest_addr_npi: int = 0
    destination_addr: str = ""
    tlvs: tuple[Tlv, ...] = ()


class CancelSmResp(ResponsePdu, frozen=True, gc=False):
    """cancel_sm_resp (§4.9.2)."""

    command_id: ClassVar[CommandId] = CommandId.CANCEL_SM_RESP


class ReplaceSm(RequestPdu, frozen=True, gc=False):
    """replace_sm (§4.10.1)."""

    command_id: ClassVar[CommandId] = CommandId.REPLACE_SM
    message_id: str = ""
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    schedule_delivery_time: str = ""
    validity_period: str = ""
    registered_delivery: int = 0
    sm_default_msg_id: int = 0
    short_message: bytes = b""
    tlvs: tuple[Tlv, ...] = ()


class ReplaceSmResp(ResponsePdu, frozen=True, gc=False):
    """replace_sm_resp (§4.10.2)."""

    command_id: ClassVar[CommandId] = CommandId.REPLACE_SM_RESP


BindRequest = BindTransmitter | BindReceiver | BindTransceiver
BindResponse = BindTransmitterResp | BindReceiverResp | BindTransceiverResp
OneWay = Outbind | AlertNotification
Request = (
    BindRequest
    | OneWay
    | Unbind
    | SubmitSm
    | DeliverSm
    | SubmitMulti
    | DataSm
    | QuerySm
    | CancelSm
    | ReplaceSm
    | EnquireLink
)
Response = (
    BindResponse
    | UnbindResp
    | GenericNack
    | SubmitSmResp
    | DeliverSmResp
    | SubmitMultiResp
    | DataSmResp
    | QuerySmResp
    | CancelSmResp
    | ReplaceSmResp
    | EnquireLinkResp
)
Pdu = Request | Response
