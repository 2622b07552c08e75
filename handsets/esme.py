"""One SMS of a phone over SMPP: an ESME that may speak for handsets sends it (role A)."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final, assert_never

from gateway.core.numbers import Address, BadNumber, Msisdn, mask_identities, parse_address
from handsets.outcome import CauseShown, SmsOutcome, SmsShown, Status
from handsets.place import Place
from handsets.smpp_session import (
    Account,
    Alive,
    BoundSession,
    Broken,
    CannotSend,
    Delivered,
    Heard,
    NoSmsc,
    Response,
    Unsendable,
    bound,
)

# How long the SMSC may take to say that it is there; one that does not is sent to all the same.
_ENQUIRE_S: Final = 1.0


async def send_sms(
    smsc: Place,
    account: Account,
    sender: Msisdn,
    to: Address,
    text: str,
    patience: float,
    *,
    wants_reply: bool,
) -> SmsOutcome:
    """Send an SMS as the ESME and await its response and, if wanted, the reply from `to`.

    `patience` in seconds, for response and reply together. Raises NoSmsc where no session comes
    about or it breaks, CannotSend for a text that no submit_sm can carry.
    """
    sending = _Sending(sender, to, text)
    async with bound(smsc, account, patience) as session:
        await sending.hear_what_waited(session, patience)
        await session.submit(sender, to, text)
        try:
            async with asyncio.timeout(patience):
                await sending.run(session, wants_reply)
        except TimeoutError:
            return sending.outcome(late_after=patience)
    return sending.outcome()


class _Sending:
    """What was heard so far of one SMS."""

    def __init__(self, sender: Msisdn, to: Address, text: str) -> None:
        self._sender = sender
        self._to = to
        self._text = mask_identities(text)
        self._response: Response | None = None
        self._reply: SmsShown | None = None
        self._submitted = False
        self._also: list[SmsShown] = []

    async def hear_what_waited(self, session: BoundSession, patience: float) -> None:
        """Hear what the SMSC had for this account since an earlier session: it is no reply."""
        with suppress(TimeoutError):
            async with asyncio.timeout(min(patience, _ENQUIRE_S)):
                await session.enquire()
                while not isinstance(heard := await session.heard.get(), Alive):
                    self._hear(heard)

    async def run(self, session: BoundSession, wants_reply: bool) -> None:
        """Hear until the message is refused, or accepted and, if that is wanted, replied."""
        self._submitted = True
        while not self._over(wants_reply):
            self._hear(await session.heard.get())

    def _hear(self, heard: Heard) -> None:
        match heard:
            case Response():
                self._response = heard
            case Delivered():
                self._hear_sms(heard)
            case Alive():
                pass
            case Broken():
                raise NoSmsc(heard.why)
            case Unsendable():
                raise CannotSend(heard.why)
            case _:
                assert_never(heard)

    def _over(self, wants_reply: bool) -> bool:
        if self._response is None:
            return False
        return _refuses(self._response) or not wants_reply or self._reply is not None

    def _hear_sms(self, heard: Delivered) -> None:
        sms = SmsShown("", heard.source, heard.to, heard.text)
        mine = _same(heard.source, self._to) and _same(heard.to, self._sender)
        # A reply may come before a response that is late.
        if mine and self._submitted and self._reply is None:
            self._reply = sms
        else:
            self._also.append(sms)

    def outcome(self, late_after: float | None = None) -> SmsOutcome:
        """Tell how it went; `late_after` seconds something was missing."""
        response = self._response
        cause: CauseShown | None = None
        status, why = Status.ACCEPTED, ""
        if response is None:
            status, why = Status.TIMEOUT, f"no submit_sm_resp within {late_after or 0:g} s"
        elif _refuses(response):
            status = Status.REFUSED
            cause = CauseShown(response.name, command_status=response.command_status)
            why = f"{response.pdu}: {response.description}"
        elif late_after is not None:
            status = Status.TIMEOUT
            why = f"accepted, but no reply from {self._to} within {late_after:g} s"
        return SmsOutcome(
            source=self._sender,
            to=self._to,
            text=self._text,
            status=status,
            id=response.message_id if response else "",
            cause=cause,
            why=why,
            reply=self._reply,
            also_received=tuple(self._also),
        )


def _refuses(response: Response) -> bool:
    return response.command_status != 0 or response.pdu == "generic_nack"


def _same(written: str, address: Address) -> bool:
    """Tell whether an address as the SMSC writes it is this one."""
    parsed = parse_address(written)
    return not isinstance(parsed, BadNumber) and parsed == address
