"""A client under lint: a real session of the SMSC, its lint, and a clock that a test moves."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.smpp.codec import encode
from gateway.smpp.codes import CommandStatus
from gateway.smpp.items import Item
from gateway.smpp.lint.account import AccountLint
from gateway.smpp.lint.session import SessionLint
from gateway.smpp.pdu import BindRequest, BindTransceiver, DeliverSm, Pdu, SubmitSm
from gateway.smpp.session import Role, Session

CALENDAR = 1_519_606_800_000


def account(name: str = "qa", window: int = 0) -> AccountLint:
    return AccountLint(name, lambda text: text, window=window)


def good(sequence: int, text: bytes = b"", to: str = "6281234567891") -> SubmitSm:
    """Give a message with nothing wrong; its text differs by number."""
    return SubmitSm(
        sequence,
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr="6281234567890",
        dest_addr_ton=1,
        dest_addr_npi=1,
        destination_addr=to,
        short_message=text or b"message %d" % sequence,
    )


class Client:
    """One connection of an account."""

    def __init__(self, of: AccountLint, now: float = 1000.0, number: int = 7) -> None:
        self.account = of
        self.nobody = account("")
        self.now = now
        self.number = number
        self.session = Session(Role.SMSC)
        self.lint = SessionLint(self.nobody, 0, now)

    def bind(self, request: BindRequest | None = None) -> Client:
        """Bind and have it accepted."""
        request = request or BindTransceiver(1, "qa", "qa")
        self.says(request)
        self.session.accept_bind(request, "SMSC")
        self.lint.bound(self.account, request, self.number, self.now)
        self.session.take()
        return self

    def says(self, *pdus: Pdu, after: float = 0.0) -> Sequence[Item]:
        """Let the client send these in one read."""
        return self.octets(b"".join(encode(pdu) for pdu in pdus), after)

    def octets(self, data: bytes, after: float = 0.0) -> Sequence[Item]:
        """Let the client send these octets."""
        self.now += after
        items = self.session.receive(data)
        self.lint.received(items, self.session, self.now, CALENDAR)
        return items

    def answered(self, *responses: Pdu, after: float = 0.0) -> None:
        """Let the gateway answer."""
        self.now += after
        for response in responses:
            self.session.respond(response)  # type: ignore[arg-type]
        self.lint.sent(self.session.take(), self.now)

    def deliver(self, count: int = 1) -> list[int]:
        """Let the gateway deliver; gives the sequence numbers."""
        numbers = [self.session.deliver(DeliverSm(), 1) for _ in range(count)]
        self.lint.sent(self.session.take(), self.now)
        return numbers

    def ends(self, *, by_us: bool = False) -> None:
        """End the connection."""
        self.lint.ended(self.now, by_us=by_us)

    @property
    def found(self) -> dict[str, int]:
        """The findings of the account, by id."""
        return counts(self.account)


def counts(of: AccountLint) -> dict[str, int]:
    return {finding.rule.id: finding.count for finding in of.report(0.0).findings}


ROK = CommandStatus.ESME_ROK
