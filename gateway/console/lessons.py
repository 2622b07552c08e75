"""The lessons: scenarios as TOML beside this file, in the folder `lessons`, read once."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from gateway.core.subscriber import BlockStage

FOLDER = Path(__file__).parent / "lessons"


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """What a trainer says, in Indonesian and English."""

    id: str = ""
    en: str = ""


NO_WORDS = Words()


class LessonPhone(Struct, frozen=True, forbid_unknown_fields=True):
    """A phone of a lesson; `owner` is the key of the phone whose owner has this one too."""

    key: str
    name: str
    prefix: str
    owner: str = ""


class On(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="on"):
    """A phone is switched on."""

    phone: str
    say: Words = NO_WORDS


class Off(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="off"):
    """A phone is switched off."""

    phone: str
    say: Words = NO_WORDS


class SendSms(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="sms"):
    """A phone sends an SMS. In the text {nik}, {kk} and {number} are its owner's, {other_nik}
    and {other_kk} somebody else's, {no_nik} a NIK that nobody has. `reply` is found in the SMS
    that comes back.
    """

    phone: str
    to: str
    text: str
    reply: str = ""
    refused: bool = False
    say: Words = NO_WORDS


class Arrives(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="arrives"):
    """A phone shows an SMS with this text."""

    phone: str
    text: str
    say: Words = NO_WORDS


class Manner(Enum):
    """What becomes of a call that rings: answered and hung up, answered and kept, rejected."""

    TALK = "talk"
    KEEP = "keep"
    REJECT = "reject"


class CallTo(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="call"):
    """A phone calls; `refused` by the network where it does not even ring."""

    phone: str
    to: str
    manner: Manner = Manner.TALK
    refused: bool = False
    say: Words = NO_WORDS


class HangUp(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="hangup"):
    """A phone ends the call that was kept."""

    phone: str
    say: Words = NO_WORDS


class SwitchData(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="data"):
    """Mobile data is switched on or off."""

    phone: str
    on: bool
    refused: bool = False
    say: Words = NO_WORDS


class AskUssd(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="ussd"):
    """A phone dials a USSD code; `refused`: its operator has no such service."""

    phone: str
    to: str
    refused: bool = False
    say: Words = NO_WORDS


class Calendar(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="calendar"):
    """The calendar goes to eight in the morning of the day on which this stage begins."""

    stage: BlockStage
    say: Words = NO_WORDS


class SwitchFaults(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="faults"):
    """A profile of faults is switched on or off."""

    profile: str
    on: bool
    say: Words = NO_WORDS


class Later(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="later"):
    """The calendar goes on by some minutes."""

    minutes: int
    say: Words = NO_WORDS


class Starter(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="starter"):
    """A phone's number becomes a starter card that was never registered."""

    phone: str
    say: Words = NO_WORDS


class AtOutlet(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="outlet"):
    """An outlet registers a phone's number, on its owner or on a `foreigner`."""

    phone: str
    foreigner: bool = False
    say: Words = NO_WORDS


class ToldByApplication(
    Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="application"
):
    """The operator's own application tells that a phone's number is registered (role B)."""

    phone: str
    say: Words = NO_WORDS


class FromEsme(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="esme"):
    """An ESME account sends a phone an SMS; `refused`: it does not reach it."""

    account: str
    sender: str
    phone: str
    text: str
    refused: bool = False
    say: Words = NO_WORDS


Backstage = Calendar | Later | SwitchFaults | Starter | AtOutlet | ToldByApplication | FromEsme
"""What happens beside the phones."""

Step = On | Off | SendSms | Arrives | CallTo | HangUp | SwitchData | AskUssd | Backstage


class Lesson(Struct, frozen=True, forbid_unknown_fields=True):
    """One lesson. `stages`: it needs a calendar that is still before the first stage."""

    title: Words
    about: Words
    phones: tuple[LessonPhone, ...]
    steps: tuple[Step, ...]
    stages: bool = False


# In the order in which a course goes through them; others follow by name.
_FIRST = (
    *("formats", "mistakes", "barring", "rescue", "starter-card"),
    *("three-numbers", "fourth-number", "giving-back", "five-failures", "two-step"),
)


@cache
def lessons() -> dict[str, Lesson]:
    """Read all lessons, by name."""
    paths = {path.stem: path for path in sorted(FOLDER.glob("*.toml"))}
    return {name: read(paths[name].read_bytes()) for name in _ordered(paths)}


def _ordered(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (_FIRST.index(name) if name in _FIRST else 99, name))


def read(content: bytes) -> Lesson:
    """Read a lesson; raises msgspec.ValidationError."""
    return msgspec.toml.decode(content, type=Lesson)
