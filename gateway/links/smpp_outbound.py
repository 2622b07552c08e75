"""What a bound ESME is sent: messages in one PDU or several, within the window."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from gateway.core.message import Message, MessageKind
from gateway.links.smpp_account import Account
from gateway.links.smpp_faults import SessionFaults
from gateway.links.smpp_pieces import Pieces, alert_of, pieces_of
from gateway.smpp.pdu import DataSm, DeliverSm
from gateway.smpp.session import Session


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
        for message in messages:
            if message.kind is MessageKind.ALERT:
                session.send(alert_of(message, tlvs=tlvs))
                alerts.append(message.id)
                continue
            pieces = pieces_of(message, account, tlvs=tlvs)
            if len(pieces) > 1 or self._rest or not session.window_free():
                several = Pieces(message.id, len(pieces))
                self._rest.extend((piece, several, message) for piece in pieces)
            else:
                self._send(pieces[0], message.id, message)
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
        elif isinstance(pdu, DeliverSm):
            self._session.deliver(pdu, context)
        else:
            self._session.request(pdu, context)
