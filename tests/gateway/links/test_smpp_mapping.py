"""submit_sm to event, answer to submit_sm_resp."""

from __future__ import annotations

import pytest

from gateway.config import DEFAULT_ACCOUNTS, AccountConfig, LimitsConfig
from gateway.core.events import (
    Body,
    Esme,
    MessagingMode,
    MoSms,
    MtSms,
    Part,
    PartKey,
    SmeAddress,
)
from gateway.links.smpp_mapping import (
    Refusal,
    Sender,
    event_of,
    senders,
    source_of,
)
from gateway.smpp.codes import CommandStatus, TlvTag
from gateway.smpp.pdu import DataSm, SubmitSm, Tlv

NOW = 1_519_606_800_000  # 2018-02-26T08:00 WIB, 01:00 UTC
HANDSET = "6281234567890"
SENDERS = senders(
    (*DEFAULT_ACCOUNTS, AccountConfig(system_id="bank", password="b", serves=("3355",))), "4444"
)
QA, A2P, DESK = SENDERS["qa"], SENDERS["a2p"], SENDERS["reg4444"]


def submit(source: str, destination: str, **fields: object) -> SubmitSm:
    values = {"source_addr_ton": 1, "source_addr_npi": 1, "dest_addr_npi": 1, **fields}
    return SubmitSm(
        7,
        source_addr=source,
        destination_addr=destination,
        **{"short_message": b"halo", **values},  # type: ignore[arg-type]
    )


def event(pdu: SubmitSm, sender: Sender) -> MoSms | MtSms:
    read = event_of(pdu, sender, 3, NOW)
    assert not isinstance(read, Refusal), read
    return read


def refused(pdu: SubmitSm, sender: Sender) -> CommandStatus:
    read = event_of(pdu, sender, 3, NOW)
    assert isinstance(read, Refusal), read
    assert read.why
    return read.status


# ---- who sends


@pytest.mark.parametrize(
    ("written", "ton"),
    [
        (HANDSET, 1),
        ("+6281234567890", 1),
        ("081234567890", 2),
        ("81234567890", 2),
        ("081234567890", 0),
        (HANDSET, 4),
    ],
)
def test_an_account_that_speaks_for_handsets(written: str, ton: int) -> None:
    pdu = submit(written, "4444", source_addr_ton=ton, registered_delivery=1, dest_addr_ton=3)
    assert event_of(pdu, QA, 3, NOW) == MoSms(
        sender=HANDSET,  # type: ignore[arg-type]
        to="4444",
        text="halo",
        via=Esme("qa", 3, SmeAddress(ton, 1, written), SmeAddress(3, 1, "4444"), 1),
    )


@pytest.mark.parametrize(
    ("written", "to"),
    [("081298765432", "6281298765432"), ("4444", "4444"), ("112", "112"), ("3355", "3355")],
)
def test_handset_to_anybody(written: str, to: str) -> None:
    read = event(submit(HANDSET, written), QA)
    assert isinstance(read, MoSms)
    assert read.to == to


def test_names_are_no_handsets() -> None:
    read = event(submit("081234567890", HANDSET, source_addr_ton=5), QA)
    assert read == MtSms(
        "081234567890",
        HANDSET,
        "halo",
        Esme("qa", 3, SmeAddress(5, 1, "081234567890"), SmeAddress(0, 1, HANDSET)),
    )


@pytest.mark.parametrize(
    ("written", "ton", "source"),
    [
        ("BANK", 5, "BANK"),
        ("BANK", 0, "BANK"),
        ("081234567890", 2, HANDSET),
        ("3344", 3, "3344"),
        ("+44 20 7946", 1, "+44 20 7946"),
        ("", 0, "a2p"),
    ],
)
def test_an_account_that_sends_to_subscribers(written: str, ton: int, source: str) -> None:
    read = event(submit(written, "081298765432", source_addr_ton=ton), A2P)
    assert isinstance(read, MtSms)
    assert (read.source, read.to) == (source, "6281298765432")
    assert source_of(SmeAddress(ton, 1, written), "a2p") == source


def test_short_codes_belong_to_who_serves_them() -> None:
    assert refused(submit("4444", HANDSET), A2P) is CommandStatus.ESME_RINVSRCADR
    assert refused(submit("4444", HANDSET), SENDERS["bank"]) is CommandStatus.ESME_RINVSRCADR
    assert refused(submit("4444", HANDSET, source_addr_ton=5), A2P) is CommandStatus.ESME_RINVSRCADR
    assert refused(submit("3355", HANDSET), DESK) is CommandStatus.ESME_RINVSRCADR
    assert refused(submit("4444", HANDSET), QA) is CommandStatus.ESME_RINVSRCADR
    assert isinstance(event(submit("4444", HANDSET), DESK), MtSms)
    assert isinstance(event(submit("3355", HANDSET), SENDERS["bank"]), MtSms)


