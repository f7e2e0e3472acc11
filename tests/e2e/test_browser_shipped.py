"""An issue that is resolved, and one to watch, in headless Chromium.

`SCREENSHOTS=folder` in the environment keeps pictures of what is seen.
"""

import os
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from pollbot.sandbox.world import World
from pollbot.sandbox.world.seed import ADA
from tests.e2e.browser import message, page, press, say, world

__all__ = ["page", "world"]

SLOW = 15_000


async def picture(shown: Locator, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        await shown.screenshot(path=Path(folder) / f"{name}.png")


async def test_a_voter_hears_that_an_issue_is_closed_as_a_duplicate_and_moves_the_vote(
    page: Page, world: World
) -> None:
    await say(page, "/votes PLAT-12")
    card = message(page, "Remember my board filters")
    await press(card, "Vote")
    await expect(message(page, "is counted in Jira")).to_be_visible(timeout=SLOW)

    await card.locator("button.overflow").click()
    await picture(page.locator("body"), "watch")
    await page.get_by_role("menuitem", name="Watch", exact=True).click()
    await expect(message(page, "You watch PLAT-12 in Jira now")).to_be_visible(timeout=SLOW)

    world.jira.add_issue("PLAT-90", "Filters are kept per board")
    world.jira.resolve("PLAT-12", "Duplicate", duplicates="PLAT-90")
    await page.get_by_test_id("clock-1-day").click()
    own = world.slack.direct_channel(ADA.user).id
    await page.get_by_test_id(f"channel-{own}").click()
    told = message(page, "PLAT-12 is resolved (Duplicate), and you voted for it")
    await expect(told).to_contain_text("duplicate of PLAT-90", timeout=SLOW)
    await picture(page.locator("body"), "shipped")
    await press(told, "Move my vote to PLAT-90")
    await expect(message(page, "Your vote on PLAT-90 is counted")).to_be_visible(timeout=SLOW)

    await press(told, "Mute PLAT")
    await expect(message(page, "Muted")).to_contain_text("PLAT", timeout=SLOW)
    await picture(page.locator("body"), "muted")
