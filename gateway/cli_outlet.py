"""The commands `gateway outlet`: what an outlet (gerai) or dealer does."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from gateway.cli_remote import API, ApiOption, ask
from gateway.core.outlets import Document
from gateway.terminal import EXIT_USAGE, JsonOption, fail, say, say_json

outlet_app = typer.Typer(
    help="Register numbers at a running gateway as an outlet (gerai) does.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def add_outlet_commands(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(outlet_app, name="outlet")


@outlet_app.callback()
def outlet() -> None:
    """Register numbers at a running gateway as an outlet (gerai) does."""


@outlet_app.command("register")
def register(
    msisdn: Annotated[str, typer.Argument(metavar="NUMBER", help="08.., 62.. or +62..")],
    outlet: Annotated[str, typer.Option("--outlet", metavar="ID", help="The outlet's id.")],
    nik: Annotated[str | None, typer.Option("--nik", help="A citizen's 16 digits.")] = None,
    kk: Annotated[str | None, typer.Option("--kk", help="The family card's 16 digits.")] = None,
    document: Annotated[
        Document | None, typer.Option("--document", help="What a foreigner shows.")
    ] = None,
    number: Annotated[str, typer.Option("--number", help="The document's number.")] = "",
    nationality: Annotated[str, typer.Option("--nationality")] = "",
    name: Annotated[str, typer.Option("--name")] = "",
    birth_place: Annotated[str, typer.Option("--birth-place")] = "",
    birth_date: Annotated[str, typer.Option("--birth-date", metavar="DATE")] = "",
    api: ApiOption = API,
    json: JsonOption = False,
) -> None:
    """Register a number for a citizen, or for a foreigner; no limit of numbers holds here.

    \b
    Examples:
      gateway outlet register 081290000001 --outlet GERAI-017 --nik NIK --kk KK
      gateway outlet register 081290000002 --outlet GERAI-017 --document kitas --number 2C11 \\
        --nationality AU --name "Jane Doe" --birth-place Perth --birth-date 1990-05-17
    """
    about = {
        "number": number,
        "nationality": nationality,
        "name": name,
        "birth_place": birth_place,
        "birth_date": birth_date,
    }
    body: dict[str, Any] = {"outlet": outlet, "msisdn": msisdn, "nik": nik, "kk": kk}
    body["foreigner"] = _foreigner(document, about)
    answer = ask(api, "POST", "registrations/outlet", body=body)
    if json:
        say_json(answer)
        return
    say(f"{answer['outcome']}  {answer['why']}")


def _foreigner(document: Document | None, about: dict[str, str]) -> dict[str, str] | None:
    """Put a foreigner's data together, which go together or not at all."""
    if document is None:
        if any(about.values()):
            fail("a foreigner's data need --document passport, kitas or kitap", EXIT_USAGE)
        return None
    missing = [f"--{key.replace('_', '-')}" for key, value in about.items() if not value]
    if missing:
        fail(f"--document needs {', '.join(missing)} too", EXIT_USAGE)
    return {"document": document.value, **about}
