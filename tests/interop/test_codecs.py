"""Codecs of other people as judges of ours: what ours writes they read alike, and the reverse.

Fields and TLVs are drawn from the tables of `gateway.smpp` with a fixed seed. Where another codec
breaks the specification, or cannot say a thing, the case is left out by name and with its reason.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Iterable
from typing import Any

import msgspec
import pytest
import smpp34
import smpplib.smpp
from smpplib.gsm import GSM_CHARACTER_TABLE, gsm_encode

from gateway.smpp import codec, pdu
from gateway.smpp.codes import CommandId, TlvTag
from gateway.smpp.fields import LAYOUTS, Field, Kind, Layout
from gateway.smpp.gsm import encode_gsm
from gateway.smpp.segmentation import segments
from gateway.smpp.tlvs import TLV_RULES, TlvKind
from tests.interop.esmes.driver import CLIENTS, HERE, environment_of_node

pytestmark = [pytest.mark.interop, pytest.mark.timeout(120)]

SEED, SAMPLES = 4444, 40
# 8-bit binary, which no codec turns into text; no UDHI, which node-smpp cannot write again.
BINARY, UDHI = 4, 0x40
LETTERS = "0123456789ABCDEFxyz"
TIMES = ("", "260301120000000+", "000002000000000R")
VENDOR = 0x1400


def drawn(layout: Layout, chance: random.Random, tags: Iterable[int]) -> pdu.Pdu:
    """Draw a PDU of a kind, with up to four TLVs out of some."""
    values: dict[str, Any] = {field.name: _value(field, chance) for field in layout.fields}
    if layout.fields:
        values["tlvs"] = _tlvs(chance, sorted(tags), values.get("short_message"))
    return layout.pdu(sequence_number=chance.randrange(1, 0x7FFFFFFF), **values)


def _value(field: Field, chance: random.Random) -> Any:
    match field.kind:
        case Kind.INT1 if field.name == "data_coding":
            return BINARY
        case Kind.INT1:
            octet = chance.randrange(256)
            return octet & ~UDHI if field.name == "esm_class" else octet
        case Kind.CSTRING if field.size == 17:
            return chance.choice(TIMES)
        case Kind.CSTRING:
            return "".join(chance.choices(LETTERS, k=chance.randrange(field.size)))
        case Kind.SHORT_MESSAGE:
            return chance.randbytes(chance.choice((0, 1, 140, 254)))
        case Kind.DESTINATIONS:
            return tuple(_destination(chance) for _ in range(chance.randrange(1, 5)))
        case Kind.UNSUCCESSFUL:
            return tuple(
                pdu.UnsuccessSme("628129", chance.randrange(1 << 32), 1, chance.randrange(19))
                for _ in range(chance.randrange(4))
            )
    raise AssertionError(field)


def _destination(chance: random.Random) -> pdu.Destination:
    if chance.random() < 0.5:
        return pdu.DistributionList("".join(chance.choices(LETTERS, k=chance.randrange(1, 21))))
    return pdu.SmeAddress("628129000000"[: chance.randrange(13)], chance.randrange(7), 1)


def _tlvs(
    chance: random.Random, tags: list[int], short_message: bytes | None
) -> tuple[pdu.Tlv, ...]:
    if short_message:
        tags = [tag for tag in tags if tag != TlvTag.MESSAGE_PAYLOAD]
    chosen = chance.sample(tags, k=min(len(tags), chance.randrange(5)))
    return tuple(pdu.Tlv(tag, _tlv_value(tag, chance)) for tag in chosen)


def _tlv_value(tag: int, chance: random.Random) -> bytes:
    rule = TLV_RULES.get(tag)
    if rule is None:
        return chance.randbytes(chance.randrange(300))
    if rule.kind is TlvKind.CSTRING:
        length = chance.randrange(rule.most)
        return "".join(chance.choices(LETTERS, k=length)).encode() + b"\0"
    return chance.randbytes(chance.randint(rule.least, min(rule.most, 300)))


def samples(command: CommandId, tags: Iterable[int] = ()) -> list[pdu.Pdu]:
    chance = random.Random(f"{SEED} {command.name}")
    # A TLV that is named as a field of its PDU (message_state) is one too many for the others.
    fields = {field.name for field in LAYOUTS[command].fields}
    tags = [tag for tag in tags if tag not in TLV_RULES or TLV_RULES[tag].name not in fields]
    return [drawn(LAYOUTS[command], chance, tags) for _ in range(SAMPLES)]


def name_of(command: CommandId) -> str:
    return command.name.lower()


def in_order_of_tags(one: Any) -> Any:
    """Sort the TLVs: their order is free (SMPP 3.4 section 3.2.4), and smpplib has its own."""
    if not hasattr(one, "tlvs"):
        return one
    tlvs = tuple(sorted(one.tlvs, key=lambda tlv: tlv.tag))
    return msgspec.structs.replace(one, tlvs=tlvs)


# ---- smpplib

SMPPLIB_COMMANDS = (
    CommandId.BIND_TRANSMITTER,
    CommandId.BIND_RECEIVER,
    CommandId.BIND_TRANSCEIVER,
    CommandId.BIND_TRANSCEIVER_RESP,
    CommandId.SUBMIT_SM,
    CommandId.SUBMIT_SM_RESP,
    CommandId.DELIVER_SM,
    CommandId.DATA_SM,
    CommandId.QUERY_SM,
    CommandId.QUERY_SM_RESP,
    CommandId.ENQUIRE_LINK,
    CommandId.UNBIND,
)
# It writes text TLVs with a NUL in the length and none behind, or mixes str and bytes (2.2.4).
SMPPLIB_NEVER = {TlvTag.CALLBACK_NUM_ATAG, TlvTag.SOURCE_SUBADDRESS, TlvTag.DEST_SUBADDRESS}


class Sequence:
    """What smpplib asks for its sequence numbers."""

    def __init__(self, number: int) -> None:
        self.sequence = number

    def next_sequence(self) -> int:
        return self.sequence


def smpplib_tags(command: CommandId) -> list[int]:
    """Give the TLVs that smpplib knows in a PDU and sizes as the specification does."""
    params = smpplib.smpp.make_pdu(name_of(command), client=Sequence(1)).params
    found = []
    for tag, rule in TLV_RULES.items():
        param = params.get(rule.name)
        if param is None or tag in SMPPLIB_NEVER or rule.most == 0:
            continue
        if rule.kind is not TlvKind.INTEGER or param.size == rule.most:
            found.append(tag)
    return found


def smpplib_fields(one: Any) -> dict[str, Any]:
    """Give a PDU of ours as smpplib names it."""
    fields = {field.name: getattr(one, field.name) for field in LAYOUTS[one.command_id].fields}
    for tlv in getattr(one, "tlvs", ()):
        rule = TLV_RULES[tlv.tag]
        match rule.kind:
            case TlvKind.INTEGER:
                fields[rule.name] = int.from_bytes(tlv.value, "big")
            case TlvKind.CSTRING:
                fields[rule.name] = tlv.value[:-1].decode()
            case TlvKind.OCTETS:
                fields[rule.name] = tlv.value
    if "ussd_service_op" in fields:
        fields["ussd_service_op"] = fields["ussd_service_op"][0]
    if "interface_version" in fields:
        fields["interface_version"] = 0x34
    return fields


@pytest.mark.parametrize("command", SMPPLIB_COMMANDS, ids=name_of)
def test_smpplib_reads_what_ours_writes(command: CommandId) -> None:
    for one in samples(command, smpplib_tags(command)):
        read = smpplib.smpp.parse_pdu(codec.encode(one), client=Sequence(1))
        assert read.command == name_of(command)
        assert read.sequence == one.sequence_number
        expected = smpplib_fields(one)
        if "interface_version" in expected:
            expected["interface_version"] = one.interface_version  # type: ignore[union-attr]
        for name, value in expected.items():
            got = getattr(read, name)
            assert (got.decode() if isinstance(value, str) else got or type(value)()) == value


@pytest.mark.parametrize("command", SMPPLIB_COMMANDS, ids=name_of)
def test_ours_reads_what_smpplib_writes(command: CommandId) -> None:
    for one in samples(command, smpplib_tags(command)):
        if isinstance(one, pdu.BindRequest):
            # smpplib writes no other.
            one = msgspec.structs.replace(one, interface_version=0x34)
        if isinstance(one, pdu.DataSm):
            # Nor addresses as long as section 4.7.1 lets them be.
            one = msgspec.structs.replace(
                one, source_addr=one.source_addr[:20], destination_addr=one.destination_addr[:20]
            )
        # It leaves an empty text TLV out.
        fields = smpplib_fields(one)
        made = smpplib.smpp.make_pdu(
            name_of(command), client=Sequence(one.sequence_number), **fields
        )
        read = codec.decode(made.generate())
        kept = _without_empty_tlvs(one)
        assert in_order_of_tags(read) == in_order_of_tags(kept)


def _without_empty_tlvs(one: Any) -> Any:
    if not hasattr(one, "tlvs"):
        return one
    tlvs = tuple(tlv for tlv in one.tlvs if tlv.value not in (b"", b"\0") or _is_integer(tlv))
    return msgspec.structs.replace(one, tlvs=tlvs)


def _is_integer(tlv: pdu.Tlv) -> bool:
    return TLV_RULES[tlv.tag].kind is TlvKind.INTEGER or tlv.tag == TlvTag.USSD_SERVICE_OP


# ---- smpp34

SMPP34: dict[CommandId, Any] = {
    CommandId.SUBMIT_SM: smpp34.SubmitSm,
    CommandId.DELIVER_SM: smpp34.DeliverSm,
}


@pytest.mark.parametrize("command", SMPP34, ids=name_of)
def test_smpp34_reads_what_ours_writes(command: CommandId) -> None:
    for one in samples(command, [*TLV_RULES, VENDOR]):
        read: Any = smpp34.decode(codec.encode(one))
        assert isinstance(read, SMPP34[command])
        for name in ("sequence_number", *(field.name for field in LAYOUTS[command].fields)):
            assert getattr(read, name) == getattr(one, name), name
        theirs = [(tlv.tag, tlv.value) for tlv in read.tlvs]
        assert theirs == [(tlv.tag, tlv.value) for tlv in one.tlvs]  # type: ignore[union-attr]


@pytest.mark.parametrize("command", SMPP34, ids=name_of)
def test_ours_reads_what_smpp34_writes(command: CommandId) -> None:
    for one in samples(command, [*TLV_RULES, VENDOR]):
        fields = {field.name: getattr(one, field.name) for field in LAYOUTS[command].fields}
        tlvs = [smpp34.Tlv(tlv.tag, tlv.value) for tlv in one.tlvs]  # type: ignore[union-attr]
        made = SMPP34[command](**fields, tlvs=tlvs, sequence_number=one.sequence_number)
        octets = made.encode()
        assert codec.decode(octets) == one
        assert octets == codec.encode(one)


# ---- node-smpp

# One octet by the specification (5.3.2.14), two by node-smpp; of no octets (5.3.2.41), one.
NODE_NEVER = {TlvTag.SOURCE_TELEMATICS_ID, TlvTag.ALERT_ON_MESSAGE_DELIVERY}
# Made objects of on reading.
NODE_WRITES_ONLY = {TlvTag.CALLBACK_NUM, TlvTag.CALLBACK_NUM_ATAG, TlvTag.CALLBACK_NUM_PRES_IND}
# Octets to node-smpp: SMPP 5.0 gave the first a second form, the second is two fields in one.
NODE_OCTETS = {TlvTag.MS_VALIDITY, TlvTag.ITS_SESSION_INFO}
NODE_NAMES = {"destination_port": "dest_port"}
NODE_COMMANDS = [one for one in CommandId if one in LAYOUTS]


def asked_of_node(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    reason = CLIENTS["node-smpp"].missing()
    if reason is not None:
        pytest.skip(reason)
    node = shutil.which("node")
    assert node is not None
    done = subprocess.run(
        [node, str(HERE / "node_codec.js")],
        input="".join(json.dumps(one) + "\n" for one in questions),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=environment_of_node(),
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(questions)
    assert [one["failed"] for one in answers if "failed" in one] == []
    return answers


def node_name(tag: int) -> str:
    name = TLV_RULES[tag].name
    return NODE_NAMES.get(name, name)


def node_tlv(tlv: pdu.Tlv) -> Any:
    """Give a TLV's value as node-smpp takes it."""
    rule = TLV_RULES[tlv.tag]
    if _is_integer(tlv) and tlv.tag not in NODE_OCTETS:
        value: Any = int.from_bytes(tlv.value, "big")
    elif rule.kind is TlvKind.CSTRING:
        value = tlv.value[:-1].decode()
    else:
        value = {"hex": tlv.value.hex()}
    return [value] if tlv.tag in NODE_WRITES_ONLY else value


