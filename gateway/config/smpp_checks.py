"""What [smpp] and each row of [[smsc]] must keep to beyond their types."""

from __future__ import annotations

from ipaddress import ip_network

from gateway.config.delays import check_delay
from gateway.config.notes import Notes, is_short_code
from gateway.config.places import Path
from gateway.config.receipt_checks import check_receipt
from gateway.config.smpp_values import (
    AccountConfig,
    LimitsConfig,
    OutbindConfig,
    SmppConfig,
    TlsConfig,
    TlsDemand,
)
from gateway.config.tls import WrongFile, server_context
from gateway.config.values import Config
from gateway.config.words import did_you_mean

# SMPP 3.4 section 5.2: C-octet strings of at most 16 and 9 octets, the closing NUL included.
SYSTEM_ID_MOST = 15
PASSWORD_MOST = 8
_ADDRESS_MOST = 20
PORT_MOST = 65_535
# A PDU with a text of 254 octets and long addresses fits in.
_PDU_LEAST = 512
_PDU_MOST = 16_777_216
_NAME_MOST = 20


def check_smpp(config: Config, notes: Notes) -> None:
    """Report what is wrong with the SMSCs, one by one and together."""
    _check_smsc(("smpp",), config.smpp, notes)
    names: dict[str, int] = {}
    for index, row in enumerate(config.smsc):
        path: Path = ("smsc", index)
        _check_name(path, row.name, names, index, notes)
        _check_smsc(path, row, notes)
        if not row.accounts and notes.sound((*path, "accounts")):
            notes.note(
                (*path, "accounts"), "is empty", "give it an account: [[smsc.accounts]] below it"
            )


def _check_name(path: Path, name: str, names: dict[str, int], index: int, notes: Notes) -> None:
    path = (*path, "name")
    fit = name.isascii() and name.replace("-", "").isalnum() and len(name) <= _NAME_MOST
    if not fit or name in ("smpp", "mqtt", "http"):
        notes.note(
            path,
            f'is "{name}"',
            f"write 1 to {_NAME_MOST} letters, digits and hyphens, not the name of a section",
        )
    first = names.setdefault(name, index)
    if first != index:
        notes.note(
            path, f'is "{name}", as that of [[smsc]] no. {first + 1}', "give each its own name"
        )


def _check_smsc(path: Path, smpp: SmppConfig, notes: Notes) -> None:
    _check_octets(notes, (*path, "system_id"), smpp.system_id, SYSTEM_ID_MOST)
    for name in (
        "session_init_timeout",
        "enquire_link_interval",
        "inactivity_timeout",
        "response_timeout",
    ):
        seconds = getattr(smpp, name)
        if seconds < 0:
            notes.note(
                (*path, name), f"is {seconds:g}", "write seconds, or 0 to switch the timer off"
            )
    if smpp.window < 1:
        notes.note(
            (*path, "window"), f"is {smpp.window}", "write how many may be unanswered, 1 or more"
        )
    if not _PDU_LEAST <= smpp.max_pdu <= _PDU_MOST:
        notes.note(
            (*path, "max_pdu"), f"is {smpp.max_pdu}", f"write {_PDU_LEAST} to {_PDU_MOST} octets"
        )
    _check_not_negative(path, smpp, ("max_connections", "binds_per_second", "bind_attempts"), notes)
    _check_tls((*path, "tls"), smpp.tls, notes)
    for index, row in enumerate(smpp.outbinds):
        _check_outbind((*path, "outbinds", index), row, smpp, notes)
    rows: dict[str, int] = {}
    for index, account in enumerate(smpp.accounts):
        _check_account((*path, "accounts", index), account, notes)
        _check_demands((*path, "accounts", index, "limits"), account.limits, smpp.tls, notes)
        first = rows.setdefault(account.system_id, index)
        if first != index and account.system_id:
            notes.note(
                (*path, "accounts", index, "system_id"),
                f'is "{account.system_id}", as that of account no. {first + 1}',
                "give each account its own system_id",
            )


def _check_account(path: Path, account: AccountConfig, notes: Notes) -> None:
    _check_octets(notes, (*path, "system_id"), account.system_id, SYSTEM_ID_MOST)
    _check_octets(notes, (*path, "password"), account.password, PASSWORD_MOST, secret=True)
    for code in account.serves:
        if not is_short_code(code):
            notes.note(
                (*path, "serves"),
                f'holds "{code}", no short code',
                "write 2 to 6 digits without a leading zero",
            )
    if account.counts_only and (account.speaks_for_handsets or account.serves):
        notes.note(
            (*path, "counts_only"),
            "is true, so nothing that the account sends goes anywhere",
            "drop it, or drop speaks_for_handsets and serves",
        )
    _check_limits((*path, "limits"), account.limits, notes)
    check_receipt(account.receipt, (*path, "receipt"), notes)
    check_delay(account.receipt_delay, (*path, "receipt_delay"), notes)


