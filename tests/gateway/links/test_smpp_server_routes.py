"""Where a phone's message goes by the address_range of binds (SMPP 3.4 §5.2.7)."""

from __future__ import annotations

from gateway.config import AccountConfig
from tests.gateway.links.esme import (
    BIND_RX,
    BIND_TRX,
    ENQUIRE_LINK,
    SUBMIT_SM,
    UNBIND,
    RawEsme,
    Running,
    bind_body,
    running,
    submit_body,
)

HANDSET = "6281234567890"
ACCOUNTS = (
    AccountConfig(system_id="qa", password="qa", speaks_for_handsets=True),
    AccountConfig(system_id="bank", password="bank"),
    AccountConfig(system_id="shop", password="shop"),
    AccountConfig(system_id="desk", password="desk", serves=("5500",)),
)


async def receiver(parts: Running, account: str, address_range: str = "") -> RawEsme:
    esme = await parts.esme()
    body = bind_body(account, account, address_range=address_range)
    assert (await esme.ask(BIND_RX, body)).status == 0
    return esme


async def says(phone: RawEsme, to: str, text: str = "halo") -> int:
    return (await phone.ask(SUBMIT_SM, submit_body(HANDSET, to, text))).status


async def gets(esme: RawEsme) -> tuple[str, bytes]:
    deliver = await esme.deliver()
    esme.answer(deliver)
    return deliver.destination[2], deliver.text


async def test_to_the_account_whose_range_holds_it() -> None:
    async with running(accounts=ACCOUNTS) as parts:
        phone = await parts.esme("qa")
        assert await says(phone, "5555") == 0x0B
        bank = await receiver(parts, "bank", "^55")
        assert await says(phone, "5555") == 0
        assert await gets(bank) == ("5555", b"halo")
        # Another account with a narrower range takes over, and gives back.
        shop = await receiver(parts, "shop", "5555")
        assert await says(phone, "5555", "to the shop") == 0
        assert await gets(shop) == ("5555", b"to the shop")
        await shop.ask(UNBIND)
        await parts.until(lambda: parts.server.traffic()["shop"].sessions == 0)
        assert await says(phone, "5555", "to the bank") == 0
        assert await gets(bank) == ("5555", b"to the bank")


async def test_what_is_configured_comes_before_ranges() -> None:
    async with running(accounts=ACCOUNTS) as parts:
        phone = await parts.esme("qa")
        bank = await receiver(parts, "bank", "*")
        desk = await receiver(parts, "desk")
        assert await says(phone, "5500") == 0
        assert await gets(desk) == ("5500", b"halo")
        await bank.nothing_but(ENQUIRE_LINK)


async def test_each_session_of_an_account_gets_what_its_range_holds() -> None:
    async with running(accounts=ACCOUNTS) as parts:
        phone = await parts.esme("qa")
        fives = await receiver(parts, "bank", "^5[0-9]{3}$")
        sixes = await receiver(parts, "bank", r"^6[0-9]\{3\}$")
        for number in range(10):
            assert await says(phone, "5555", f"five {number}") == 0
            assert await says(phone, "6666", f"six {number}") == 0
        for number in range(10):
            assert await gets(sixes) == ("6666", f"six {number}".encode())
            assert await gets(fives) == ("5555", f"five {number}".encode())
        await fives.nothing_but(ENQUIRE_LINK)
        await sixes.nothing_but(ENQUIRE_LINK)


async def test_receipts_come_whatever_the_range_is() -> None:
    async with running(accounts=ACCOUNTS) as parts:
        esme = await parts.esme()
        await esme.ask(BIND_TRX, bind_body("bank", "bank", address_range="^55"))
        esme.send(SUBMIT_SM, submit_body("BANK", HANDSET, ton=(5, 1), registered=1))
        assert (await esme.receive()).status == 0
        receipt = await esme.deliver()
        assert receipt.receipt["stat"] == "DELIVRD"


async def test_a_range_that_cannot_be_read() -> None:
    async with running(accounts=ACCOUNTS) as parts:
        esme = await parts.esme()
        body = bind_body("bank", "bank", address_range="^(55")
        assert (await esme.ask(BIND_RX, body)).status == 0x0D
        assert (await esme.bind("bank", kind=BIND_RX)).status == 0
