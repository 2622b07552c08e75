"""What the requests of a test's phones and ESMEs came to, and what they received. Pure."""

from __future__ import annotations

from msgspec import Struct

from gateway.smpp.pdu import DataSm, DeliverSm, Response
from gateway.smpp.receipt_reading import Receipt


class Asked(Struct, frozen=True):
    """What the network said to a phone's SMS, call, data session or USSD code.

    `cause` is the network's word for a refusal (`operator_determined_barring`), `why` the
    journal's line; `text` is what a USSD service shows; `id` names the message or call.
    """

    accepted: bool
    cause: str = ""
    why: str = ""
    id: str = ""
    text: str = ""

    @property
    def refused(self) -> bool:
        """Whether the network said no."""
        return not self.accepted


class ReceivedSms(Struct, frozen=True):
    """An SMS that came to a phone; `at` is ISO 8601 on the network's calendar.

    `parts` is how many short messages it took.
    """

    sender: str
    to: str
    text: str
    at: str = ""
    id: str = ""
    parts: int = 1


class Submitted(Struct, frozen=True):
    """What the SMSC answered to a submit_sm; `status` is the command_status by name.

    `ids` are the message ids, one a segment; `why` is the journal's line for a refusal.
    """

    status: str
    ids: tuple[str, ...] = ()
    why: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the answer was ESME_ROK."""
        return self.status == "ESME_ROK"

    @property
    def refused(self) -> bool:
        """Whether it was anything else."""
        return not self.accepted

    @property
    def id(self) -> str:
        """The id of the message, of a long one that of its last segment."""
        return self.ids[-1] if self.ids else ""


class DeliveredSms(Struct, frozen=True):
    """A deliver_sm or data_sm that an ESME got; `receipt` is what it reports, if it is one."""

    sender: str
    to: str
    text: str
    pdu: DeliverSm | DataSm
    receipt: Receipt | None = None


class Answer(Struct, frozen=True):
    """The response to a request that an ESME made, and its status by name."""

    response: Response | None
    status: str
