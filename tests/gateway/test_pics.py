"""The PICS against the code: every line is there, and every claim is what the source does."""

from __future__ import annotations

import ast
from typing import Any, Final

import msgspec
import pytest

from gateway.config import SmppConfig
from gateway.core.origin import Body
from gateway.links.smpp_asks import ASKED
from gateway.links.smpp_delivery import Taken, taken
from gateway.links.smpp_parts import passed_on
from gateway.pics import CLAIM, Pics, markdown, pics
from gateway.smpp.codec import decode
from gateway.smpp.codes import (
    RESPONSE_BIT,
    CommandId,
    CommandStatus,
    DataCoding,
    EsmClass,
    MessageState,
    RegisteredDelivery,
    TlvTag,
)
from gateway.smpp.fields import LAYOUTS, TLV_RULES
from gateway.smpp.pdu import BindReceiver, BindTransceiver, BindTransmitter, DeliverSmResp
from gateway.smpp.session import Role, Session
from gateway.smpp.states import ONE_WAY, RULES
from gateway.smpp.timers import Limits
from tests.architecture.sources import ROOT, modules, tree, within

README: Final = ROOT / "README.md"
BEGIN, END = "<!-- pics -->\n", "<!-- /pics -->\n"
SAID: Final = pics()


def lines() -> list[tuple[str, str]]:
    """Give every claim with where it stands."""
    found = []
    for section, rows in msgspec.to_builtins(SAID).items():
        for row in rows:
            for key in ("received", "sent", "done"):
                if key in row:
                    found.append((f"{section}: {row['name']}: {key}", row[key]))
    return found


@pytest.mark.parametrize(("place", "claim"), lines())
def test_a_claim_is_yes_or_has_its_reason(place: str, claim: str) -> None:
    assert CLAIM(claim), f"{place}: {claim!r}"


def yes(claim: str) -> bool:
    return claim.startswith("yes")


# ---- PDUs


def directions(command_id: CommandId) -> tuple[bool, bool]:
    """Say whether the specification has this PDU from an ESME, and to one."""
    if command_id is CommandId.GENERIC_NACK:
        return True, True
    asked = CommandId(command_id & ~RESPONSE_BIT)
    from_esme, to_esme = bool(RULES[asked].by_esme), bool(RULES[asked].by_smsc)
    return (from_esme, to_esme) if command_id == asked else (to_esme, from_esme)


def test_every_pdu_has_its_line_and_its_directions() -> None:
    assert {one.name.upper() for one in SAID.pdus} == {one.name for one in CommandId}
    assert {one.value for one in CommandId} == set(LAYOUTS)
    for line in SAID.pdus:
        from_esme, to_esme = directions(CommandId[line.name.upper()])
        assert (line.received != "-", line.sent != "-") == (from_esme, to_esme), line.name


def uses(name: str) -> bool:
    """Whether the code makes a PDU of this type: by its name, or as a factory."""
    listed = ("gateway.smpp.codec", "gateway.smpp.pdu", "gateway.smpp.fields", "gateway.smpp.fast")
    for module in modules():
        if not within(module, "gateway") or any(within(module, one) for one in listed):
            continue
        for node in ast.walk(tree(module)):
            match node:
                case ast.Call(func=ast.Name(id=called)) if called == name:
                    return True
                # make = CancelSmResp if ... else ReplaceSmResp
                case ast.Assign(value=ast.IfExp(body=ast.Name(id=one), orelse=ast.Name(id=two))):
                    if name in (one, two):
                        return True
                case _:
                    pass
    return False


def of_the_session() -> set[str]:
    """Give the responses that a session makes by the table, seen by making it do so."""
    said = set()
    for bind in (BindTransmitter, BindReceiver, BindTransceiver):
        session = Session(Role.SMSC)
        request = bind(1, "esme", "pw", interface_version=0x34)
        session.receive(b"\0\0\0\x10\0\0\x09\x99\0\0\0\0\0\0\0\1")
        nack = decode(session.take())
        session._binding = True
        session.accept_bind(request, "smsc")
        for answer in (nack, decode(session.take())):
            said.add(type(answer).__name__)
    return said


def test_what_is_said_to_be_sent_is_made_somewhere_and_nothing_else() -> None:
    by_table = of_the_session()
    wrong = []
    for line in SAID.pdus:
        name = LAYOUTS[CommandId[line.name.upper()]].pdu.__name__
        to_esme = directions(CommandId[line.name.upper()])[1]
        if to_esme and yes(line.sent) != (name in by_table or uses(name)):
            wrong.append(line.name)
    assert not wrong


def test_what_is_said_to_be_received_is_decided_or_dealt_with_by_the_session() -> None:
    by_the_session = {"unbind", "enquire_link", *(one for one in names() if one.startswith("bind"))}
    for line in SAID.pdus:
        command_id = CommandId[line.name.upper()]
        if line.received == "-" or command_id & RESPONSE_BIT:
            continue
        decided = LAYOUTS[command_id].pdu in ASKED
        assert yes(line.received) == (decided or line.name in by_the_session), line.name
        assert command_id not in ONE_WAY


def names() -> set[str]:
    return {one.name for one in SAID.pdus}


# ---- fields and TLVs


def test_every_field_has_its_line() -> None:
    fields = {field.name for layout in LAYOUTS.values() for field in layout.fields}
    assert {one.name for one in SAID.fields} == fields


