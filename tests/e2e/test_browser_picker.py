"""An issue is picked with the keyboard alone, in headless Chromium."""

import os
import re

from playwright.async_api import Page, expect

from pollbot.sandbox.world import World
from tests.e2e.browser import page, world

__all__ = ["page", "world"]

SLOW = 15_000


async def test_an_issue_is_picked_with_the_keyboard(page: Page, world: World) -> None:
    key = "PLAT-12"
    before = world.jira.votes(key)
    await page.get_by_test_id("shortcuts").click()
    await page.get_by_role("menuitem", name="Vote on an issue").click()
    menu = page.get_by_test_id("form").get_by_role("combobox", name="Issue")
    await expect(menu).to_be_focused()

    await menu.press_sequentially(key.lower())
    offered = page.get_by_role("option").filter(has_text=key)
    await expect(offered.first).to_be_visible(timeout=SLOW)
    await expect(offered.first).to_have_attribute("aria-selected", "true")
    if shot := os.environ.get("SCREENSHOT"):
        await page.screenshot(path=shot)
    await menu.press("Escape")
    await expect(page.get_by_role("listbox")).to_have_count(0)
    await expect(menu).to_have_value("")
    await menu.press_sequentially(key)
    await expect(offered.first).to_be_visible(timeout=SLOW)
    await menu.press("ArrowUp")
    await menu.press("ArrowDown")
    await menu.press("Enter")
    await expect(menu).to_have_value(re.compile(f"^{key} "))
    await page.get_by_test_id("form-submit").click()

    await expect(page.get_by_test_id("form")).to_contain_text("Your vote on PLAT-12", timeout=SLOW)
    await world.jira.until(lambda: world.jira.votes(key) == before + 1, what="the vote in Jira")


async def test_what_is_not_there_is_said(page: Page) -> None:
    await page.get_by_test_id("shortcuts").click()
    await page.get_by_role("menuitem", name="Vote on an issue").click()
    menu = page.get_by_test_id("form").get_by_role("combobox", name="Issue")

    await menu.press_sequentially("no such words")

    await expect(page.get_by_role("status").filter(has_text="No result.")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_test_id("form-submit").click()
    await expect(page.get_by_test_id("form")).to_contain_text("Please fill this in.")
