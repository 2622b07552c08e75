"""query_sm, replace_sm, cancel_sm: orders about messages that were submitted before."""

from __future__ import annotations

from tests.gateway.links.esme import (
    CANCEL_SM,
    DELIVER_SM,
    QUERY_SM,
    REPLACE_SM,
    RESP,
    Frame,
    RawEsme,
    c,
    read_deliver,
    running,
)
from tests.wire.bar import case
from tests.wire.speaking import (
    BANK,
    HANDSET,
    RCANCELFAIL,
    ROK,
    RQUERYFAIL,
    RREPLACEFAIL,
    accepted,
    lives,
    mt,
    strings,
)

ENROUTE, DELIVERED, DELETED = 1, 2, 4
IN_A_DAY = "000001000000000R"
SOURCE = b"\5\0" + c(BANK)


async def _state(esme: RawEsme, message_id: str) -> tuple[str, int, int]:
    """Ask for a message; gives final_date, message_state and error_code."""
    frame = await esme.ask(QUERY_SM, c(message_id) + SOURCE)
    assert (frame.command_id, frame.status) == (QUERY_SM | RESP, ROK)
    (again, final_date), rest = strings(frame.body, 2)
    assert again == message_id
    state, error = rest
    return final_date, state, error


def _cancel(message_id: str) -> bytes:
    return c("") + c(message_id) + SOURCE + b"\1\1" + c(HANDSET)


def _replace(message_id: str, text: bytes) -> bytes:
    return c(message_id) + SOURCE + c(IN_A_DAY) + c("") + b"\0\0" + bytes((len(text),)) + text


@case("query_sm")
async def query_sm() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        waits = await accepted(esme, mt(schedule=IN_A_DAY))
        assert await _state(esme, waits) == ("", ENROUTE, 0)
        done = await accepted(esme, mt())
        final_date, state, error = await _state(esme, done)
        assert (state, error) == (DELIVERED, 0)
        assert final_date.startswith("1802260800")
        assert final_date.endswith("28+")


async def _fails(command_id: int, bodies: list[bytes], status: int) -> None:
    """No message of that id, an id that is none, and a message that is another account's."""
    async with running() as parts:
        esme = await parts.esme("a2p")
        for body in bodies:
            frame = await esme.ask(command_id, body)
            assert frame == Frame(command_id | RESP, status, esme.sequence, b"")
        await lives(esme)


IDS = ("999999999", "nosuchmessage", "0", "", "9" * 64)


@case("query_unknown")
async def query_unknown() -> None:
    await _fails(QUERY_SM, [c(id_) + SOURCE for id_ in IDS], RQUERYFAIL)
    async with running() as parts:
        owner, other = await parts.esme("a2p"), await parts.esme("qa")
        message_id = await accepted(owner, mt(schedule=IN_A_DAY))
        frame = await other.ask(QUERY_SM, c(message_id) + SOURCE)
        assert frame == Frame(QUERY_SM | RESP, RQUERYFAIL, 2, b"")


@case("replace_sm")
async def replace_sm() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        message_id = await accepted(esme, mt("before", schedule=IN_A_DAY))
        frame = await esme.ask(REPLACE_SM, _replace(message_id, b"after"))
        assert frame == Frame(REPLACE_SM | RESP, ROK, 3, b"")
        assert await _state(esme, message_id) == ("", ENROUTE, 0)
        kept = {str(one.id): one.text for one in parts.store.pending()}
        assert kept[message_id] == "after"
        # What is delivered already cannot be replaced.
        done = await accepted(esme, mt())
        frame = await esme.ask(REPLACE_SM, _replace(done, b"too late"))
        assert frame[:2] == (REPLACE_SM | RESP, RREPLACEFAIL)
    await _fails(REPLACE_SM, [_replace(id_, b"x") for id_ in IDS], RREPLACEFAIL)


@case("cancel_sm")
async def cancel_sm() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        message_id = await accepted(esme, mt(schedule=IN_A_DAY, registered=1))
        sequence = esme.send(CANCEL_SM, _cancel(message_id))
        # The receipt that was asked for says so too; either may come first.
        frames = {frame.command_id: frame for frame in [await esme.receive(), await esme.receive()]}
        assert frames[CANCEL_SM | RESP] == Frame(CANCEL_SM | RESP, ROK, sequence, b"")
        told = read_deliver(frames[DELIVER_SM])
        assert (told.receipt["id"], told.receipt["stat"]) == (message_id, "DELETED")
        esme.answer(told)
        assert (await _state(esme, message_id))[1] == DELETED
        frame = await esme.ask(CANCEL_SM, _cancel(message_id))
        assert frame == Frame(CANCEL_SM | RESP, RCANCELFAIL, esme.sequence, b"")


@case("cancel_unknown")
async def cancel_unknown() -> None:
    ids = [id_ for id_ in IDS if id_]
    await _fails(CANCEL_SM, [_cancel(id_) for id_ in ids], RCANCELFAIL)
    # Without an id: all from this source to this destination, of which there are none (§4.9.1).
    await _fails(CANCEL_SM, [_cancel("")], RCANCELFAIL)