def node_value(value: Any) -> Any:
    match value:
        case bytes():
            return {"hex": value.hex()}
        case tuple():
            return [msgspec.to_builtins(one) for one in value]
    return value


def node_fields(one: Any) -> dict[str, Any]:
    fields = {
        field.name: node_value(getattr(one, field.name)) for field in LAYOUTS[one.command_id].fields
    }
    return fields | {node_name(tlv.tag): node_tlv(tlv) for tlv in getattr(one, "tlvs", ())}


def node_tags(*never: int) -> list[int]:
    return [tag for tag in TLV_RULES if tag not in {*NODE_NEVER, *never}]


@pytest.mark.parametrize("command", NODE_COMMANDS, ids=name_of)
def test_node_smpp_writes_what_ours_writes(command: CommandId) -> None:
    many = samples(command, node_tags())
    asked = [
        {
            "encode": {
                "command": name_of(command),
                "sequence_number": one.sequence_number,
                **node_fields(one),
            }
        }
        for one in many
    ]
    for one, answer in zip(many, asked_of_node(asked), strict=True):
        octets = bytes.fromhex(answer["hex"])
        assert codec.decode(octets) == one
        assert octets == codec.encode(one)


@pytest.mark.parametrize("command", NODE_COMMANDS, ids=name_of)
def test_node_smpp_reads_what_ours_writes(command: CommandId) -> None:
    many = samples(command, node_tags(*NODE_WRITES_ONLY))
    answers = asked_of_node([{"decode": codec.encode(one).hex()} for one in many])
    for one, read in zip(many, answers, strict=True):
        assert read["command"] == name_of(command)
        assert read["sequence_number"] == one.sequence_number
        for name, value in node_fields(one).items():
            # Times become moments of JavaScript's, or none.
            if value not in TIMES:
                assert _node_read(read[name]) == value, name


