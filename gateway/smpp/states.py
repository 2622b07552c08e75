"""Which end may send what in which state of the session: the operation matrix as a table.

Source: SMPP 3.4 §2.2 (states), §2.3 (table 2-1). A response may be sent by the other end wherever
its request may. data_sm goes the way of submit_sm from the ESME and of deliver_sm from the SMSC.
UNBINDING is the time between an unbind and its response: requests are over, responses still pass.
"""

from enum import Enum, auto
from typing import Final

import msgspec

from gateway.smpp.codes import RESPONSE_BIT, CommandId


class Role(Enum):
    """Which end of the session this is."""

    ESME = auto()
    SMSC = auto()


class State(Enum):
    """Session states (§2.2)."""

    OPEN = auto()
    BOUND_TX = auto()
    BOUND_RX = auto()
    BOUND_TRX = auto()
    UNBINDING = auto()
    CLOSED = auto()


class Rule(msgspec.Struct, frozen=True):
    """The states in which each end may send a request."""

    by_esme: frozenset[State]
    by_smsc: frozenset[State]

    def by(self, role: Role) -> frozenset[State]:
        """Give the states in which this end may send it."""
        return self.by_esme if role is Role.ESME else self.by_smsc


_NEVER: Final[frozenset[State]] = frozenset()
_OPEN: Final = frozenset({State.OPEN})
_TX: Final = frozenset({State.BOUND_TX, State.BOUND_TRX})
_RX: Final = frozenset({State.BOUND_RX, State.BOUND_TRX})
BOUND: Final = _TX | _RX
"""The states after a successful bind."""

RULES: Final[dict[CommandId, Rule]] = {
    CommandId.BIND_TRANSMITTER: Rule(_OPEN, _NEVER),
    CommandId.BIND_RECEIVER: Rule(_OPEN, _NEVER),
    CommandId.BIND_TRANSCEIVER: Rule(_OPEN, _NEVER),
    CommandId.OUTBIND: Rule(_NEVER, _OPEN),
    CommandId.UNBIND: Rule(BOUND, BOUND),
    CommandId.SUBMIT_SM: Rule(_TX, _NEVER),
    CommandId.SUBMIT_MULTI: Rule(_TX, _NEVER),
    CommandId.DATA_SM: Rule(_TX, _RX),
    CommandId.DELIVER_SM: Rule(_NEVER, _RX),
    CommandId.QUERY_SM: Rule(_TX, _NEVER),
    CommandId.CANCEL_SM: Rule(_TX, _NEVER),
    CommandId.REPLACE_SM: Rule(_TX, _NEVER),
    CommandId.ENQUIRE_LINK: Rule(BOUND, BOUND),
    CommandId.ALERT_NOTIFICATION: Rule(_NEVER, _RX),
}

BINDS: Final = {
    CommandId.BIND_TRANSMITTER.value: State.BOUND_TX,
    CommandId.BIND_RECEIVER.value: State.BOUND_RX,
    CommandId.BIND_TRANSCEIVER.value: State.BOUND_TRX,
}
"""The state that each bind leads to (§2.2)."""

ONE_WAY: Final = frozenset({CommandId.OUTBIND.value, CommandId.ALERT_NOTIFICATION.value})
"""Requests that have no response."""

_BY_THE_SESSION: Final = frozenset({CommandId.UNBIND, CommandId.ENQUIRE_LINK}) | BINDS.keys()


def _other(role: Role) -> Role:
    return Role.SMSC if role is Role.ESME else Role.ESME


def _requests(role: Role, state: State) -> frozenset[int]:
    return frozenset(one.value for one, rule in RULES.items() if state in rule.by(role))


def _responses(role: Role, state: State) -> frozenset[int]:
    asked = _requests(_other(role), state) - ONE_WAY
    if state is State.UNBINDING:
        asked = frozenset(one for bound in BOUND for one in _requests(_other(role), bound))
        asked -= ONE_WAY
    return frozenset(one | RESPONSE_BIT for one in asked) | {CommandId.GENERIC_NACK.value}


_EVERY: Final = [(role, state) for role in Role for state in State]

MAY_REQUEST: Final = {(role, state): _requests(role, state) for role, state in _EVERY}
"""The requests that this end may send in this state."""

MAY_RESPOND: Final = {(role, state): _responses(role, state) for role, state in _EVERY}
"""The responses that this end may send in this state."""

FOR_APPLICATION: Final = {
    (role, state): _requests(_other(role), state) - _BY_THE_SESSION for role, state in _EVERY
}
"""The requests of the other end that the application decides in this state, binds apart."""
