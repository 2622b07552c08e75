"""An SMSC for the tests: gateway.smpp's session behind a real socket, its answers scripted."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from gateway.smpp.codes import CommandStatus
from gateway.smpp.items import Closed
from gateway.smpp.pdu import BindTransceiver, DeliverSm, GenericNack, SubmitSm, SubmitSmResp
from gateway.smpp.session import Role, Session
from handsets.place import Place

DEADLINE = 10.0

Answer = Callable[[Session, SubmitSm], None]


def accept(session: Session, submit: SubmitSm) -> None:
    session.respond(SubmitSmResp(submit.sequence_number, 0, "42"))


def accept_and_reply(session: Session, submit: SubmitSm) -> None:
    accept(session, submit)
    session.deliver(sms(submit.destination_addr, submit.source_addr, b"Terima kasih"))


def refuse(status: int) -> Answer:
    def answer(session: Session, submit: SubmitSm) -> None:
        session.refuse(submit, status)

    return answer


def nack(session: Session, submit: SubmitSm) -> None:
    session.respond(GenericNack(submit.sequence_number, CommandStatus.ESME_RINVCMDID))


def silence(session: Session, submit: SubmitSm) -> None:
    session.leave_unanswered()


def sms(source: str, to: str, text: bytes) -> DeliverSm:
    return DeliverSm(source_addr=source, destination_addr=to, short_message=text)


class FakeSmsc:
    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.waiting: list[DeliverSm] = []
        self.refuse_bind: CommandStatus | None = None
        self.error_body = False
        self.hang_up_on_submit = False
        self.submits: list[SubmitSm] = []
        self.closed: list[Closed] = []
        self.place = Place("127.0.0.1", 0)
        self.serving = 0
        self.changed = asyncio.Condition()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.serving += 1
        with suppress(ConnectionError):
            await self._serve(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        self.serving -= 1
        async with self.changed:
            self.changed.notify_all()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session(Role.SMSC, error_body=self.error_body)
        while data := await reader.read(65536):
            for item in session.receive(data):
                self._take(session, item)
                if self.hang_up_on_submit and isinstance(item, SubmitSm):
                    return
            writer.write(session.take())
            if session.done:
                return

    def _take(self, session: Session, item: object) -> None:
        if isinstance(item, BindTransceiver):
            if self.refuse_bind is not None:
                session.refuse(item, self.refuse_bind)
                return
            session.accept_bind(item, "SMSC4444")
            for waiting in self.waiting:
                session.deliver(waiting)
        elif isinstance(item, SubmitSm):
            self.submits.append(item)
            self.answer(session, item)
        elif isinstance(item, Closed):
            self.closed.append(item)


@asynccontextmanager
async def fake_smsc(answer: Answer = accept_and_reply) -> AsyncIterator[FakeSmsc]:
    smsc = FakeSmsc(answer)
    server = await asyncio.start_server(smsc.serve, "127.0.0.1", 0)
    smsc.place = Place("127.0.0.1", server.sockets[0].getsockname()[1])
    async with server:
        yield smsc
        async with asyncio.timeout(DEADLINE), smsc.changed:
            await smsc.changed.wait_for(lambda: not smsc.serving)
