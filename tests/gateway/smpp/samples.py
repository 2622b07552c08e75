"""One filled-in value of every PDU, and sessions already bound, for the tests of this folder."""

from gateway.smpp.codes import TlvTag
from gateway.smpp.fields import tlv
from gateway.smpp.pdu import (
    AlertNotification,
    BindReceiver,
    BindReceiverResp,
    BindRequest,
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
    DistributionList,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    Outbind,
    Pdu,
    QuerySm,
    QuerySmResp,
    ReplaceSm,
    ReplaceSmResp,
    SmeAddress,
    SubmitMulti,
    SubmitMultiResp,
    SubmitSm,
    SubmitSmResp,
    Tlv,
    Unbind,
    UnbindResp,
    UnsuccessSme,
)
from gateway.smpp.session import Role, Session

VENDOR = Tlv(0x1400, b"\x00\xff\x80")
ALL: tuple[Pdu, ...] = (
    BindTransmitter(1, "esme", "secret", "test", 0x34, 1, 1, "^62"),
    BindReceiver(2, "esme", "secret"),
    BindTransceiver(3, "esme", "secret", tlvs=(VENDOR,)),
    BindTransmitterResp(1, 0, "smsc", (tlv(TlvTag.SC_INTERFACE_VERSION, 0x34),)),
    BindReceiverResp(2, 0, "smsc"),
    BindTransceiverResp(3, 0, "smsc"),
    Outbind(4, "smsc", "secret"),
    Unbind(5),
    UnbindResp(5, 0),
    GenericNack(6, 3),
    SubmitSm(
        7, "WAP", 1, 1, "6281", 2, 1, "4444", 0x40, 1, 1, "0" * 16, "1" * 16, 1, 1, 8, 2, b"x"
    ),
    SubmitSmResp(7, 0, "abc"),
    DeliverSm(8, source_addr="4444", destination_addr="6281", tlvs=(VENDOR, Tlv(0x424, b"long"))),
    DeliverSmResp(8, 0),
    SubmitMulti(
        9,
        source_addr="4444",
        dest_address=(SmeAddress("6281", 1, 1), DistributionList("friends")),
        short_message=b"hi",
    ),
    SubmitMultiResp(9, 0, "abc", (UnsuccessSme("6281", 11, 1, 1),)),
    DataSm(10, source_addr="6281", destination_addr="4444", tlvs=(Tlv(0x424, b"long"),)),
    DataSmResp(10, 0, "abc", (tlv(TlvTag.DELIVERY_FAILURE_REASON, 1),)),
    QuerySm(11, "abc", 1, 1, "6281"),
    QuerySmResp(11, 0, "abc", "261122200000000+", 2, 0),
    CancelSm(12, "", "abc", 1, 1, "6281", 0, 0, "4444"),
    CancelSmResp(12, 0),
    ReplaceSm(13, "abc", 1, 1, "6281", short_message=b"new"),
    ReplaceSmResp(13, 0),
    EnquireLink(14),
    EnquireLinkResp(14, 0),
    AlertNotification(15, 1, 1, "6281", 0, 0, "4444", (tlv(TlvTag.MS_AVAILABILITY_STATUS, 0),)),
)
SUBMIT = SubmitSm(1, source_addr="6281", destination_addr="4444", short_message=b"REG 1#2#")
DELIVER = DeliverSm(source_addr="4444", destination_addr="6281", short_message=b"ok")


def bound(bind: type[BindRequest] = BindTransceiver, window: int = 10) -> tuple[Session, Session]:
    """Give an ESME and an SMSC that are bound to each other."""
    esme, smsc = Session(Role.ESME, window=window), Session(Role.SMSC, window=window)
    esme.request(bind(system_id="esme"))
    (request,) = smsc.receive(esme.take())
    assert isinstance(request, bind)
    smsc.accept_bind(request, "smsc")
    esme.receive(smsc.take())
    return esme, smsc
