"""What only neighbours show: long texts cut without a header, references reused or split.

Remembers the last message of each pair of addresses, of at most PAIRS_MOST pairs.
"""

from typing import Final

import msgspec

from gateway.smpp.codes import EsmClass
from gateway.smpp.lint import message_rules as rules
from gateway.smpp.lint.coding import is_default
from gateway.smpp.lint.findings import Note
from gateway.smpp.lint.message import Submitted
from gateway.smpp.message import part_of
from gateway.smpp.pdu import DataSm, SubmitMulti
from gateway.smpp.udh import Concatenation

PAIRS_MOST: Final = 512
_AT_ONCE_S: Final = 1.0
_REUSED_WITHIN_S: Final = 3600.0
_BLIND_S: Final = 60.0
_REFERENCES: Final = 8
# Where clients cut a text: what one message holds, or what it holds behind a header.
_FULL_SEPTETS: Final = frozenset({152, 153, 160, 254})
_FULL_OCTETS: Final = frozenset({132, 134, 140, 254})


class _Pair(msgspec.Struct):
    """The last message from one address to another.

    `full_at` is set by a full message without a header; `texts` are hashes of the segments seen
    under `reference`, by number; `run` counts segments in a row under a new reference each.
    """

    full_at: float = -1.0
    text: int = 0
    data_coding: int = 0
    at: float = 0.0
    reference: int = -1
    total: int = 0
    number: int = 0
    run: int = 0
    texts: dict[int, int] = {}
    references: list[int] = []


class Segments:
    """Watches the messages of one account."""

    __slots__ = ("_blind_until", "_pairs")

    def __init__(self) -> None:
        """Begin without any."""
        self._pairs: dict[tuple[str, str], _Pair] = {}
        self._blind_until = 0.0

    def skipped(self, now: float) -> None:
        """Note that messages went by unseen: parts of what follows may have been among them."""
        self._blind_until = now + _BLIND_S

    def notes(self, pdu: Submitted, octets: bytes, now: float) -> list[Note]:
        """Say what a message shows together with those before it."""
        if type(pdu) is SubmitMulti:
            return []
        has_place = pdu.esm_class & EsmClass.UDHI or pdu.tlvs
        place = part_of(pdu) if has_place else None
        if place is None:
            size = len(octets)
            full = size in (_FULL_SEPTETS if is_default(pdu.data_coding) else _FULL_OCTETS)
            # Only short_message is bound to be cut.
            full = full and not has_place and not isinstance(pdu, DataSm)
            if not full and not self._pairs:
                return []
            return self._plain(pdu, octets, now, full=full)
        pair = self._pair((pdu.source_addr, pdu.destination_addr))
        pair.full_at = -1.0
        return self._segment(pair, place, octets, now)

    def _plain(self, pdu: Submitted, octets: bytes, now: float, *, full: bool) -> list[Note]:
        assert not isinstance(pdu, SubmitMulti)
        key = (pdu.source_addr, pdu.destination_addr)
        pair = self._pairs.get(key)
        if pair is None:
            if not full:
                return []
            pair = self._pair(key)
        text = hash(octets)
        follows = pair.full_at >= 0 and now - pair.full_at <= _AT_ONCE_S
        cut = follows and text != pair.text and pdu.data_coding == pair.data_coding
        pair.full_at = now if full else -1.0
        pair.text = text
        pair.data_coding = pdu.data_coding
        shown = f"{pdu.source_addr} to {pdu.destination_addr}, {len(octets)} octets follow"
        return [(rules.CUT_WITHOUT_UDH, shown)] if cut else []

    def _segment(self, pair: _Pair, place: Concatenation, octets: bytes, now: float) -> list[Note]:
        text = hash(octets)
        found: list[Note] = []
        if place.reference == pair.reference:
            other = pair.texts.get(place.number, text) != text or place.total != pair.total
            if other and now - pair.at <= _REUSED_WITHIN_S:
                found.append((rules.REFERENCE_REUSED, f"reference {place.reference}"))
            if other:
                pair.texts = {}
            pair.run = 0
        else:
            goes_on = place.number == pair.number + 1 and place.total == pair.total
            known = place.reference in pair.references
            if place.number == 1:
                pair.run = 1
            else:
                pair.run = pair.run + 1 if goes_on and pair.run and not known else 0
            if pair.run == place.total > 1 and now >= self._blind_until:
                found.append((rules.SEGMENTS_SPLIT, f"{place.total} parts, a reference each"))
            pair.texts = {}
            pair.references = [*pair.references[1 - _REFERENCES :], place.reference]
        pair.reference, pair.total, pair.number = place.reference, place.total, place.number
        pair.texts[place.number] = text
        pair.at = now
        return found

    def _pair(self, key: tuple[str, str]) -> _Pair:
        pair = self._pairs.get(key)
        if pair is None:
            if len(self._pairs) >= PAIRS_MOST:
                del self._pairs[next(iter(self._pairs))]
            pair = self._pairs[key] = _Pair()
        return pair
