"""PDUs that came over no connection: what they mean if an account sends them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import structs

from gateway.config import SmppConfig
from gateway.core.events import MoSms, MtSms
from gateway.links.smpp_exchange import account_key
from gateway.links.smpp_mapping import Refusal, Sender, event_of, senders
from gateway.smpp.pdu import SubmitSm

# A session that nobody has: what is for the sender goes to whichever session is bound.
_NO_SESSION = 0


def injectors(smscs: Iterable[SmppConfig], registration_code: str) -> dict[str, Sender]:
    """Say what each account of all SMSCs may send as, by the account's key."""
    return {
        account_key(smsc, row): structs.replace(sender, account=account_key(smsc, row))
        for smsc in smscs
        for row, sender in zip(
            smsc.accounts, senders(smsc.accounts, registration_code).values(), strict=True
        )
    }


def injected(
    by: Mapping[str, Sender], account: str, pdus: Sequence[SubmitSm], now: int
) -> list[MoSms | MtSms] | str | None:
    """Turn PDUs into events; the refusal in words instead, None for an unknown account."""
    sender = by.get(account)
    if sender is None:
        return None
    events: list[MoSms | MtSms] = []
    for pdu in pdus:
        event = event_of(pdu, sender, _NO_SESSION, now)
        if isinstance(event, Refusal):
            return f"{event.status.name}: {event.why}"
        events.append(event)
    return events
