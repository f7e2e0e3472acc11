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
    await expect(page.get_by_test_id("issue-PLAT-90")).to_be_attached()
    await page.get_by_test_id("change-PLAT-12").click()
    await picture(page.locator("body"), "change")
    await page.get_by_role("menuitem", name="Close as a duplicate of …").click()
    await picture(page.locator("body"), "duplicate")
    await page.get_by_role("menuitem", name="PLAT-90").click()
    issue = page.get_by_test_id("issue-PLAT-12")
    await expect(issue.get_by_test_id("resolution")).to_have_text("Duplicate")
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


async def test_an_issue_that_is_resolved_and_opened_again_in_time_is_told_to_nobody(
    page: Page,
) -> None:
    await say(page, "/vote PLAT-12")
    await expect(message(page, "is counted in Jira")).to_be_visible(timeout=SLOW)
    issue, change = page.get_by_test_id("issue-PLAT-12"), page.get_by_test_id("change-PLAT-12")

    # By keyboard: the menu opens on its first line.
    await change.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Resolve as done")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(issue.get_by_test_id("status")).to_have_text("Done")
    await expect(change).to_be_visible()
    await change.click()
    await expect(page.get_by_role("menuitem")).to_have_count(1)
    await page.get_by_role("menuitem", name="Reopen").click()
    await expect(issue.get_by_test_id("status")).to_have_text("Open")
