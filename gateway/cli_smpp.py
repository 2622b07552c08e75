"""The commands about SMPP that need no running gateway."""

from __future__ import annotations

from typing import Annotated, Any, assert_never

import typer

from gateway.config import (
    RECEIPT_PRESETS,
    AccountConfig,
    Config,
    DelayConfig,
    DelayKind,
    ReceiptConfig,
)
from gateway.smpp.codes import MessageState
from gateway.smpp.fields import TLV_RULES
from gateway.smpp.pdu import Tlv
from gateway.smpp.receipt import ReceiptWriter, Report
from gateway.smpp.receipt_form import Carrier
from gateway.smpp.receipt_presets import PRESETS
from gateway.terminal import (
    EXIT_USAGE,
    ConfigOption,
    JsonOption,
    SetOption,
    config_or_exit,
    fail,
    say,
    say_json,
)

_TAKES_MS = 5_000
_SHORT_MESSAGE_MOST = 254
_FAILED_ERROR = 27


_NO_FAILURE = (MessageState.DELIVERED, MessageState.ENROUTE, MessageState.ACCEPTED)

AccountOption = Annotated[
    str | None, typer.Option("--account", metavar="NAME", help="A system_id, or smsc/system_id.")
]
PresetOption = Annotated[
    str | None, typer.Option("--preset", metavar="NAME", help="A preset instead of an account.")
]
PresetsOption = Annotated[
    bool, typer.Option("--presets", help="List the presets and where each is known from.")
]
StateOption = Annotated[
    str, typer.Option("--state", help="What became of the message: DELIVERED, EXPIRED, ...")
]
ErrorOption = Annotated[
    int | None,
    typer.Option(
        "--error", min=0, max=0xFFFF, help="The MAP error; without it 0, or 27 for a failure."
    ),
]
IdOption = Annotated[int, typer.Option("--id", min=1, help="The message's number.")]
TextOption = Annotated[str, typer.Option("--text", help="The message's text.")]
ReferenceOption = Annotated[
    int | None,
    typer.Option(
        "--reference", min=0, max=0xFFFF, help="A user_message_reference that was submitted."
    ),
]


def add_smpp_commands(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command("receipt-preview")(receipt_preview)


def receipt_preview(
    account: AccountOption = None,
    preset: PresetOption = None,
    presets: PresetsOption = False,
    state: StateOption = MessageState.DELIVERED.name,
    error: ErrorOption = None,
    message_id: IdOption = 4711,
    text: TextOption = "Kode Anda 123456",
    reference: ReferenceOption = None,
    config: ConfigOption = None,
    sets: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Show what a delivery receipt of an account looks like: ids, text and TLVs.

    \b
    Examples:
      gateway receipt-preview --account a2p
      gateway receipt-preview --account a2p --state UNDELIVERABLE --error 13 --json
      gateway receipt-preview --preset nexmo
      gateway receipt-preview --presets
    """
    if presets:
        _list_presets(json)
        return
    values = config_or_exit(config, sets)
    receipt, delay = _wanted(values, account, preset)
    report = _report(message_id, _state(state), values.clock_now(), error, text, reference)
    shown = {
        "account": account,
        "preset": receipt.preset,
        "source": PRESETS[receipt.preset].source,
        **_preview(ReceiptWriter(receipt.form()), report),
        "delay": _worded(delay),
    }
    if json:
        say_json(shown)
    else:
        _show(shown)


def _report(
    id_: int, state: MessageState, now: int, error: int | None, text: str, reference: int | None
) -> Report:
    if error is None:
        error = 0 if state in _NO_FAILURE else _FAILED_ERROR
    early = state is MessageState.ENROUTE
    return Report(id_, state, now, now + _TAKES_MS, error, text, reference, early)


def _list_presets(json: bool) -> None:
    if json:
        say_json([{"name": one.name, "source": one.source} for one in PRESETS.values()])
        return
    width = max(map(len, PRESETS))
    for one in PRESETS.values():
        say(f"{one.name:{width}}  {one.source}")


def _wanted(
    values: Config, account: str | None, preset: str | None
) -> tuple[ReceiptConfig, DelayConfig]:
    """Find the receipts that the options name, or end the command."""
    if preset is not None and account is None:
        if preset not in RECEIPT_PRESETS:
            fail(
                f'--preset: there is no "{preset}"; write one of {", ".join(RECEIPT_PRESETS)}',
                EXIT_USAGE,
            )
        return RECEIPT_PRESETS[preset], DelayConfig()
    accounts = _accounts(values)
    if account is None or preset is not None:
        fail(f"give --account or --preset; the accounts are {', '.join(accounts)}", EXIT_USAGE)
    if account not in accounts:
        fail(f'--account: there is no "{account}"; write one of {", ".join(accounts)}', EXIT_USAGE)
    return accounts[account].receipt, accounts[account].receipt_delay


def _accounts(values: Config) -> dict[str, AccountConfig]:
    """List every account under the name by which it is known outside its own SMSC."""
    found = {one.system_id: one for one in values.smpp.accounts}
    for smsc in values.smsc:
        found |= {f"{smsc.name}/{one.system_id}": one for one in smsc.accounts}
    return found


def _state(name: str) -> MessageState:
    for state in MessageState:
        if state.name == name.upper():
            return state
    names = ", ".join(state.name for state in MessageState)
    fail(f'--state: "{name}" is no message state; write one of {names}', EXIT_USAGE)


def _preview(writer: ReceiptWriter, report: Report) -> dict[str, Any]:
    form = writer.form
    octets = writer.octets(report)
    payload = form.carrier is Carrier.DATA_SM or len(octets) > _SHORT_MESSAGE_MOST
    return {
        "response_message_id": writer.written_id(report.id),
        "pdu": form.carrier.value,
        "esm_class": writer.esm_class(report),
        "data_coding": form.data_coding,
        "text_in": "message_payload" if payload else "short_message",
        "text": writer.text(report),
        "octets": octets.hex(),
        "tlvs": [
            {"tag": f"0x{one.tag:04X}", "name": _name(one), "value": one.value.hex()}
            for one in writer.tlvs(report)
        ],
    }


def _name(tlv: Tlv) -> str:
    rule = TLV_RULES.get(tlv.tag)
    return "vendor-specific" if rule is None else rule.name


def _show(shown: dict[str, Any]) -> None:
    say(f"preset          {shown['preset']}: {shown['source']}")
    say(f"submit_sm_resp  message_id {shown['response_message_id']}")
    say(
        f"{shown['pdu']:14}  esm_class 0x{shown['esm_class']:02X}, "
        f"data_coding {shown['data_coding']}, after {shown['delay']}"
    )
    say(f"{shown['text_in']:14}  {shown['text']}")
    for one in shown["tlvs"]:
        say(f"TLV {one['tag']}      {one['name']} {one['value']}")


def _worded(delay: DelayConfig) -> str:
    """Word a delay in one line."""
    match delay.kind:
        case DelayKind.FIXED:
            return f"{delay.seconds:g} s"
        case DelayKind.UNIFORM:
            return f"{delay.least:g} to {delay.most:g} s"
        case DelayKind.NORMAL:
            return f"{delay.mean:g} s, deviation {delay.deviation:g} s"
        case DelayKind.LOGNORMAL:
            return f"{delay.median:g} s in the median, sigma {delay.sigma:g}"
        case DelayKind.PERCENTILES:
            return ", ".join(f"{seconds:g} s at {percent:g} %" for percent, seconds in delay.points)
        case _:
            assert_never(delay.kind)