@pytest.mark.parametrize("destination", ["", "x", "12345678", "0212345678", "+14155550100", "0"])
def test_destinations_that_are_none(destination: str) -> None:
    assert refused(submit(HANDSET, destination), QA) is CommandStatus.ESME_RINVDSTADR
    assert refused(submit("BANK", destination), A2P) is CommandStatus.ESME_RINVDSTADR


def test_only_handsets_send_to_short_codes() -> None:
    assert refused(submit("BANK", "4444"), A2P) is CommandStatus.ESME_RINVDSTADR
    assert refused(submit("BANK", "4444"), QA) is CommandStatus.ESME_RINVSRCADR


def test_identities_do_not_reach_the_reason() -> None:
    read = event_of(submit("BANK", "3201010101010001"), A2P, 3, NOW)
    assert isinstance(read, Refusal)
    assert "3201010101010001" not in read.why


# ---- what it says


@pytest.mark.parametrize(
    ("data_coding", "octets", "text"),
    [
        (0, b"\x00 halo", "@ halo"),
        (0, b"", ""),
        (3, b"caf\xe9", "café"),
        (8, "harga €5 😀".encode("utf-16-be"), "harga €5 😀"),
        (0xF5, b"\x01\x02", "\x01\x02"),
    ],
)
def test_text(data_coding: int, octets: bytes, text: str) -> None:
    pdu = submit(HANDSET, "4444", data_coding=data_coding, short_message=octets)
    assert event(pdu, QA).text == text


def test_text_in_a_payload_and_behind_a_header() -> None:
    long = b"a" * 300
    pdu = submit(HANDSET, "4444", short_message=b"", tlvs=(Tlv(TlvTag.MESSAGE_PAYLOAD, long),))
    assert event(pdu, QA).text == "a" * 300
    pdu = submit(HANDSET, "4444", esm_class=0x40, short_message=b"\x05\x00\x03\x01\x02\x01halo")
    assert event(pdu, QA).text == "halo"


# ---- when


@pytest.mark.parametrize(
    ("written", "validity"),
    [
        ("", 0),
        ("000001000000000R", 86_400_000),
        ("180226110000028+", 3 * 3_600_000),
        ("180226020000000+", 3_600_000),
    ],
)
def test_validity(written: str, validity: int) -> None:
    assert event(submit("BANK", HANDSET, validity_period=written), A2P).via == Esme(
        "a2p", 3, SmeAddress(1, 1, "BANK"), SmeAddress(0, 1, HANDSET), 0, validity
    )


@pytest.mark.parametrize("written", ["180226010000000+", "170101000000000+", "tomorrow", "0R"])
def test_validity_that_is_over_or_none(written: str) -> None:
    pdu = submit("BANK", HANDSET, validity_period=written)
    assert refused(pdu, A2P) is CommandStatus.ESME_RINVEXPIRY


@pytest.mark.parametrize("written", ["soon", "181399000000000+"])
def test_schedule_that_is_malformed(written: str) -> None:
    pdu = submit("BANK", HANDSET, schedule_delivery_time=written)
    assert refused(pdu, A2P) is CommandStatus.ESME_RINVSCHED


@pytest.mark.parametrize(
    ("written", "not_before"),
    [("170101000000000+", 0), ("000001000000000R", NOW + 86_400_000)],
)
def test_schedule(written: str, not_before: int) -> None:
    read = event(submit("BANK", HANDSET, schedule_delivery_time=written), A2P)
    assert isinstance(read.via, Esme)
    assert read.via.not_before == not_before


@pytest.mark.parametrize("esm_class", [0x04, 0x20, 0x3C, 0xFF])
def test_esm_class_that_is_the_smscs(esm_class: int) -> None:
    pdu = submit(HANDSET, "4444", esm_class=esm_class)
    assert refused(pdu, QA) is CommandStatus.ESME_RINVESMCLASS


def test_sources_that_an_account_is_limited_to() -> None:
    limits = LimitsConfig(source_addresses=("BANK", "62812*"))
    account = AccountConfig(system_id="qa", password="q", speaks_for_handsets=True, limits=limits)
    sender = senders((account,), "4444")["qa"]
    assert isinstance(event(submit("081234567890", "4444"), sender), MoSms)
    assert refused(submit("6281334567890", "4444"), sender) is CommandStatus.ESME_RINVSRCADR


# ---- what else an ESME asks


def asked(pdu: SubmitSm | DataSm) -> Esme:
    read = event_of(pdu, A2P, 3, NOW)
    assert isinstance(read, MtSms)
    return read.via


def test_what_a_submit_sm_asks_for_is_kept() -> None:
    pdu = submit(
        "BANK",
        HANDSET,
        service_type="VMN",
        priority_flag=2,
        replace_if_present_flag=1,
        registered_delivery=0x11,
        validity_period="000001000000000R",
        schedule_delivery_time="000000010000000R",
        tlvs=(Tlv(TlvTag.USER_MESSAGE_REFERENCE, b"\x12\x34"),),
    )
    assert asked(pdu) == Esme(
        "a2p",
        3,
        SmeAddress(1, 1, "BANK"),
        SmeAddress(0, 1, HANDSET),
        registered_delivery=0x11,
        validity=86_400_000,
        not_before=NOW + 3_600_000,
        priority=2,
        service_type="VMN",
        reference=0x1234,
        replaces=True,
    )


