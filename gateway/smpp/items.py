"""What `Session.receive` hands out beside the requests that the application must answer."""

from enum import Enum, auto
from typing import Any, final

import msgspec

from gateway.smpp.errors import FramingLost, Rejected
from gateway.smpp.pdu import Request, Response


class CloseReason(Enum):
    """Why the session is over."""

    PEER_UNBOUND = auto()
    WE_UNBOUND = auto()
    FRAMING_LOST = auto()


@final
class Answered(msgspec.Struct, frozen=True, gc=False):
    """One of our requests was answered; `response` is Rejected if its body could not be read."""

    context: Any
    response: Response | Rejected


@final
class Refused(msgspec.Struct, frozen=True, gc=False):
    """A request that the session has answered itself with an error; for logs and lint only."""

    rejected: Rejected


@final
class Closed(msgspec.Struct, frozen=True, gc=False):
    """The session ends: answer what is open, write `take()`, close once `done`."""

    reason: CloseReason
    lost: FramingLost | None = None


Item = Request | Answered | Refused | Closed
