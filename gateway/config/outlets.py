"""[outlets]: how many numbers on a NIK are reported, and when an outlet looks wrong."""

from __future__ import annotations

from msgspec import Struct

from gateway.config.notes import Notes
from gateway.core.outlets import Suspicion


class OutletsConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[outlets]; `report_above` is of 2018 (domain.md 3.1), the other values are invented."""

    report_above: int = 10
    numbers_on_nik: int = 5
    requests_an_hour: int = 30
    failed_share: float = 0.5
    least_requests: int = 10

    def suspicion(self) -> Suspicion:
        """Give when an outlet looks wrong."""
        return Suspicion(
            self.numbers_on_nik, self.requests_an_hour, self.failed_share, self.least_requests
        )


def check_outlets(config: OutletsConfig, notes: Notes) -> None:
    """Report what cannot be."""
    for key in ("report_above", "numbers_on_nik", "requests_an_hour", "least_requests"):
        value = getattr(config, key)
        if value < 1:
            default = getattr(OutletsConfig(), key)
            notes.note(("outlets", key), f"is {value}", f"write 1 or more, as {key} = {default}")
    share = config.failed_share
    if not 0 < share <= 1:
        notes.note(("outlets", "failed_share"), f"is {share:g}", "write more than 0, 1.0 at most")