@pytest.mark.parametrize(
    ("esm_class", "mode"),
    [
        (0, MessagingMode.STORE_AND_FORWARD),
        (1, MessagingMode.DATAGRAM),
        (2, MessagingMode.FORWARD),
        (3, MessagingMode.STORE_AND_FORWARD),
        (0x42, MessagingMode.FORWARD),
    ],
)
def test_the_messaging_mode_is_in_esm_class(esm_class: int, mode: MessagingMode) -> None:
    assert asked(submit("BANK", HANDSET, esm_class=esm_class)).mode is mode


def data(*tlvs: Tlv, **fields: object) -> DataSm:
    values = {"source_addr": "BANK", "destination_addr": HANDSET, **fields}
    return DataSm(9, tlvs=tlvs, **values)  # type: ignore[arg-type]


def test_data_sm_asks_in_tlvs() -> None:
    via = asked(
        data(
            Tlv(TlvTag.QOS_TIME_TO_LIVE, b"\0\0\0\x3c"),
            Tlv(TlvTag.SET_DPF, b"\x01"),
            Tlv(TlvTag.USER_MESSAGE_REFERENCE, b"\0\x07"),
            service_type="WAP",
            registered_delivery=1,
            esm_class=2,
        )
    )
    assert (via.validity, via.set_dpf, via.reference) == (60_000, True, 7)
    assert (via.service_type, via.registered_delivery) == ("WAP", 1)
    assert via.mode is MessagingMode.FORWARD
    plain = asked(data())
    assert (plain.validity, plain.set_dpf, plain.reference) == (0, False, -1)


def test_the_text_of_data_sm_is_its_payload() -> None:
    read = event_of(data(Tlv(TlvTag.MESSAGE_PAYLOAD, b"halo semua")), A2P, 3, NOW)
    assert isinstance(read, MtSms)
    assert (read.text, read.body) == ("halo semua", None)


def test_a_message_that_is_not_predefined() -> None:
    pdu = submit("BANK", HANDSET, sm_default_msg_id=3)
    assert refused(pdu, A2P) is CommandStatus.ESME_RINVDFTMSGID


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"priority_flag": 4}, CommandStatus.ESME_RINVPRTFLG),
        ({"replace_if_present_flag": 2}, CommandStatus.ESME_RINVREPFLAG),
        ({"registered_delivery": 0x20}, CommandStatus.ESME_RINVREGDLVFLG),
    ],
)
def test_flags_that_mean_nothing(fields: dict[str, int], status: CommandStatus) -> None:
    pdu = submit("BANK", HANDSET, **fields)
    assert refused(pdu, A2P) is status
    read = event_of(pdu, A2P, 3, NOW)
    assert isinstance(read, Refusal)
    assert all(f"{name} {value}" in read.why for name, value in fields.items())


def test_a_refused_data_sm_shows_its_own_fields() -> None:
    read = event_of(data(registered_delivery=0x20), A2P, 3, NOW)
    assert read == Refusal(
        CommandStatus.ESME_RINVREGDLVFLG, "esm_class 0x00, registered_delivery 32"
    )


def test_a_part_keeps_its_place_and_its_body() -> None:
    header = b"\x05\x00\x03\x2a\x02\x01"
    read = event(submit("BANK", HANDSET, esm_class=0x40, short_message=header + b"Promo "), A2P)
    key = PartKey("a2p", "BANK", HANDSET, "8 bits", 0x2A, 2)
    assert read.part == Part(key, 1)
    assert read.text == "Promo "
    assert read.body == Body(0, 0x40, 0, header, b"Promo ")
    whole = event(submit("BANK", HANDSET), A2P)
    assert (whole.part, whole.body) == (None, None)


def test_a_handset_s_part_is_of_its_own_number() -> None:
    tlvs = tuple(
        Tlv(tag, value)
        for tag, value in (
            (TlvTag.SAR_MSG_REF_NUM, b"\0\x07"),
            (TlvTag.SAR_TOTAL_SEGMENTS, b"\x02"),
            (TlvTag.SAR_SEGMENT_SEQNUM, b"\x02"),
        )
    )
    read = event(submit("081234567890", "4444", tlvs=tlvs), QA)
    assert read.part == Part(PartKey("qa", HANDSET, "4444", "sar", 7, 2), 2)


def test_what_a_text_does_not_say_is_kept() -> None:
    pdu = submit("BANK", HANDSET, data_coding=4, protocol_id=0x41, short_message=b"\0\xff")
    assert event(pdu, A2P).body == Body(4, 0, 0x41, b"", b"\0\xff")
