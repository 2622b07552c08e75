"""One SMPP session of an ESME by aiosmpplib: bound from entry to exit.

Left to itself aiosmpplib logs to stderr and reconnects for ever; here it is silent and the end
of the session is heard. What works around its ways says so.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias

from aiosmpplib import (
    ESME,
    NPI,
    TON,
    AbstractHook,
    AbstractRetryTimer,
    DeliverSm,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    PhoneNumber,
    SmppCommandStatus,
    SmppError,
    SubmitSm,
    SubmitSmResp,
)
from aiosmpplib.broker import SimpleBroker
from aiosmpplib.correlator import SimpleCorrelator
from msgspec import Struct

from gateway.core.numbers import Address, Msisdn, is_msisdn
from handsets.place import Place

SYSTEM_ID_MOST = 15
"""Characters of a system_id (SMPP 3.4 section 4.1.1)."""

PASSWORD_MOST = 8
"""Characters of a password (SMPP 3.4 section 4.1.1)."""

_STOP_PATIENCE = 2.0
_HEADER_OCTETS = 16
_NEVER_LOGGED = logging.CRITICAL + 1
_ADDRESS = "start the gateway (gateway serve), or name its SMSC with --smpp HOST:PORT"


class NoSmsc(Exception):
    """No SMSC takes the session: show the line; start one, or correct address or account."""


class CannotSend(Exception):
    """The message cannot be put into a submit_sm: show the line; change the message."""


class Account(Struct, frozen=True):
    """An SMPP account."""

    system_id: str
    password: str


# ---- what is heard in a session


class Response(Struct, frozen=True):
    """The SMSC answered the submit_sm; `command_status` 0 is ESME_ROK."""

    pdu: str
    command_status: int
    name: str
    description: str
    message_id: str = ""


class Delivered(Struct, frozen=True):
    """A deliver_sm came that is no receipt."""

    source: str
    to: str
    text: str


class Alive(Struct, frozen=True):
    """The SMSC answered an enquire_link: what it had for the session before has come."""


class Broken(Struct, frozen=True):
    """The session is over, and nobody asked for it."""

    why: str


class Unsendable(Struct, frozen=True):
    """The submit_sm could not be written."""

    why: str


Heard: TypeAlias = Response | Delivered | Alive | Broken | Unsendable


class BoundSession:
    """A bound session: messages go in by `submit`, what comes is in `heard`."""

    def __init__(self, broker: SimpleBroker, heard: asyncio.Queue[Heard]) -> None:
        self.heard = heard
        self._broker = broker

    async def enquire(self) -> None:
        """Send an enquire_link; its answer is heard as Alive."""
        await self._broker.enqueue(EnquireLink())

    async def submit(self, source: Msisdn, to: Address, text: str) -> None:
        """Send a submit_sm without a receipt; raises CannotSend."""
        try:
            submit_sm = SubmitSm(
                short_message=text,
                source=_phone_number(source),
                destination=_phone_number(to),
                registered_delivery=0,
            )
        except ValueError as trouble:
            raise CannotSend(f"aiosmpplib cannot send this message: {trouble}") from None
        await self._broker.enqueue(submit_sm)


def _phone_number(address: Address) -> PhoneNumber:
    if is_msisdn(address):
        return PhoneNumber(address, TON.INTERNATIONAL, NPI.ISDN)
    return PhoneNumber(address)


@asynccontextmanager
async def bound(smsc: Place, account: Account, patience: float) -> AsyncIterator[BoundSession]:
    """Bind as a transceiver; unbind at exit. `patience`: seconds for connecting and binding.

    Raises NoSmsc where that fails.
    """
    heard: asyncio.Queue[Heard] = asyncio.Queue()
    hook = _Hook(heard)
    broker = SimpleBroker()
    esme = ESME(
        smsc.host,
        smsc.port,
        account.system_id,
        account.password,
        hook=hook,
        broker=broker,
        correlator=SimpleCorrelator(account.system_id),
        retry_timer=_NoRetry(),
        socket_timeout=float(patience),
        log_level=_NEVER_LOGGED,
        log_handler=logging.NullHandler(),
    )
    await _bind(esme, hook, smsc, account)
    # aiosmpplib shuts its own half of the connection only, and forgets the other.
    writer = esme._writer
    running = asyncio.create_task(_carry(esme, smsc, heard), name=f"esme {account.system_id}")
    try:
        yield BoundSession(broker, heard)
    finally:
        await _unbind(esme, broker, running)
        writer.close()


async def _bind(esme: ESME, hook: _Hook, smsc: Place, account: Account) -> None:
    """Connect here, not in ESME.start(), which would try again for ever."""
    try:
        await esme.connect()
    except SmppError as refusal:
        trouble = _refused(smsc, account, refusal.command_status)
    except ValueError:
        # aiosmpplib cannot read a refusal without a body, which the specification allows.
        if hook.unread_status is None:
            trouble = NoSmsc(f"what listens at {smsc} does not speak SMPP; {_ADDRESS}")
        else:
            trouble = _refused(smsc, account, hook.unread_status)
    except TimeoutError:
        trouble = NoSmsc(f"no SMSC answers at {smsc} (timed out); {_ADDRESS}")
    except EOFError:
        trouble = NoSmsc(f"what listens at {smsc} hung up before the bind was answered; {_ADDRESS}")
    except OSError as failure:
        trouble = NoSmsc(f"no SMSC answers at {smsc} ({_said(failure)}); {_ADDRESS}")
    else:
        return
    if esme._writer is not None:  # left open by aiosmpplib where a bind fails
        esme._writer.close()
    raise trouble


def _said(failure: OSError) -> str:
    """Name the trouble; asyncio puts the address where the reason should be."""
    if failure.errno is not None and failure.errno > 0:
        return os.strerror(failure.errno)
    return failure.strerror or str(failure)


def _refused(smsc: Place, account: Account, status: SmppCommandStatus) -> NoSmsc:
    return NoSmsc(
        f"the SMSC at {smsc} refuses to bind {account.system_id}: {status.name} "
        f"({status.description}); check --system-id and --password against its accounts"
    )


async def _carry(esme: ESME, smsc: Place, heard: asyncio.Queue[Heard]) -> None:
    """Let the bound ESME send and receive; its end, whatever the reason, is heard."""
    why = "the SMSC closed it, or sent a header that aiosmpplib cannot read"
    try:
        await esme.start()
    except _Over:
        pass
    except Exception as trouble:  # noqa: BLE001 - aiosmpplib ends with any type on a PDU it cannot read
        why = f"it holds a PDU that aiosmpplib cannot read: {type(trouble).__name__} {trouble}"
    heard.put_nowait(
        Broken(f"the session with the SMSC at {smsc} broke: {why}; the message may be lost")
    )


async def _unbind(esme: ESME, broker: SimpleBroker, running: asyncio.Task[None]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(_STOP_PATIENCE):
            # Wakes aiosmpplib's sender, which it would otherwise await for half a second.
            await broker.enqueue(_Unwritable())
            await esme.stop()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


class _Over(Exception):
    """The session is over: end the ESME's task."""


