"""Who may bind, and with which status the others are refused (SMPP 3.4 §4.1, §5.1.3).

The specification has a status for a wrong name and a wrong password. Everything else that refuses a
bind is ESME_RBINDFAIL: a forbidden place, an address_range that cannot be read, too many sessions.
Binds that come too fast are ESME_RTHROTTLED. What would tell a stranger more than he knows is asked
after the password, and the place before it.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Final, NamedTuple

from gateway.config import OnLimit, TlsDemand
from gateway.links.smpp_account import Account
from gateway.links.smpp_caller import Caller
from gateway.smpp.address_range import AddressRange, Malformed, address_range
from gateway.smpp.codes import CommandStatus
from gateway.smpp.pdu import BindRequest
from gateway.smpp.rate import TokenBucket
from gateway.smpp.states import BINDS, State

_S: Final = CommandStatus
_UNKNOWN: Final = ""


class Admitted(NamedTuple):
    """A bind that is accepted: whose it is, the addresses it serves, which sessions end for it."""

    account: Account
    serves: AddressRange | None
    replaces: tuple[int, ...] = ()


class Turned(NamedTuple):
    """A bind that is refused: the status for the ESME, the reason for the log."""

    status: CommandStatus
    why: str

    def __str__(self) -> str:
        return f"{self.status.name}: {self.why}"


class Door:
    """Admits binds to one SMSC's accounts."""

    def __init__(
        self, accounts: Mapping[str, Account], binds_per_second: float, now: float
    ) -> None:
        """`accounts` go by system_id; all system_ids that are none share one rate."""
        self._accounts = accounts
        burst = max(1.0, binds_per_second)
        self._rates = (
            {name: TokenBucket(binds_per_second, burst, now) for name in (*accounts, _UNKNOWN)}
            if binds_per_second
            else {}
        )

    def admit(self, bind: BindRequest, caller: Caller, now: float) -> Admitted | Turned:
        """Decide on a bind; counts it if it is refused."""
        account = self._accounts.get(bind.system_id)
        rate = self._rates.get(_UNKNOWN if account is None else bind.system_id)
        slow = rate is None or rate.take(now)
        if account is None:
            if slow:
                return Turned(_S.ESME_RINVSYSID, f"no such system_id: {bind.system_id!a}")
            return Turned(_S.ESME_RTHROTTLED, "more than binds_per_second of unknown system_ids")
        if slow:
            found = _decide(account, bind, caller)
        else:
            found = Turned(_S.ESME_RTHROTTLED, f"more than binds_per_second by {account.name}")
        if isinstance(found, Turned):
            account.traffic.binds_refused += 1
        return found


def _decide(account: Account, bind: BindRequest, caller: Caller) -> Admitted | Turned:
    if account.networks and not _within(account, caller.host):
        return Turned(_S.ESME_RBINDFAIL, f"{caller.host} is not in allow_from of {account.name}")
    limits = account.config.limits
    if limits.tls is TlsDemand.REQUIRED and not caller.tls:
        return Turned(_S.ESME_RBINDFAIL, f"{account.name} may bind over TLS only")
    wanted = limits.certificate_subject
    if wanted and wanted not in caller.names:
        return Turned(_S.ESME_RBINDFAIL, f"no certificate of {wanted}, which {account.name} needs")
    # The PDU holds octets as Latin-1 characters.
    offered = bind.password.encode("latin-1")
    if not hmac.compare_digest(offered, account.config.password.encode()):
        return Turned(_S.ESME_RINVPASWD, f"wrong password for {account.name}")
    serves = address_range(bind.address_range)
    if isinstance(serves, Malformed):
        return Turned(_S.ESME_RBINDFAIL, f"address_range of {account.name} {serves.why}")
    return _room(account, BINDS[bind.command_id], serves)


def _within(account: Account, host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        # How a listener on both families sees a caller of IPv4.
        address = address.ipv4_mapped
    return any(address in network for network in account.networks)


def _room(account: Account, kind: State, serves: AddressRange | None) -> Admitted | Turned:
    limits = account.config.limits
    of_kind = {
        State.BOUND_TX: ("max_transmitters", limits.max_transmitters),
        State.BOUND_RX: ("max_receivers", limits.max_receivers),
        State.BOUND_TRX: ("max_transceivers", limits.max_transceivers),
    }[kind]
    if not of_kind[1] and not limits.max_sessions:
        return Admitted(account, serves)
    # Those that are being unbound have made room already.
    bound = [number for number, one in account.sessions.items() if one.bound_as is not None]
    alike = [number for number in bound if account.sessions[number].bound_as is kind]
    replaces: list[int] = []
    for (name, most), held in ((of_kind, alike), (("max_sessions", limits.max_sessions), bound)):
        # Those that end for the limit of a kind make room for the other limit too.
        left = [number for number in held if number not in replaces]
        if most and len(left) >= most:
            if limits.on_limit is OnLimit.REFUSE:
                return Turned(_S.ESME_RBINDFAIL, f"{account.name} has its {name} = {most} already")
            replaces += left[: len(left) - most + 1]
    return Admitted(account, serves, tuple(replaces))