def _node_read(value: Any) -> Any:
    """Undo node-smpp's message objects: octets that it took for no text."""
    if isinstance(value, dict) and "message" in value:
        return value["message"] or {"hex": ""}
    return value


# ---- text

TEXTS = {
    "gsm": "".join(one for one in GSM_CHARACTER_TABLE[:128] if one not in "`\x1b") + "§^{}\\[~]|€",
    "ucs2": "Selamat datang, 雅加达 😀",
    "long gsm": "Kode {OTP} Anda [1234]. " * 20,
    "long ucs2": "雅加达 😀 " * 40,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_node_smpp_reads_our_text(text: str) -> None:
    parts = segments(text, 7)
    frames = [
        codec.encode(
            pdu.DeliverSm(
                1,
                esm_class=part.esm_class,
                data_coding=part.data_coding,
                short_message=part.short_message,
            )
        )
        for part in parts
    ]
    read = asked_of_node([{"decode": frame.hex()} for frame in frames])
    assert "".join(one["short_message"]["message"] for one in read) == text
    if len(parts) > 1:
        headers = [one["short_message"]["udh"] for one in read]
        total = len(parts)
        assert headers == [
            [{"hex": bytes((0, 3, 7, total, number)).hex()}] for number in range(1, total + 1)
        ]


def test_smpplib_writes_our_gsm() -> None:
    # smpplib knows no section sign.
    text = TEXTS["gsm"].replace("§", "")
    assert gsm_encode(text) == encode_gsm(text)