class _NoRetry(AbstractRetryTimer):  # type: ignore[misc]
    """Where aiosmpplib would wait and connect again, ends it."""

    async def wait(self) -> None:
        raise _Over

    def reset(self) -> None:
        pass

    def next_delay(self) -> float:
        return 0.0


class _Unwritable(EnquireLink):  # type: ignore[misc]
    """The sender drops it, goes on to the next, and there sees that the ESME is stopping."""

    def pdu(self) -> bytes:
        raise ValueError("the session ends")


class _Hook(AbstractHook):  # type: ignore[misc]
    """Passes on what comes, as values of this module."""

    def __init__(self, heard: asyncio.Queue[Heard]) -> None:
        self._heard = heard
        self.unread_status: SmppCommandStatus | None = None

    async def sending(self, smpp_message: Any, pdu: bytes, client_id: str) -> None:
        pass

    async def received(self, smpp_message: Any, pdu: bytes, client_id: str) -> None:
        if isinstance(smpp_message, SubmitSmResp | GenericNack):
            status = smpp_message.command_status
            message_id = getattr(smpp_message, "message_id", "")
            name = smpp_message.smpp_command.name.lower()
            response = Response(name, int(status), status.name, status.description, message_id)
            self._heard.put_nowait(response)
        elif isinstance(smpp_message, DeliverSm) and not smpp_message.is_receipt():
            text = smpp_message.short_message or smpp_message.message_payload
            self._heard.put_nowait(
                Delivered(smpp_message.source.number, smpp_message.destination.number, text)
            )
        elif isinstance(smpp_message, EnquireLinkResp):
            self._heard.put_nowait(Alive())
        elif smpp_message is None and len(pdu) == _HEADER_OCTETS:
            with suppress(ValueError):
                self.unread_status = SmppCommandStatus(int.from_bytes(pdu[8:12], "big"))

    async def send_error(self, smpp_message: Any, error: Exception, client_id: str) -> None:
        if isinstance(error, ValueError):
            why = f"aiosmpplib cannot send this message: {error}"
            self._heard.put_nowait(Unsendable(why))
