"""Which account serves which code; what a file may get wrong is in mistakes/."""

from __future__ import annotations

from gateway.config import (
    AccountConfig,
    ShortCodeConfig,
    SmppConfig,
    SmscConfig,
    served_codes,
    with_codes,
)
from gateway.core.application import ServedCode

ROWS = (
    ShortCodeConfig(code="4444", served_by="other/app", shadow=True, wait_hours=0.5),
    ShortCodeConfig(code="123"),
)


def account(name: str, *serves: str) -> AccountConfig:
    return AccountConfig(system_id=name, password=name, serves=serves)


def test_the_desk_needs_no_code_of_an_esme() -> None:
    assert served_codes(ROWS) == {"4444": ServedCode("other/app", True, 1_800_000)}


def test_only_the_account_that_serves_a_code_may_send_as_it() -> None:
    codes = served_codes(ROWS)
    first = with_codes(SmppConfig(accounts=(account("app", "4444", "99"),)), codes)
    other = with_codes(SmscConfig(name="other", accounts=(account("app"),)), codes)
    assert first.accounts[0].serves == ("99",)
    assert other.accounts[0].serves == ("4444",)
