"""A private channel without the app, in headless Chromium: a hidden poll that ends, a late click,
and the result seen by its readers."""

from datetime import UTC, datetime

from playwright.async_api import Page, expect

from pollbot.sandbox.world import World
from pollbot.sandbox.world.seed import ADA, BEN, LEADS
from tests.e2e.browser import message, page, press, say, world

__all__ = ["page", "world"]

SLOW = 15_000
HOUR = 3600


async def be(page: Page, user: str) -> None:
    await page.get_by_test_id(f"persona-{user}").click()
    await expect(page.locator(f"body[data-ready={user}]")).to_be_visible()


async def test_a_hidden_poll_that_ends_shows_its_result_to_its_readers(
    page: Page, world: World
) -> None:
    ends_at = datetime.fromtimestamp(world.clock() + 20 * HOUR, UTC).isoformat(timespec="seconds")
    await page.get_by_test_id(f"channel-{LEADS}").click()
    await say(page, f'/poll hidden until {ends_at} "Ship on Friday?" "Yes" "No"')
    made = page.get_by_test_id("message").filter(has_text="Choose one").first
    await expect(made).to_contain_text("Ship on Friday?", timeout=SLOW)
    number = await made.get_attribute("data-message-id")
    card = page.locator(f"[data-message-id='{number}']")
    await expect(message(page, "/invite")).to_be_visible(timeout=SLOW)

    await be(page, BEN.user)
    await page.get_by_test_id(f"channel-{LEADS}").click()
    await press(card, "Yes")
    await expect(message(page, "Your answer to")).to_contain_text("Yes", timeout=SLOW)
    await expect(card).to_contain_text("1 answer", timeout=SLOW)
    await expect(card).not_to_contain_text("100 %")

    await page.get_by_test_id("clock-1-day").click()
    await expect(page.get_by_test_id("clock-moved")).to_have_text("1 day ahead")
    await be(page, ADA.user)
    owners = world.slack.direct_channel(ADA.user).id
    await page.get_by_test_id(f"channel-{owners}").click()
    letter = message(page, "did not let pollbot say this")
    await expect(letter).to_contain_text("1 · 100 %", timeout=SLOW)
    await expect(letter).to_contain_text("/invite")

    await be(page, BEN.user)
    await page.get_by_test_id(f"channel-{LEADS}").click()
    await expect(card.get_by_role("button", name="No", exact=True)).to_be_visible()
    await press(card, "No")

    late = message(page, "takes no more answers")
    await expect(late).to_contain_text("Your answer stays: Yes.", timeout=SLOW)
    await expect(late).to_contain_text("1 · 100 %")
    await expect(card.get_by_role("button", name="No", exact=True)).to_have_count(0, timeout=SLOW)
    await expect(card).to_contain_text("1 · 100 %")

    await be(page, ADA.user)
    await page.get_by_test_id(f"channel-{LEADS}").click()
    await expect(card).to_contain_text("1 · 100 %")
    await expect(message(page, "takes no more answers")).to_have_count(0)
