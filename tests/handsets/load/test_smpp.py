"""Messages over a real socket: answers, refusals, silence, broken sessions; all in the book."""

import asyncio
from collections.abc import Callable

import pytest

from gateway.smpp.codes import CommandStatus
from gateway.smpp.pdu import DataSm, DeliverSm, SubmitSm, SubmitSmResp
from gateway.smpp.session import Session
from handsets.load.book import Book, Flight
from handsets.load.plan import Shot
from handsets.load.smpp import SmppSender
from handsets.load.smpp_link import name_of, spellings
from handsets.load.tally import Tally
from handsets.load.target import Account, NoTarget, SmppTarget, Tls
from handsets.place import Place
from tests.handsets.fake_smsc import Answer, accept_and_reply, fake_smsc, nack, refuse, silence
from tests.ports import free_port

QA = Account("qa", "qa")
DEADLINE = 5.0


def flights(count: int, kind: str = "registration") -> list[Flight]:
    now = asyncio.get_running_loop().time()
    if kind == "a2p":
        shots = [Shot(0.0, kind, "INFO", f"62812{at:08}", "hi") for at in range(count)]
    else:
        shots = [Shot(0.0, kind, f"62812{at:08}", "4444", "REG 1#2#") for at in range(count)]
    return [Flight(shot, now) for shot in shots]


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE):
        while not true():  # noqa: ASYNC110 - the book has no event, and must cost nothing
            await asyncio.sleep(0.001)


async def sent(
    answer: Answer, count: int = 20, *, kind: str = "registration", window: int = 5
) -> tuple[Tally, list[SubmitSm]]:
    book = Book(5.0, receipts=True)
    async with fake_smsc(answer) as smsc:
        target = SmppTarget(smsc.place, QA, QA, sessions=2, window=window)
        sender = SmppSender(target, QA, book, True, lambda: None)
        await sender.open()
        sender.send(flights(count, kind))
        await until(lambda: not book.open and not sender.queued)
        await sender.close()
        return book.turn(0), smsc.submits


async def test_all_are_replied_to_though_the_window_is_small() -> None:
    tally, submits = await sent(accept_and_reply)
    assert (tally.sent, tally.replied, tally.unaccounted) == (20, 20, 0)
    assert tally.replies == {"Terima kasih": 20}
    one = submits[0]
    assert (one.source_addr_ton, one.dest_addr_ton, one.destination_addr) == (1, 0, "4444")
    assert one.short_message == b"REG 1#2#"


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (refuse(CommandStatus.ESME_RTHROTTLED), "ESME_RTHROTTLED"),
        (refuse(0x401), "command_status 0x00000401"),
        (nack, "GenericNack ESME_RINVCMDID"),
    ],
)
async def test_refusals_are_counted_by_cause(answer: Answer, cause: str) -> None:
    tally, _ = await sent(answer)
    assert (tally.refused, tally.causes, tally.unaccounted) == (20, {cause: 20}, 0)


def receipting(session: Session, submit: SubmitSm) -> None:
    session.respond(SubmitSmResp(submit.sequence_number, 0, "1A"))
    text = b"id:26 sub:001 dlvrd:001 stat:DELIVRD err:000 text:hi"
    session.deliver(DeliverSm(esm_class=4, source_addr="6281", short_message=text))


async def test_a_message_to_a_phone_gets_its_receipt_in_another_spelling() -> None:
    tally, submits = await sent(receipting, 1, kind="a2p")
    assert (tally.reported, tally.replies) == (1, {"receipt DELIVERED": 1})
    one = submits[0]
    assert (one.source_addr, one.source_addr_ton, one.registered_delivery) == ("INFO", 5, 1)


def receipting_by_data_sm(session: Session, submit: SubmitSm) -> None:
    session.respond(SubmitSmResp(submit.sequence_number, 0, "7"))
    session.request(DataSm(esm_class=4))


async def test_a_receipt_that_cannot_be_read_is_extra() -> None:
    book = Book(5.0, receipts=True)
    async with fake_smsc(receipting_by_data_sm) as smsc:
        sender = SmppSender(SmppTarget(smsc.place, QA, QA), QA, book, True, lambda: None)
        await sender.open()
        sender.send(flights(1, "a2p"))
        tally = Tally()

        def came() -> bool:
            nonlocal tally
            tally = book.turn(0)
            return tally.extra == 1

        await until(came)
        await sender.close()


async def test_what_a_broken_session_held_is_lost_and_the_rest_goes_on_the_next() -> None:
    book = Book(5.0, receipts=True)
    async with fake_smsc(silence) as smsc:
        target = SmppTarget(smsc.place, QA, QA, sessions=1, window=5)
        sender = SmppSender(target, QA, book, True, lambda: None)
        await sender.open()
        smsc.hang_up_on_submit = True
        sender.send(flights(8))
        await until(lambda: not book.open)
        assert (sender.queued, sender.down) == (3, 1)
        smsc.hang_up_on_submit = False
        smsc.answer = accept_and_reply
        await until(lambda: not sender.queued and not book.open)
        await sender.close()
    tally = book.turn(0)
    assert (tally.lost, tally.replied, tally.unaccounted) == (5, 3, 0)
    assert (tally.broken, sender.down) == (1, 0)
    (cause,) = tally.causes
    assert cause.startswith("session broke: ")


async def test_what_is_dropped_is_told() -> None:
    book = Book(5.0, receipts=True)
    async with fake_smsc(silence) as smsc:
        target = SmppTarget(smsc.place, QA, QA, sessions=1, window=5)
        sender = SmppSender(target, QA, book, True, lambda: None)
        await sender.open()
        sender.send(flights(8))
        assert (book.open, sender.drop(), sender.queued) == (5, 3, 0)
        await sender.close()


async def open_at(place: Place, tls: Tls | None = None) -> None:
    target = SmppTarget(place, QA, QA, tls=tls)
    sender = SmppSender(target, QA, Book(5.0, receipts=True), True, lambda: None)
    await sender.open()


async def test_nobody_listens() -> None:
    place = Place("127.0.0.1", free_port())
    with pytest.raises(NoTarget, match=rf"no SMSC answers at {place} \(.*\); start it, or name"):
        await open_at(place)


async def test_a_refused_bind_names_its_status() -> None:
    async with fake_smsc() as smsc:
        smsc.refuse_bind = CommandStatus.ESME_RINVPASWD
        with pytest.raises(NoTarget, match="refuses to bind qa: ESME_RINVPASWD; check the account"):
            await open_at(smsc.place)


async def test_a_server_that_hangs_up_is_no_smsc() -> None:
    def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        place = Place("127.0.0.1", server.sockets[0].getsockname()[1])
        with pytest.raises(NoTarget, match="it hung up"):
            await open_at(place)


async def test_tls_needs_who_signed_the_certificate() -> None:
    with pytest.raises(NoTarget, match=r"--tls-ca nowhere\.pem: cannot be read"):
        await open_at(Place("127.0.0.1", 1), Tls("nowhere.pem"))


def test_names_and_spellings() -> None:
    assert name_of(0x58) == "ESME_RTHROTTLED"
    assert spellings("26") == ("26", "1a", "1A", "38")
    assert spellings("1A") == ("1A", "26")
    assert spellings("x") == ("x",)
