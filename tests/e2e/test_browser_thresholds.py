"""A channel is told once that an issue reached a number of votes, in headless Chromium.

`SCREENSHOTS=folder` in the environment keeps pictures of what is seen.
"""

import os
import re
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from pollbot.sandbox.world import World
from tests.e2e.browser import message, page, press, say, world

__all__ = ["page", "world"]

SLOW = 15_000


async def picture(shown: Locator, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        await shown.screenshot(path=Path(folder) / f"{name}.png")


async def test_a_threshold_shows_first_what_it_would_have_done_and_tells_then_once(
    page: Page, world: World
) -> None:
    await say(page, "/votes PLAT-15")
    card = message(page, "Export the sprint report")
    await press(card, "Vote")
    await expect(message(page, "is counted in Jira")).to_be_visible(timeout=SLOW)
    votes = world.jira.votes("PLAT-15")
    await expect(card).to_contain_text(f"{votes} votes", timeout=SLOW)
    await page.get_by_test_id("clock-1-day").click()
    await expect(page.get_by_test_id("clock-moved")).to_have_text("1 day ahead")
    form = page.get_by_test_id("form")

    await card.locator("button.overflow").click()
    await page.get_by_role("menuitem", name="Tell at … votes", exact=True).click()
    await form.get_by_label("Number of votes").fill(str(votes + 1))
    await picture(page.locator("body"), "new")
    await form.get_by_test_id("form-submit").click()
    await expect(form).to_contain_text("what it would have done", timeout=SLOW)
    await expect(form).to_contain_text("which has fewer votes now")
    await expect(form).to_contain_text(re.compile(r"pollbot read them on \d+ of the 30 days"))
    await picture(page.locator("body"), "preview")
    await form.get_by_test_id("form-submit").click()
    await expect(form).to_contain_text("Saved", timeout=SLOW)
    await form.get_by_test_id("form-close").click()
    await page.get_by_test_id("clock-1-hour").click()
    await expect(page.get_by_test_id("clock-moved")).to_have_text("1 day and 1 hour ahead")

    await page.get_by_test_id("persona-U0BEN").click()
    await press(card, "Vote")
    told = message(page, f"PLAT-15 reached {votes + 1} votes")
    await expect(told).to_contain_text("Threshold of Ada", timeout=SLOW)
    await picture(page.locator("body"), "told")
    await press(told, "Withdraw")
    await expect(told).to_contain_text(f"{votes} votes", timeout=SLOW)

    await page.get_by_test_id("persona-U0ADA").click()
    await say(page, "/pollbot thresholds")
    listed = message(page, "Thresholds in this workspace")
    await expect(listed).to_contain_text(f"At {votes + 1} votes on PLAT-15")
    await picture(page.locator("body"), "list")
    await listed.get_by_role("button", name=re.compile(r"^Pause")).click()
    await expect(message(page, "Nothing is told until you resume it")).to_be_visible(timeout=SLOW)