def _check_limits(path: Path, limits: LimitsConfig, notes: Notes) -> None:
    for written in limits.allow_from:
        try:
            ip_network(written)
        except ValueError:
            notes.note(
                (*path, "allow_from"),
                f'holds "{written}", no network',
                'write an address, or a network as "10.1.0.0/16" or "fd00::/8"',
            )
    for source in limits.source_addresses:
        whole = source.removesuffix("*")
        if not source or len(whole) > _ADDRESS_MOST or "*" in whole or not whole.isascii():
            notes.note(
                (*path, "source_addresses"),
                f'holds "{source}", no source address',
                f'write at most {_ADDRESS_MOST} ASCII characters, or a beginning and a "*"',
            )
    counts = ("max_sessions", "max_transmitters", "max_receivers", "max_transceivers")
    rates = ("submits_per_second", "submit_burst", "submit_window", "queue")
    _check_not_negative(path, limits, (*counts, *rates), notes)
    if limits.submit_burst > 0 and not limits.submits_per_second:
        notes.note(
            (*path, "submit_burst"),
            f"is {limits.submit_burst}, but submits_per_second limits nothing",
            "write submits_per_second too, or drop it",
        )


def _check_tls(path: Path, tls: TlsConfig, notes: Notes) -> None:
    if not tls.certificate:
        if tls.key or tls.client_ca or tls.require_client_certificate:
            notes.note(
                (*path, "certificate"), "is empty, so there is no TLS", "write the file's name"
            )
        return
    if tls.require_client_certificate and not tls.client_ca:
        notes.note(
            (*path, "client_ca"),
            "is empty, so nobody's certificate can be verified",
            "write the file of what signs the ESMEs' certificates",
        )
    try:
        server_context(tls)
    except WrongFile as wrong:
        notes.note((*path, wrong.key), wrong.what, wrong.remedy)


def _check_outbind(path: Path, row: OutbindConfig, smpp: SmppConfig, notes: Notes) -> None:
    if not row.host.strip():
        notes.note((*path, "host"), "is empty", "write where the ESME listens")
    if not 0 < row.port <= PORT_MOST:
        notes.note((*path, "port"), f"is {row.port}, no port number", "write 1 to 65535")
    _check_octets(notes, (*path, "password"), row.password, PASSWORD_MOST, secret=True)
    if row.system_id:
        _check_octets(notes, (*path, "system_id"), row.system_id, SYSTEM_ID_MOST)
    known = [account.system_id for account in smpp.accounts]
    if row.account not in known:
        notes.note(
            (*path, "account"),
            f'is "{row.account}", the system_id of no account of this SMSC',
            did_you_mean(row.account, known, quoted=True),
        )


def _check_demands(path: Path, limits: LimitsConfig, tls: TlsConfig, notes: Notes) -> None:
    if limits.tls is TlsDemand.REQUIRED and not tls.certificate:
        notes.note(
            (*path, "tls"),
            'is "required", but there is no TLS listener',
            "write its certificate into the SMSC's table tls",
        )
    if limits.certificate_subject and not tls.client_ca:
        notes.note(
            (*path, "certificate_subject"),
            f'is "{limits.certificate_subject}", but nobody is asked for a certificate',
            "write client_ca into the SMSC's table tls",
        )


def _check_not_negative(
    path: Path, values: SmppConfig | LimitsConfig, names: tuple[str, ...], notes: Notes
) -> None:
    for name in names:
        value = getattr(values, name)
        if value < 0:
            notes.note((*path, name), f"is {value:g}", "write a number, or 0 for no limit")


def _check_octets(notes: Notes, path: Path, text: str, most: int, secret: bool = False) -> None:
    """Check what goes into a C-octet string of SMPP."""
    remedy = f"write 1 to {most} ASCII characters (SMPP 3.4 section 5.2)"
    shown = "" if secret else f' ("{text[:40]}")'
    if len(text) > most:
        notes.note(path, f"has {len(text)} characters{shown}, too many", remedy)
    elif not (text.isascii() and text.isprintable()):
        notes.note(path, f"has characters that are not ASCII{shown}", remedy)
    elif not text and not secret:
        notes.note(path, "is empty", remedy)
