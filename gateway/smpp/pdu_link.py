"""The PDUs that carry no message: bind, outbind, unbind, enquire_link, generic_nack, alert.

Source: §4.1-§4.3, §4.11, §4.12. `pdu` holds the others, names these again, and explains both.
"""

from typing import ClassVar

import msgspec

from gateway.smpp.codes import INTERFACE_VERSION_34, CommandId


class Tlv(msgspec.Struct, frozen=True, gc=False):
    """One optional parameter, raw (§3.2.4.1); accessors are in `fields`."""

    tag: int
    value: bytes


class RequestPdu(msgspec.Struct, frozen=True, gc=False):
    """What every request has; the command_id belongs to the class."""

    command_id: ClassVar[CommandId]
    sequence_number: int = 0


class ResponsePdu(msgspec.Struct, frozen=True, gc=False):
    """What every response has; the command_id belongs to the class."""

    command_id: ClassVar[CommandId]
    sequence_number: int
    command_status: int = 0


class _Bind(RequestPdu, frozen=True, gc=False):
    system_id: str = ""
    password: str = ""
    system_type: str = ""
    interface_version: int = INTERFACE_VERSION_34
    addr_ton: int = 0
    addr_npi: int = 0
    address_range: str = ""
    tlvs: tuple[Tlv, ...] = ()

    def __repr__(self) -> str:
        """Show all but the password, which must not reach a log."""
        return f"{type(self).__name__}({self.sequence_number}, {self.system_id!r})"


class BindTransmitter(_Bind, frozen=True, gc=False):
    """bind_transmitter (§4.1.1)."""

    command_id: ClassVar[CommandId] = CommandId.BIND_TRANSMITTER


class BindReceiver(_Bind, frozen=True, gc=False):
    """bind_receiver (§4.1.3)."""

    command_id: ClassVar[CommandId] = CommandId.BIND_RECEIVER


class BindTransceiver(_Bind, frozen=True, gc=False):
    """bind_transceiver (§4.1.5)."""

    command_id: ClassVar[CommandId] = CommandId.BIND_TRANSCEIVER


class _BindResp(ResponsePdu, frozen=True, gc=False):
    system_id: str = ""
    tlvs: tuple[Tlv, ...] = ()


class BindTransmitterResp(_BindResp, frozen=True, gc=False):
    """bind_transmitter_resp (§4.1.2)."""

    command_id: ClassVar[CommandId] = CommandId.BIND_TRANSMITTER_RESP


class BindReceiverResp(_BindResp, frozen=True, gc=False):
    """bind_receiver_resp (§4.1.4)."""

    command_id: ClassVar[CommandId] = CommandId.BIND_RECEIVER_RESP


class BindTransceiverResp(_BindResp, frozen=True, gc=False):
    """bind_transceiver_resp (§4.1.6)."""

    command_id: ClassVar[CommandId] = CommandId.BIND_TRANSCEIVER_RESP


class Outbind(RequestPdu, frozen=True, gc=False):
    """outbind: the SMSC asks the ESME to bind (§4.1.7); it has no response."""

    command_id: ClassVar[CommandId] = CommandId.OUTBIND
    system_id: str = ""
    password: str = ""
    tlvs: tuple[Tlv, ...] = ()

    def __repr__(self) -> str:
        """Show all but the password, which must not reach a log."""
        return f"Outbind({self.sequence_number}, {self.system_id!r})"


class Unbind(RequestPdu, frozen=True, gc=False):
    """unbind (§4.2.1)."""

    command_id: ClassVar[CommandId] = CommandId.UNBIND


class UnbindResp(ResponsePdu, frozen=True, gc=False):
    """unbind_resp (§4.2.2)."""

    command_id: ClassVar[CommandId] = CommandId.UNBIND_RESP


class GenericNack(ResponsePdu, frozen=True, gc=False):
    """generic_nack: the answer to what could not be read as a PDU (§4.3.1)."""

    command_id: ClassVar[CommandId] = CommandId.GENERIC_NACK


class EnquireLink(RequestPdu, frozen=True, gc=False):
    """enquire_link (§4.11.1)."""

    command_id: ClassVar[CommandId] = CommandId.ENQUIRE_LINK


class EnquireLinkResp(ResponsePdu, frozen=True, gc=False):
    """enquire_link_resp (§4.11.2)."""

    command_id: ClassVar[CommandId] = CommandId.ENQUIRE_LINK_RESP


class AlertNotification(RequestPdu, frozen=True, gc=False):
    """alert_notification: a mobile is reachable again (§4.12.1); it has no response."""

    command_id: ClassVar[CommandId] = CommandId.ALERT_NOTIFICATION
    source_addr_ton: int = 0
    source_addr_npi: int = 0
    source_addr: str = ""
    esme_addr_ton: int = 0
    esme_addr_npi: int = 0
    esme_addr: str = ""
    tlvs: tuple[Tlv, ...] = ()
