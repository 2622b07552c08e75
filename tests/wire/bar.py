"""The wire behaviour that an SMPP 3.4 server owes, case by case, and who shows that we have it.

PEERS is copied from the comparison of eleven servers: its names, and its words for what is
expected. A case registers under its name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

PEERS: Final = {
    "bind_trx": "ROK + `sc_interface_version` TLV for a 3.4 ESME",
    "bind_tx": "ROK",
    "bind_rx": "ROK",
    "bind_badpw": "RINVPASWD",
    "bind_badsid": "RINVSYSID",
    "bind_sid_too_long": "RINVSYSID",
    "bind_truncated": "bind resp error / nack, survive",
    "bind_twice": "RALYBND",
    "bind_v33_no_tlv": "ROK, **no** TLV",
    "submit_unbound": "RINVBNDSTS",
    "submit_on_rx": "RINVBNDSTS",
    "enquire_unbound": "either (make it a knob)",
    "enquire_bound": "ROK",
    "submit_ok": "ROK",
    "submit_ucs2": "ROK",
    "submit_payload_tlv": "ROK",
    "submit_sm_and_payload": "error (mutually exclusive)",
    "submit_smlen_255": "RINVMSGLEN (max 254)",
    "submit_smlen_lies": "error, session survives",
    "submit_bad_tlv": "RINVPARLEN/RINVOPTPARSTREAM",
    "submit_empty_dst": "RINVDSTADR",
    "submit_dst_25": "RINVDSTADR (max 20)",
    "submit_bad_sched": "RINVSCHED",
    "submit_past_valid": "RINVEXPIRY",
    "submit_bad_esm": "RINVESMCLASS",
    "data_sm": "ROK",
    "submit_multi": "ROK + unsuccess list",
    "query_sm": "ROK + state",
    "query_unknown": "RQUERYFAIL",
    "replace_sm": "ROK",
    "cancel_sm": "ROK then RCANCELFAIL",
    "cancel_unknown": "RCANCELFAIL",
    "unknown_cmd": "nack RINVCMDID",
    "broadcast_v5": "nack or 5.0 resp",
    "unsolicited_resp": "ignore, stay up",
    "seq_zero": "echo (or lint warning)",
    "seq_high": "echo",
    "pipelined_50": "50/50",
    "bytewise": "ROK",
    "dlr_success": "1 receipt, TLV 0x1e+0x427",
    "dlr_none_when_0": "none",
    "dlr_failonly_2": "none on success",
    "dlr_intermediate_10": "0x20 ENROUTE only",
    "dlr_after_rebind": "delivered after re-bind",
    "dlr_to_rx_session": "rx 1, tx 0",
    "unbind": "resp then close",
    "idle_peer_blocks": "0.00s",
    "http_garbage": "nack RINVCMDLEN + close",
    "cmdlen_4": "nack RINVCMDLEN + close",
    "cmdlen_huge": "nack RINVCMDLEN + close, no big alloc",
    "rst_mid_pdu": "alive",
    "50_connections": "50/50",
}
"""Every case, with what is expected of a server."""

Case = Callable[[], Awaitable[None]]
CASES: Final[dict[str, Case]] = {}


def case(name: str) -> Callable[[Case], Case]:
    """Register a function as the one that shows a case of PEERS."""

    def register(function: Case) -> Case:
        assert name not in CASES, f"{name} is shown twice"
        CASES[name] = function
        return function

    return register
