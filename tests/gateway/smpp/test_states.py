import pytest

from gateway.smpp.codes import CommandId
from gateway.smpp.states import (
    BINDS,
    FOR_APPLICATION,
    MAY_REQUEST,
    MAY_RESPOND,
    RULES,
    Role,
    State,
)

TX, RX, TRX, OPEN = State.BOUND_TX, State.BOUND_RX, State.BOUND_TRX, State.OPEN


@pytest.mark.parametrize(
    ("command", "role", "states"),
    [
        (CommandId.BIND_TRANSCEIVER, Role.ESME, {OPEN}),
        (CommandId.BIND_TRANSCEIVER, Role.SMSC, set()),
        (CommandId.OUTBIND, Role.SMSC, {OPEN}),
        (CommandId.SUBMIT_SM, Role.ESME, {TX, TRX}),
        (CommandId.SUBMIT_SM, Role.SMSC, set()),
        (CommandId.DELIVER_SM, Role.SMSC, {RX, TRX}),
        (CommandId.DELIVER_SM, Role.ESME, set()),
        (CommandId.DATA_SM, Role.ESME, {TX, TRX}),
        (CommandId.DATA_SM, Role.SMSC, {RX, TRX}),
        (CommandId.QUERY_SM, Role.ESME, {TX, TRX}),
        (CommandId.ALERT_NOTIFICATION, Role.SMSC, {RX, TRX}),
        (CommandId.ENQUIRE_LINK, Role.SMSC, {TX, RX, TRX}),
        (CommandId.UNBIND, Role.SMSC, {TX, RX, TRX}),
    ],
)
def test_the_operation_matrix(command: CommandId, role: Role, states: set[State]) -> None:
    assert {state for state in State if command in MAY_REQUEST[role, state]} == states


def test_every_request_has_a_rule() -> None:
    assert set(RULES) == {one for one in CommandId if one < CommandId.GENERIC_NACK}


def test_responses_mirror_requests_and_outlast_an_unbind() -> None:
    assert CommandId.SUBMIT_SM_RESP in MAY_RESPOND[Role.SMSC, TX]
    assert CommandId.SUBMIT_SM_RESP not in MAY_RESPOND[Role.SMSC, RX]
    assert CommandId.SUBMIT_SM_RESP not in MAY_RESPOND[Role.ESME, TRX]
    assert CommandId.SUBMIT_SM_RESP in MAY_RESPOND[Role.SMSC, State.UNBINDING]
    assert CommandId.DELIVER_SM_RESP in MAY_RESPOND[Role.ESME, State.UNBINDING]
    assert MAY_REQUEST[Role.SMSC, State.UNBINDING] == frozenset()


def test_the_application_gets_messages_not_session_business() -> None:
    assert CommandId.SUBMIT_SM in FOR_APPLICATION[Role.SMSC, TRX]
    assert not FOR_APPLICATION[Role.SMSC, TRX] & (BINDS.keys() | {CommandId.ENQUIRE_LINK})