def attributes(owner: str, but: tuple[str, ...]) -> set[str]:
    """Give the attributes of a class that the code names, outside of some modules."""
    found = set()
    for module in modules():
        if not within(module, "gateway") or any(within(module, one) for one in but):
            continue
        aliases = {owner}
        for node in ast.walk(tree(module)):
            # _S = CommandStatus, _S: Final = CommandStatus
            match node:
                case ast.Assign(targets=[ast.Name(id=alias)], value=ast.Name(id=name)):
                    if name == owner:
                        aliases.add(alias)
                case ast.AnnAssign(target=ast.Name(id=alias), value=ast.Name(id=name)):
                    if name == owner:
                        aliases.add(alias)
                case _:
                    pass
        for node in ast.walk(tree(module)):
            match node:
                case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in aliases:
                    found.add(attribute)
                case _:
                    pass
    return found


def test_every_tlv_has_its_line() -> None:
    assert {one.name.upper() for one in SAID.tlvs} == {tag.name for tag in TlvTag}
    assert {tag.value for tag in TlvTag} == set(TLV_RULES)


def made_tlvs() -> set[str]:
    """Give the tags that the code makes a TLV of: the first argument of tlv() or Tlv().

    What is rebuilt for people to look at goes to no ESME.
    """
    found = set()
    for module in modules():
        if module == "gateway.links.smpp_rebuilt":
            continue
        if not within(module, "gateway.smpp") and not within(module, "gateway.links"):
            continue
        named = {}
        for node in ast.walk(tree(module)):
            match node:
                case ast.AnnAssign(target=ast.Name(id=alias), value=value) if value is not None:
                    named[alias] = tags(value)
                case _:
                    pass
        for node in ast.walk(tree(module)):
            match node:
                case ast.Call(func=ast.Name(id="tlv" | "Tlv"), args=[ast.Name(id=alias), *_]):
                    found |= named.get(alias, set())
                case ast.Call(func=ast.Name(id="tlv" | "Tlv"), args=[first, *_]):
                    found |= tags(first)
                case _:
                    pass
    return found


def tags(node: ast.AST) -> set[str]:
    """Give the tags that an expression names."""
    return {
        one.attr
        for one in ast.walk(node)
        if isinstance(one, ast.Attribute)
        and isinstance(one.value, ast.Name)
        and one.value.id == "TlvTag"
    }


def test_a_tlv_said_to_be_sent_is_passed_on_or_made_somewhere_and_no_other() -> None:
    made = made_tlvs()
    for line in SAID.tlvs:
        tag = TlvTag[line.name.upper()]
        passed = bool(passed_on(Body(tlvs=((tag.value, b"x"),))))
        assert ("passed on" in line.sent) == passed, line.name
        assert yes(line.sent) == (passed or tag.name in made), line.name


# ---- statuses


def test_every_status_has_its_line() -> None:
    assert [one.name for one in SAID.statuses] == [one.name for one in CommandStatus]


# Named there because an ESME may answer with it, or because lint looks for it.
READ_ONLY: Final = ("gateway.smpp.codes", "gateway.links.smpp_delivery", "gateway.smpp.lint")


def test_a_status_said_to_be_sent_is_in_the_code_and_no_other() -> None:
    sent = attributes("CommandStatus", READ_ONLY)
    claimed = {one.name for one in SAID.statuses if yes(one.sent)}
    assert claimed == {name for name in sent if name.startswith("ESME_")}


def test_what_an_esme_may_answer_is_understood() -> None:
    later = {"ESME_RX_T_APPN", "ESME_RMSGQFUL", "ESME_RTHROTTLED"}
    for line in SAID.statuses:
        meaning, _ = taken(DeliverSmResp(1, CommandStatus[line.name]))
        if line.name == "ESME_ROK":
            assert meaning is Taken.CONFIRMED
        else:
            assert meaning is (Taken.LATER if line.name in later else Taken.NEVER)


# ---- timers and values


def test_every_timer_has_its_line_and_its_key() -> None:
    assert tuple(one.name for one in SAID.timers) == Limits.__struct_fields__
    for line in SAID.timers:
        assert line.key in SmppConfig.__struct_fields__


def constants(owner: type) -> set[int]:
    return {
        value for name, value in vars(owner).items() if name.isupper() and not name.endswith("MASK")
    }


@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("registered_delivery", constants(RegisteredDelivery)),
        ("esm_class", constants(EsmClass)),
        ("data_coding", constants(DataCoding)),
        ("message_state", {state.value for state in MessageState}),
    ],
)
def test_every_value_has_its_line(section: str, values: set[int]) -> None:
    rows: Any = getattr(SAID, section)
    assert [row.value for row in rows] == sorted(values)


# ---- as read


def test_the_readme_has_the_statement(request: pytest.FixtureRequest) -> None:
    text = README.read_text()
    before, begin, rest = text.partition(BEGIN)
    held, end, after = rest.partition(END)
    assert begin, f"write the line {BEGIN!r} where the tables belong"
    assert end, f"write the line {END!r} behind them"
    if request.config.getoption("--update-golden"):
        README.write_text(before + BEGIN + markdown() + END + after)
        return
    assert held == markdown(), "run pytest --update-golden tests/gateway/test_pics.py"


def test_the_statement_is_read_strictly() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.toml.decode(b"pdus = [{ name = 'x', colour = 'red' }]", type=Pics)
