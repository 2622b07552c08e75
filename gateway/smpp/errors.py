"""What can go wrong with the peer's octets or with our calls, named after what the caller must do.

Rejected: answer with its status. FramingLost: generic_nack ESME_RINVCMDLEN, then close.
Misuse: a bug on our side, so an exception. Nothing else is raised by this package.
"""

import msgspec


class Rejected(msgspec.Struct, frozen=True, gc=False):
    """A PDU that cannot be taken; answer it with `command_status` (§5.1.3) and its sequence number.

    `command_id` is the offending PDU's own, as on the wire; `why` names the field for people.
    """

    command_status: int
    command_id: int
    sequence_number: int
    why: str = ""


class FramingLost(msgspec.Struct, frozen=True, gc=False):
    """command_length is impossible, so no next PDU can be found: nack and close (§3.2, §4.3)."""

    command_length: int


class Misuse(Exception):
    """Our own code asked for what SMPP does not allow: an illegal PDU, field or state."""
