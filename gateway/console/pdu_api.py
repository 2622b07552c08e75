"""/api/v1/messages/{id}/pdu and messages.pcap: the PDUs of messages, rebuilt from the store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from gateway.console.export_api import Identities, may_see
from gateway.console.inbox import Inbox
from gateway.console.inbox_api import FromInbox, MessageId, Q, known_message, wanted
from gateway.console.problems import problem_responses
from gateway.console.view import FromRequest, Gateway
from gateway.core.message import Message
from gateway.core.numbers import mask_identities
from gateway.core.search import Query as Wanted
from gateway.pacing import Pace
from gateway.smpp.exchange import Exchange, NumberedPdu, numbered
from gateway.smpp.show import Shown, line, show

PCAP_MOST = 10_000
"""Messages in one capture file."""

_PAGE = 200
_REBUILT = (
    "rebuilt from the store, sequence numbers counted anew; the octets on the wire are in the PDU "
    "log and in the capture ([smpp] pcap)"
)
_NO_PDU = "it came from a phone and goes to none but phones or the desk: no PDU carried it"

router = APIRouter(tags=["inbox"])


class RebuiltPdu(BaseModel):
    """One PDU: in one line, by fields, and its octets in hexadecimal.

    `direction` as the gateway sees it; `at` on the network's calendar in UTC, null for what is not
    known to have been sent yet; `session` 0: no connection had it.
    """

    account: str
    session: int
    direction: str
    at: str | None
    line: str
    fields: dict[str, Shown]
    octets: str


class RebuiltPdus(BaseModel):
    """The PDUs of a message in their order; `note` says what they are, or why there are none."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "2",
                    "note": _REBUILT,
                    "masked": True,
                    "pdus": [
                        {
                            "account": "a2p",
                            "session": 1,
                            "direction": "received",
                            "at": "2018-02-26T01:00:00.000Z",
                            "line": "submit_sm 1; source_addr: BANK (alphanumeric, unknown); "
                            "destination_addr: 081190000001 (unknown, unknown); text: 'Kode 1234'",
                            "fields": {
                                "command": "submit_sm",
                                "sequence_number": 1,
                                "source_addr": "BANK (alphanumeric, unknown)",
                                "destination_addr": "081190000001 (unknown, unknown)",
                                "text": "Kode 1234",
                            },
                            "octets": "00000040000000040000000000000001000500424e4b0000",
                        }
                    ],
                }
            ]
        }
    )

    id: str
    note: str
    masked: bool
    pdus: list[RebuiltPdu]


@router.get(
    "/messages/{id}/pdu",
    summary="The PDUs that a message came and went by",
    responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN),
)
async def message_pdus(
    request: Request,
    gateway: FromRequest,
    inbox: FromInbox,
    id_: MessageId,
    identities: Identities = False,
) -> RebuiltPdus:
    """Rebuilt from what the store keeps of it: the store keeps no octets of the wire.

    Of a long message that came in parts, those of its parts. NIK and KK are masked in the octets
    too, and octets that are no text are hidden, unless `identities`.
    """
    message = await known_message(inbox, id_)
    may_see(request, identities, "PDUs")
    made = await _exchanges(gateway, inbox, message, identities)
    pdus = [_shown(one, identities) for one in numbered(made)]
    return RebuiltPdus(
        id=str(id_), note=_REBUILT if pdus else _NO_PDU, masked=not identities, pdus=pdus
    )


def _shown(pdu: NumberedPdu, clear: bool) -> RebuiltPdu:
    seen = pdu.seen
    fields = show(seen.frame, str if clear else mask_identities, seen.alphabet)
    at = datetime.fromtimestamp(seen.at, UTC).isoformat(timespec="milliseconds")
    return RebuiltPdu(
        account=pdu.account,
        session=seen.session,
        direction="received" if seen.received else "sent",
        at=at.replace("+00:00", "Z") if seen.at else None,
        line=line(fields),
        fields=fields,
        octets=seen.frame.hex(),
    )


_PCAP: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A pcap file",
        "content": {"application/vnd.tcpdump.pcap": {"schema": {"type": "string"}}},
    }
}


@router.get(
    "/messages.pcap",
    summary="Messages that a search finds, for Wireshark",
    response_class=StreamingResponse,
    responses=_PCAP | problem_responses(HTTPStatus.FORBIDDEN),
)
async def messages_pcap(
    request: Request,
    gateway: FromRequest,
    inbox: FromInbox,
    q: Q = "",
    limit: Annotated[
        int, Query(ge=1, le=PCAP_MOST, description="The newest so many messages at most")
    ] = PCAP_MOST,
    identities: Identities = False,
) -> StreamingResponse:
    """Their PDUs as a capture file, one TCP conversation a session, times on the calendar.

    Rebuilt from the store, as `messages/{id}/pdu` says; the addresses are made up. Messages
    between phones have no PDUs, and what has not been delivered yet is not in it.
    """
    may_see(request, identities, "PDUs")
    pieces = _pcap(gateway, inbox, wanted(q, gateway), limit, identities)
    return StreamingResponse(
        pieces,
        media_type="application/vnd.tcpdump.pcap",
        headers={"content-disposition": 'attachment; filename="messages.pcap"'},
    )


async def _pcap(
    gateway: Gateway, inbox: Inbox, query: Wanted, limit: int, clear: bool
) -> AsyncIterator[bytes]:
    pace, made = Pace(), list[Sequence[Exchange]]()
    left, before = limit, 0
    while left:
        found = await inbox.find(query, before=before, limit=min(left, _PAGE))
        for message in found.messages:
            made.append(await _exchanges(gateway, inbox, message, clear))
            await pace.rest()
        left -= len(found.messages)
        before = found.before
        if not before:
            break
    # They came the newest first; the file sorts them, and keeps the order of one moment.
    oldest_first = (one for group in reversed(made) for one in group)
    for piece in gateway.smpp.pcap(oldest_first):
        yield piece
        await pace.rest()


async def _exchanges(
    gateway: Gateway, inbox: Inbox, message: Message, clear: bool
) -> Sequence[Exchange]:
    """Rebuild a message's PDUs, those of the parts that it was joined of before its own."""
    made: list[Exchange] = []
    for id_ in message.parts:
        part = await inbox.message(id_)
        if part is not None:
            made += gateway.smpp.exchanges(part, clear=clear)
    return (*made, *gateway.smpp.exchanges(message, clear=clear))
