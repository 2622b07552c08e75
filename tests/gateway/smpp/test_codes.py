from gateway.smpp.codes import (
    RESPONSE_BIT,
    CommandId,
    CommandStatus,
    EsmClass,
    MessageState,
    Npi,
    RegisteredDelivery,
    TlvTag,
    Ton,
    status_name,
)


def test_every_request_but_the_one_way_ones_has_a_response() -> None:
    requests = {one.value for one in CommandId if one < RESPONSE_BIT}
    responses = {one - RESPONSE_BIT for one in CommandId if one > RESPONSE_BIT}
    assert requests - responses == {CommandId.OUTBIND, CommandId.ALERT_NOTIFICATION}


def test_numbers_are_those_of_the_specification() -> None:
    assert (CommandStatus.ESME_RINVDSTADR, CommandStatus.ESME_RTHROTTLED) == (0x0B, 0x58)
    assert len(CommandStatus) == 48
    assert (TlvTag.MESSAGE_PAYLOAD, TlvTag.SC_INTERFACE_VERSION) == (0x0424, 0x0210)
    assert len(TlvTag) == 44
    assert (MessageState.DELIVERED, Ton.ALPHANUMERIC, Npi.WAP) == (2, 5, 18)


def test_bits_do_not_overlap() -> None:
    assert EsmClass.MODE_MASK | EsmClass.TYPE_MASK | EsmClass.UDHI | EsmClass.REPLY_PATH == 0xFF
    masks = RegisteredDelivery.RECEIPT_MASK | RegisteredDelivery.SME_ACK_MASK
    assert masks | RegisteredDelivery.INTERMEDIATE == 0x1F


def test_status_name() -> None:
    assert status_name(0x58) == "ESME_RTHROTTLED"
    assert status_name(0x400) == "0x00000400"
