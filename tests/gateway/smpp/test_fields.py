import msgspec

from gateway.smpp.codes import CommandId
from gateway.smpp.fields import LAYOUTS
from tests.gateway.smpp.samples import ALL


def test_the_table_has_every_pdu_and_the_samples_show_each() -> None:
    assert set(LAYOUTS) == {one.value for one in CommandId}
    assert {type(pdu) for pdu in ALL} == {layout.pdu for layout in LAYOUTS.values()}


def test_fields_are_those_of_the_value_type_in_order() -> None:
    for layout in LAYOUTS.values():
        names = [field.name for field in msgspec.structs.fields(layout.pdu)]
        head = ["sequence_number", "command_status"] if layout.is_response else ["sequence_number"]
        tail = ["tlvs"] if layout.fields else []
        assert names == [*head, *(field.name for field in layout.fields), *tail]


def test_only_messages_with_a_short_message_exclude_a_payload() -> None:
    assert LAYOUTS[CommandId.REPLACE_SM].has_message
    assert not LAYOUTS[CommandId.DATA_SM].has_message
