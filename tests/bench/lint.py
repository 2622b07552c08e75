"""Measure what the client lint costs a submit_sm, beside what reading it costs.

    python -m tests.bench.lint

Both in CPU time of this process, in batches as one read of a busy session brings them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from gateway.core.numbers import mask_identities
from gateway.smpp.codec import encode
from gateway.smpp.lint.account import AccountLint
from gateway.smpp.lint.session import SessionLint
from gateway.smpp.pdu import BindTransceiver, SubmitSm
from gateway.smpp.session import Role, Session

_RESPONSE = bytes.fromhex("00000018 80000004 00000000 00000001") + b"1234567\0"


@dataclass(frozen=True)
class Cost:
    """Nanoseconds a submit_sm; `checked` is the share that was looked at closely."""

    read: float
    lint: float
    checked: float


def _octets(first: int, size: int) -> bytes:
    return b"".join(
        encode(
            SubmitSm(
                number,
                source_addr_ton=1,
                source_addr_npi=1,
                source_addr=f"6281{number * 7919 % 10**8:08}",
                dest_addr_npi=1,
                destination_addr="4444",
                short_message=b"REG %016d#3201010101010002#" % number,
            )
        )
        for number in range(first, first + size)
    )


def measure(batch: int, per_second: float, total: int = 50_000) -> Cost:
    """Let a good client send so many at a time, at so many a second."""
    account = AccountLint("qa", mask_identities)
    session, lint = Session(Role.SMSC), SessionLint(account, 0, 0.0)
    bind = BindTransceiver(1, "qa", "qa")
    session.receive(encode(bind))
    session.accept_bind(bind, "SMSC")
    lint.bound(account, bind, 1, 0.0)
    written, now, reading, linting = _RESPONSE * batch, 0.0, 0.0, 0.0
    for first in range(2, total + 2, batch):
        data = _octets(first, batch)
        began = time.process_time()
        items = session.receive(data)
        read = time.process_time()
        lint.received(items, session, now, 0)
        lint.sent(written, now)
        linting += time.process_time() - read
        reading += read - began
        session.unanswered = 0
        now += batch / per_second
    assert account.report(0.0).findings == ()
    seen = account.seen
    return Cost(reading / total * 1e9, linting / total * 1e9, seen.checked / seen.messages)


def main() -> None:
    """Measure at several rates and print a table."""
    print(f"{'batch':>6}{'per s':>10}{'read ns':>10}{'lint ns':>10}{'ratio':>8}{'checked':>9}")
    for batch, rate in ((1, 1_000), (1, 7_000), (10, 50_000), (100, 100_000), (300, 120_000)):
        cost = measure(batch, rate)
        ratio = cost.lint / cost.read
        print(
            f"{batch:>6}{rate:>10,}{cost.read:>10.0f}{cost.lint:>10.0f}{ratio:>8.2f}"
            f"{cost.checked:>9.0%}"
        )


if __name__ == "__main__":
    main()
