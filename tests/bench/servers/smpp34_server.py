"""smpp34 (Rust core) as an SMSC: answers submit_sm, and with `reply` sends a deliver_sm back.

python -m tests.bench.servers.smpp34_server PORT [reply]
"""

from __future__ import annotations

import asyncio
import sys

import smpp34

_REPLY = b"Selamat, nomor Anda berhasil diregistrasi. Terima kasih."


async def serve(port: int, *, reply: bool) -> None:
    """Serve until killed."""
    server = smpp34.Server("127.0.0.1", port)
    await server.start()
    print("ready", flush=True)
    esmes: dict[str, smpp34.Esme] = {}
    replies: set[asyncio.Task[smpp34.DeliverSmResp]] = set()
    ids = 0
    while True:
        event = await server.next()
        if isinstance(event, smpp34.Esme):
            esmes[event.session_id] = event
        elif isinstance(event, smpp34.SubmitSmEvent):
            ids += 1
            event.accept(str(ids))
            if reply:
                esme = esmes[event.session_id]
                said = esme.deliver_sm(
                    event.source_addr, _REPLY, source_addr=event.destination_addr
                )
                task = asyncio.ensure_future(said)
                replies.add(task)
                task.add_done_callback(replies.discard)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), reply=len(sys.argv) > 2))
