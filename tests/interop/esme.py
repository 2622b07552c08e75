"""smpplib, an independent client that blocks: binds, submits, reads until something is so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import smpplib.client
import smpplib.consts


@contextmanager
def bound(port: int, account: str, delivered: list[Any]) -> Iterator[Any]:
    client = smpplib.client.Client("127.0.0.1", port, timeout=10, allow_unknown_opt_params=True)
    client.set_message_received_handler(lambda pdu: delivered.append(pdu))
    client.connect()
    try:
        client.bind_transceiver(system_id=account, password=account)
        yield client
        client.unbind()
    finally:
        client.disconnect()


def submit(client: Any, source: str, destination: str, text: str, receipt: int = 0) -> str:
    """Send and wait for the response; gives the message id."""
    ids: list[str] = []
    client.set_message_sent_handler(lambda pdu: ids.append(pdu.message_id.decode()))
    client.send_message(
        source_addr_ton=smpplib.consts.SMPP_TON_INTL,
        source_addr_npi=smpplib.consts.SMPP_NPI_ISDN,
        source_addr=source,
        dest_addr_ton=smpplib.consts.SMPP_TON_UNK,
        dest_addr_npi=smpplib.consts.SMPP_NPI_ISDN,
        destination_addr=destination,
        short_message=text.encode("ascii"),
        registered_delivery=receipt,
    )
    read_until(client, lambda: bool(ids))
    return ids[0]


def read_until(client: Any, done: Callable[[], bool]) -> None:
    while not done():
        client.read_once(auto_send_enquire_link=False)
