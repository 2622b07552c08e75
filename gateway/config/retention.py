"""[retention]: how much of the past is kept."""

from __future__ import annotations

from msgspec import Struct

from gateway.config.notes import Notes

_DAYS_MOST = 36_500
_MOST = 2**53
# A restart needs the newest records for the answers to repeats.
_JOURNAL_LEAST = 20_000


class RetentionConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[retention]; 0 keeps all. Days are the calendar's."""

    messages_most: int = 2_000_000
    messages_days: float = 0.0
    journal_most: int = 10_000_000

    @property
    def messages_ms(self) -> int:
        """How long messages are kept after their end, in milliseconds of the calendar."""
        return round(self.messages_days * 86_400_000)


def check_retention(row: RetentionConfig, notes: Notes) -> None:
    """Report limits that cannot be."""
    if not 0 <= row.messages_most <= _MOST:
        notes.note(
            ("retention", "messages_most"),
            f"is {row.messages_most}",
            "write how many of the newest messages are kept, or 0 for all",
        )
    if not 0 <= row.messages_days <= _DAYS_MOST:
        notes.note(
            ("retention", "messages_days"),
            f"is {row.messages_days:g}",
            f"write days, {_DAYS_MOST} at most, or 0 for ever",
        )
    if row.journal_most and not _JOURNAL_LEAST <= row.journal_most <= _MOST:
        notes.note(
            ("retention", "journal_most"),
            f"is {row.journal_most}",
            f"write {_JOURNAL_LEAST} or more (a restart needs them), or 0 for all",
        )
