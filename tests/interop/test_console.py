"""The trainers' console in a real Chromium: each lesson is played through the page.

Screenshots at both widths go to the folder that CONSOLE_SCREENSHOTS names.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from gateway.console.lessons import lessons
from gateway.core.events import MoSms, Phone
from gateway.core.numbers import Msisdn
from gateway.store.memory import MemoryStore
from gateway.testing import Simulator
from tests.interop.chromium import IN_CHROMIUM, WIDTHS, Watched, opened, photographed

READ, ACT = "reading-is-enough", "trainers-may-act-"

pytestmark = IN_CHROMIUM

# Where text has too little contrast with what lies under it (WCAG 2, 1.4.3), and controls
# that have no name.
CONTRAST = """() => {
  const parse = (c) => (c.match(/[\\d.]+/g) ?? []).map(Number);
  const channel = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const under = (el) => { for (; el; el = el.parentElement) {
    const c = parse(getComputedStyle(el).backgroundColor); if (c.length && (c.length < 4 || c[3] > 0.9)) return c; }
    return [255, 255, 255]; };
  const wrong = [];
  for (const el of document.querySelectorAll("body *")) {
    const own = [...el.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || el.disabled || !el.checkVisibility() || el.closest("svg, .hidden, .skip, noscript, option")) continue;
    const style = getComputedStyle(el);
    const [one, other] = [light(parse(style.color)), light(under(el))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.6 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) wrong.push(`${el.className || el.tagName}: ${el.textContent.slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return wrong;
}"""  # noqa: E501
NAMELESS = """() => [...document.querySelectorAll("button, input, select, textarea, [role=slider], [role=tab]")]
  .filter((el) => el.checkVisibility() && !el.getAttribute("aria-label") && !el.textContent.trim() && !el.labels?.length)
  .map((el) => el.outerHTML.slice(0, 120))"""  # noqa: E501
FRAMES = """() => new Promise((done) => { let frames = 0; const began = performance.now();
  const next = () => { frames += 1; performance.now() - began > 2000 ? done(frames / 2) : requestAnimationFrame(next); };
  requestAnimationFrame(next); })"""  # noqa: E501


@pytest.mark.parametrize("name", lessons())
async def test_a_lesson_is_played_through_the_page(sim: Simulator, browser: Any, name: str) -> None:
    watched = await opened(browser, f"{sim.http}/")
    page = watched.page
    await page.click(f"#lesson-{name}")
    steps = len(lessons()[name].steps)
    for step in range(steps):
        await page.get_by_text(f"{step} dari {steps}", exact=True).wait_for()
        await page.press("#lesson-step", "Enter")
    await page.get_by_text(f"{steps} dari {steps}", exact=True).wait_for()
    assert await page.locator(".steps li.done").count() == steps
    assert await page.locator(".phone").count() == len(lessons()[name].phones)
    await page.locator(".events .event").first.wait_for()
    await photographed(page, name)
    assert watched.complaints == []


async def test_the_story_by_hand(sim: Simulator, browser: Any) -> None:
    watched = await opened(browser, f"{sim.http}/", "en-GB")
    page = watched.page
    await page.click("#all-on")
    await page.locator(".phone.on").nth(5).wait_for()
    sari, budi = page.locator(".phone").nth(0), page.locator(".phone").nth(1)
    await sari.get_by_text("Fill in format").click()
    await sari.get_by_role("button", name="Send").click()
    await sari.get_by_text("registered", exact=True).wait_for()
    # One press of an arrow is a day; two bring the first of March.
    for _ in range(3):
        await page.press("#handle", "ArrowRight")
    await page.locator(".phone.stage-OUTGOING_BARRED").nth(4).wait_for()
    await budi.locator("textarea").fill("Halo")
    await budi.get_by_label("To").fill("081290000001")
    await budi.get_by_role("button", name="Send").click()
    await budi.locator(".bubble.refused").wait_for()
    await sari.get_by_label("To").fill("085690000002")
    await sari.get_by_role("button", name="Call", exact=True).click()
    await budi.get_by_role("button", name="Answer").click()
    await sari.get_by_text("Talking to 085690000002").wait_for()
    await page.press("#tab-charts", "ArrowRight")
    await page.get_by_role("tab", name="Civil registry", selected=True).wait_for()
    await page.locator("#panel-registry select").first.select_option(index=2)
    assert await budi.locator("textarea").input_value() != ""
    await page.click("#tab-faults")
    await page.get_by_label("overloaded-desk").check()
    await page.locator(".fault.on").wait_for()
    await page.click("#tab-search")
    await page.fill("#query", "from:081290000001 text:ULANG")
    await page.press("#query", "Enter")
    await page.locator("#panel-search tbody tr").first.wait_for()
    await photographed(page, "by-hand")
    assert watched.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_everything_has_a_name_and_can_be_read(
    sim: Simulator, browser: Any, theme: str
) -> None:
    watched = await opened(browser, f"{sim.http}/")
    page = watched.page
    if await page.evaluate("() => document.documentElement.dataset.theme") != theme:
        await page.click("#theme")
    await page.click("#lesson-mistakes")
    for step in range(4):
        await page.get_by_text(f"{step} dari 6", exact=True).wait_for()
        await page.click("#lesson-step")
    await page.get_by_text("4 dari 6", exact=True).wait_for()
    wrong = []
    for tab in ("charts", "registry", "faults", "smpp", "search", "webhooks"):
        await page.click(f"#tab-{tab}")
        await page.locator(f"#panel-{tab} > *").first.wait_for()
        wrong += await page.evaluate(CONTRAST) + await page.evaluate(NAMELESS)
    assert wrong == []
    assert watched.complaints == []


async def test_it_stays_smooth_at_a_thousand_a_second_and_says_that_it_samples(
    sim: Simulator, browser: Any
) -> None:
    watched = await opened(browser, f"{sim.http}/")
    page = watched.page
    loading = asyncio.create_task(_load(sim))
    frames = await page.evaluate(FRAMES)
    await page.locator(".sample.some").wait_for()
    await page.click("#language")
    await page.get_by_text("Prepaid-SIM registration").wait_for()
    await loading
    assert frames > 10
    assert await page.locator(".events > li").count() <= 60
    assert watched.complaints == []


async def _load(sim: Simulator) -> None:
    """Register 1,000 numbers a second for four seconds, in slices."""
    registry = sim.gateway.flow.rules.registry
    for slice_ in range(80):
        events = []
        for place in range(50):
            index = slice_ * 50 + place
            citizen = registry.citizen(index)
            text = f"ULANG {citizen.nik.digits}#{citizen.kk.digits}#"
            events.append(MoSms(Msisdn(f"62812{10_000_000 + index}"), "4444", text, Phone("r")))
        sim.gateway.flow.offer(events, lambda _: None)
        # The pace is what is tested here.
        await asyncio.sleep(0.05)


TOKENS = f'http.read_token="{READ}"', f'http.act_token="{ACT}"'


async def test_who_may_only_look(browser: Any) -> None:
    async with Simulator(*TOKENS) as sim:
        looking = await opened(browser, f"{sim.http}/console/#token={READ}")
        await looking.page.locator("body.viewer").wait_for()
        assert await looking.page.locator("#all-on").is_hidden()
        assert await looking.page.locator("#lesson-formats").is_disabled()
        note = await looking.page.locator("#viewer").inner_text()
        assert note.startswith("Token ini hanya boleh melihat. Tidak bisa: mengirim")
        await photographed(looking.page, "viewer")
        acting = await opened(browser, f"{sim.http}/console/#token={ACT}")
        await acting.page.click("#all-on")
        await looking.page.locator(".phone.on").nth(5).wait_for()
        assert await acting.page.locator("#viewer").is_hidden()
        assert looking.complaints == []
        assert acting.complaints == []


async def test_the_token_is_asked_for_once(browser: Any) -> None:
    async with Simulator(*TOKENS) as sim:
        width, height = WIDTHS["wide"]
        context = await browser.new_context(
            viewport={"width": width, "height": height}, locale="en-GB", reduced_motion="reduce"
        )
        page = await context.new_page()
        page.set_default_timeout(15_000)
        watched = Watched(page)
        await page.goto(f"{sim.http}/")
        await page.get_by_role("heading", name="This gateway asks for a token").wait_for()
        assert watched.complaints == []
        assert await page.evaluate(NAMELESS) + await page.evaluate(CONTRAST) == []
        await page.keyboard.type("guessed-by-somebody")
        await page.keyboard.press("Enter")
        await page.get_by_text("This token is wrong.").wait_for()
        await photographed(page, "login")
        # Chromium itself tells of the answer 401.
        assert [one for one in watched.complaints if "401" not in one] == []
        watched.complaints.clear()
        await page.locator("#token").fill(ACT)
        await page.get_by_role("button", name="Log in").click()
        await page.locator(".phone").first.wait_for()
        (cookie,) = await context.cookies()
        assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == (
            "gateway_token",
            True,
            "Strict",
        )
        assert await page.evaluate("() => document.cookie") == ""
        await page.click("#all-on")
        await page.locator(".phone.on").nth(5).wait_for()
        await page.reload()
        await page.locator(".phone.on").nth(5).wait_for()
        await page.click("#logout")
        await page.get_by_role("heading", name="This gateway asks for a token").wait_for()
        assert await context.cookies() == []
        assert watched.complaints == []
        for _ in range(10):
            await page.evaluate(
                """() => fetch("/api/v1/login", {method: "POST", body: '{"token": "no"}'})"""
            )
        await page.locator("#token").fill(ACT)
        await page.keyboard.press("Enter")
        await page.get_by_text("Too many wrong tokens: wait").wait_for()
        await context.close()


async def test_the_handle_is_dragged_and_the_clock_jumps(sim: Simulator, browser: Any) -> None:
    watched = await opened(browser, f"{sim.http}/", "en-GB")
    page = watched.page
    await page.click("#all-on")
    await page.locator(".phone.on").nth(5).wait_for()
    band = await page.locator(".band").bounding_box()
    handle = await page.locator("#handle").bounding_box()
    middle = handle["y"] + handle["height"] / 2
    await page.mouse.move(handle["x"] + handle["width"] / 2, middle)
    await page.mouse.down()
    await page.mouse.move(band["x"] + band["width"] * 0.95, middle, steps=5)
    await page.mouse.up()
    await page.locator(".phone.stage-TOTAL_BARRED").nth(5).wait_for()
    assert str(sim.clock) > "2018-05-01"
    # Back it does not go.
    await page.mouse.click(band["x"] + band["width"] * 0.2, band["y"] + 10)
    await page.get_by_text("The calendar only moves forwards").wait_for()
    await page.select_option("#speed", label="a day a second")
    await page.click("#play")
    await page.get_by_role("button", name="Pause").click()
    await page.get_by_role("button", name="Play").first.wait_for()
    assert sim.gateway.clock.speed == 0
    assert watched.complaints == []


async def test_what_to_do_when_the_calendar_is_past_the_stages(
    sim: Simulator, browser: Any
) -> None:
    await sim.gateway.set_clock(sim.gateway.clock.now() + 90 * 86_400_000, None)
    watched = await opened(browser, f"{sim.http}/", "en-GB")
    page = watched.page
    await page.locator("#lesson-barring:disabled").wait_for()
    assert "past the first stage" in await page.locator("#lesson-rescue").inner_text()
    command = await page.locator("pre.command").inner_text()
    assert command.startswith("gateway serve --set 'store.path=")
    assert "2018-02-26T08:00:00+07:00" in command
    assert await page.locator("#lesson-formats").is_enabled()
    assert await page.evaluate(NAMELESS) + await page.evaluate(CONTRAST) == []
    await photographed(page, "past-the-stages")
    assert watched.complaints == []


async def test_the_pdus_of_a_session(sim: Simulator, browser: Any) -> None:
    esme = await sim.esme("qa")
    watched = await opened(browser, f"{sim.http}/", "en-GB")
    page = watched.page
    await page.click("#tab-smpp")
    await page.locator("#panel-smpp").get_by_text("transceiver").wait_for()
    await page.select_option("#pdu-account", "qa")
    await page.get_by_label("Log PDUs").check()
    citizen = sim.citizen()
    await esme.submit("081290000011", "4444", f"ULANG {citizen.nik}#{citizen.kk}#")
    await page.locator("#panel-smpp details").first.wait_for()
    assert "submit_sm" in await page.locator("#panel-smpp").inner_text()
    assert str(citizen.nik) not in await page.content()
    await photographed(page, "smpp")
    assert watched.complaints == []


async def test_a_message_is_opened_tagged_and_sent_again(sim: Simulator, browser: Any) -> None:
    esme = await sim.esme("qa")
    citizen = sim.citizen()
    await esme.submit("081290000011", "4444", f"ULANG {citizen.nik}#{citizen.kk}#", receipt=True)
    watched = await opened(browser, f"{sim.http}/", "en-GB")
    page = watched.page
    await page.click("#tab-search")
    await page.fill("#query", "kind:mo from:081290000011")
    await page.press("#query", "Enter")
    await page.locator("#message-1").focus()
    await page.press("#message-1", "Enter")
    view = page.get_by_role("region", name="Message 1")
    await view.get_by_text("submit_sm", exact=False).first.wait_for()
    shown = await view.inner_text()
    assert "registered_delivery" in shown
    assert "Rebuilt from the store" in shown
    assert "NIK and KK are masked" in shown
    assert str(citizen.nik) not in await page.content()
    dump = await view.locator("pre.hex").first.inner_text()
    assert dump.startswith("0000  00 00 00")
    assert "ULANG" in "".join(line[-16:] for line in dump.split("\n"))
    await view.get_by_label("Tags").fill("smoke run-7")
    await view.get_by_role("button", name="Save tags").click()
    await page.locator(".tag", has_text="#run-7").wait_for()
    assert await page.evaluate(NAMELESS) + await page.evaluate(CONTRAST) == []
    await photographed(page, "message")
    await page.set_viewport_size({"width": 1280, "height": 900})
    await page.get_by_role("button", name="Resend").click()
    await page.get_by_text("Sent again as").wait_for()
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="pcap").click()
    path = await (await coming.value).path()
    assert path.read_bytes().startswith(b"\xd4\xc3\xb2\xa1")
    assert watched.complaints == []


async def test_the_webhooks_and_their_attempts(browser: Any) -> None:
    row = '{name="ci", url="http://127.0.0.1:1/hook?key=secret", search="from:BANK", attempts=1}'
    async with Simulator(f"webhooks=[{row}]") as sim:
        bank = await sim.esme("a2p")
        await bank.submit("BANK", "085690000002", "Kode 1234")
        watched = await opened(browser, f"{sim.http}/", "en-GB")
        page = watched.page
        await page.press("#tab-charts", "ArrowLeft")
        panel = page.locator("#panel-webhooks")
        await panel.get_by_text("http://127.0.0.1:1/hook", exact=True).wait_for()
        async with asyncio.timeout(15):
            while "ConnectError" not in await panel.inner_text():
                await page.press("#webhooks-again", "Enter")
        assert "secret" not in await page.content()
        assert await page.evaluate(NAMELESS) + await page.evaluate(CONTRAST) == []
        await photographed(page, "webhooks")
        assert watched.complaints == []


async def test_a_search_tells_that_older_messages_were_deleted(browser: Any) -> None:
    async with Simulator("clock.speed=0", "retention.messages_most=1") as sim:
        phone = await sim.handset("081290000001")
        await phone.sms("4444", "HALO")
        store = sim.gateway.store
        assert isinstance(store, MemoryStore)
        await sim.home.run(store.prune())
        watched = await opened(browser, f"{sim.http}/", "en-GB")
        await watched.page.click("#tab-search")
        await watched.page.press("#query", "Enter")
        await watched.page.get_by_text("Messages up to no. 1 were deleted for their age").wait_for()
        assert watched.complaints == []
