"""An account of the configuration."""

from __future__ import annotations

from ipaddress import ip_network

from gateway.config import RECEIPT_PRESETS, AccountConfig, LimitsConfig
from gateway.links.smpp_account import Account, Traffic
from gateway.links.smpp_delivery import DEFAULT_RECEIPTS
from gateway.links.smpp_mapping import senders


def account(**limits: object) -> Account:
    config = AccountConfig(
        system_id="bank",
        password="bank",
        limits=LimitsConfig(**limits),  # type: ignore[arg-type]
    )
    return Account(config, senders((config,), "4444")["bank"], 0.0)


def test_without_limits() -> None:
    bank = account()
    assert (bank.name, bank.networks, bank.rate) == ("bank", (), None)
    assert bank.traffic == Traffic()


def test_with_limits() -> None:
    bank = account(allow_from=("10.0.0.0/8", "::1"), submits_per_second=1.0)
    assert bank.networks == (ip_network("10.0.0.0/8"), ip_network("::1/128"))
    assert bank.rate is not None


def test_its_receipts_are_as_configured() -> None:
    config = AccountConfig(system_id="shop", password="shop", receipt=RECEIPT_PRESETS["nexmo"])
    shop = Account(config, senders((config,), "4444")["shop"], 0.0)
    assert shop.receipts.written_id(4711) == "1267"
    assert shop.receipts.read_id("1267") == 4711
    assert account().receipts.form == DEFAULT_RECEIPTS.form
