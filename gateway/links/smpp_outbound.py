"""What a bound ESME is sent: messages in one PDU or several, within the window."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

from gateway.core.message import Message, MessageKind
from gateway.links.smpp_account import Account
from gateway.links.smpp_faults import SessionFaults
from gateway.links.smpp_pieces import Pieces, alert_of, pieces_of
from gateway.smpp.pdu import DataSm, DeliverSm
from gateway.smpp.session import Session

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_ALERT: Final = MessageKind.ALERT


class Outbound:
    """The sending side of one bind; pieces that find no room in the window wait here."""

    def __init__(
        self, account: Account, session: Session, faults: SessionFaults, *, tlvs: bool
    ) -> None:
        """`tlvs` is whether the ESME knows optional parameters (§3.3)."""
        self._faults = faults
        self._account = account
        self._session = session
        self._tlvs = tlvs
        self._rest: deque[tuple[DeliverSm | DataSm, Pieces, Message]] = deque()

    def free(self) -> int:
        """Say how many more messages may be sent now."""
        return 0 if self._rest else self._faults.free(self._session.window_free())

    def send(self, messages: Sequence[Message]) -> list[int]:
        """Send these; gives the ids of those that are never answered."""
        account, session, tlvs = self._account, self._session, self._tlvs
        alerts: list[int] = []
        # The first that does not fit into the window goes with all after it to the rest.
        room = 0 if self._rest else session.window_free()
        for message in messages:
            if message.kind is _ALERT:
                session.send(alert_of(message, tlvs=tlvs))
                alerts.append(message.id)
                continue
            pieces = pieces_of(message, account, tlvs=tlvs)
            if room > 0 and len(pieces) == 1:
                self._send(pieces[0], message.id, message)
                # A fault may have sent it twice, or not at all.
                room = session.window_free() if self._faults.on else room - 1
            else:
                room = 0
                several = Pieces(message.id, len(pieces))
                self._rest.extend((piece, several, message) for piece in pieces)
        if self._rest:
            self.send_rest()
        return alerts

    def send_rest(self) -> bool:
        """Send what waits, as far as there is room; whether anything was sent."""
        rest, before = self._rest, len(self._rest)
        while rest and self._session.window_free():
            piece, several, message = rest.popleft()
            if not several.failed:
                self._send(piece, several, message)
        return len(rest) < before

    def _send(self, pdu: DeliverSm | DataSm, context: int | Pieces, message: Message) -> None:
        if self._faults.on:
            self._faults.send(message, pdu, context)
        elif type(pdu) is DeliverSm:
            self._session.deliver(pdu, context)
        else:
            self._session.request(pdu, context)
