"""`gateway messages`: what a running gateway has of short messages, listed or searched."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli_remote import ANSWER_S, API, ApiOption, ask, download, msisdn_or_exit
from gateway.terminal import (
    EXIT_NOTHING_CAME,
    EXIT_USAGE,
    JsonOption,
    complain,
    fail,
    save,
    say,
    say_json,
)

# The API answers a long poll at the latest after this many seconds.
_POLL_S = 60.0
# A search of many messages may take longer before the first octet comes.
_PCAP_S = 120.0
# Octets of a capture file without packets.
_PCAP_HEADER = 24

SearchOption = Annotated[
    str | None,
    typer.Option("--search", metavar="QUERY", help="Only what fits, the newest first."),
]
PcapOption = Annotated[
    Path | None,
    typer.Option("--pcap", metavar="FILE", help="Their PDUs for Wireshark, instead of a list."),
]


def add_message_commands(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(messages)


def messages(
    msisdn: Annotated[
        str | None, typer.Argument(metavar="[MSISDN]", help="Only from or to this number.")
    ] = None,
    after: Annotated[int, typer.Option(min=0, help="Only with an id above this.")] = 0,
    wait: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="Wait so long when there is none.")
    ] = 0.0,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 100,
    search: SearchOption = None,
    pcap: PcapOption = None,
    api: ApiOption = API,
    json: JsonOption = False,
) -> None:
    """List messages by rising id; with --wait, exit 4 when none came.

    --pcap rebuilds the PDUs of SMPP from the store, NIK and KK masked: of all that fit, the
    10,000 newest.

    \b
    Examples:
      gateway messages 081190000001
      gateway messages 081190000001 --after 12 --wait 30
      gateway messages --search 'to:081190000001 text:kode -state:delivered since:1h'
      gateway messages --search 'esme:qa since:1h' --pcap qa.pcap
    """
    if pcap is not None:
        words = search or ""
        _capture(api, words if msisdn is None else f"{words} with:{msisdn_or_exit(msisdn)}", pcap)
        return
    if search is not None:
        words = search if msisdn is None else f"{search} with:{msisdn_or_exit(msisdn)}"
        _search(api, words, after, wait, limit, json)
        return
    _listed(api, msisdn, after, wait, limit, json)


def _listed(api: str, msisdn: str | None, after: int, wait: float, limit: int, json: bool) -> None:
    query: dict[str, str | int | float] = {"after": after, "limit": limit}
    if msisdn is not None:
        query["msisdn"] = msisdn_or_exit(msisdn)
    left = wait
    while True:
        share = min(left, _POLL_S)
        query["wait"] = share
        answer = ask(api, "GET", "messages", query=query, seconds=share + ANSWER_S)
        left -= share
        if answer["messages"] or left <= 0:
            break
    _list(answer, json, waited=bool(wait))


def _capture(api: str, words: str, path: Path) -> None:
    chunks = download(api, "messages.pcap", {"q": words.strip()}, seconds=_PCAP_S)
    # The first piece before the file: what cannot be searched for makes none.
    first = next(chunks, b"")
    try:
        save(chain((first,), chunks), path)
        size = path.stat().st_size
    except OSError as trouble:
        fail(f"--pcap: {path}: {trouble.strerror}; name a file that may be written", EXIT_USAGE)
    complain(f"written to {path}")
    if size <= _PCAP_HEADER:
        complain(f"{path} holds no packets: no message that fits came or went by SMPP")


def _search(api: str, words: str, after: int, wait: float, limit: int, json: bool) -> None:
    query: dict[str, str | int | float] = {"q": words, "after": after, "limit": limit}
    answer = ask(api, "GET", "messages/search", query=query)
    # A search of many messages gives what it has after a while, and where to go on.
    while answer["before"] and len(answer["messages"]) < limit:
        query |= {"before": int(answer["before"]), "limit": limit - len(answer["messages"])}
        more = ask(api, "GET", "messages/search", query=query)
        answer = {**more, "messages": answer["messages"] + more["messages"]}
    if answer["deleted_up_to"] and not json and len(answer["messages"]) < limit:
        complain(f"messages up to {answer['deleted_up_to']} that had ended are gone ([retention])")
    left = wait
    while left > 0 and not answer["messages"]:
        share = min(left, _POLL_S)
        waiting: dict[str, str | int | float] = {"q": words, "after": after, "wait": share}
        answer = ask(api, "GET", "messages/wait", query=waiting, seconds=share + ANSWER_S)
        left -= share
    _list(answer, json, waited=bool(wait))


def _list(answer: dict[str, Any], json: bool, *, waited: bool) -> None:
    if json:
        say_json(answer)
    else:
        for message in answer["messages"]:
            say(_line(message))
    if waited and not answer["messages"]:
        raise typer.Exit(EXIT_NOTHING_CAME)


def _line(message: dict[str, Any]) -> str:
    text = message["text"]
    if message["receipt_of"]:
        text = f"receipt of {message['receipt_of']}"
    error = f" (error {message['error']})" if message["error"] else ""
    return (
        f"{message['id']}  {message['at']}  {message['kind']}  {message['from']} -> "
        f"{message['to']}  {message['state']}{error}  {text}"
    )
