"""A poll with places, options that people add, and a nudge, in headless Chromium.

`SCREENSHOTS=folder` in the environment keeps pictures of what is seen.
"""

import os
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from pollbot.sandbox.world import World
from tests.e2e.browser import message, page, press, say, world

__all__ = ["page", "world"]

SLOW = 15_000


async def picture(shown: Locator, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        await shown.screenshot(path=Path(folder) / f"{name}.png")


async def test_places_are_taken_an_option_is_added_and_those_who_are_missing_are_nudged(
    page: Page, world: World
) -> None:
    await say(page, '/poll here max 2 places 1 addable "Which workshop?" "Clay" "Wood"')
    card = message(page, "Each option has 1 place.")
    await expect(card).to_contain_text("Which workshop?", timeout=SLOW)
    await press(card, "Clay")
    await expect(card.get_by_role("button", name="Clay (full)")).to_be_visible(timeout=SLOW)

    await page.get_by_test_id("persona-U0BEN").click()
    await press(card, "Clay (full)")
    await expect(message(page, "its place is taken")).to_be_visible(timeout=SLOW)
    await press(card, "Add an option")
    form = page.get_by_test_id("form")
    await form.get_by_label("Option").fill("Paper")
    await picture(page.locator("body"), "add")
    await form.get_by_test_id("form-submit").click()
    await expect(form).to_contain_text("is an option of", timeout=SLOW)
    await form.get_by_test_id("form-close").click()
    await press(card, "Paper")
    await expect(card.get_by_role("button", name="Paper (full)")).to_be_visible(timeout=SLOW)
    await picture(page.locator("body"), "card")

    await page.get_by_test_id("persona-U0ADA").click()
    await press(card, "More")
    await expect(form).to_contain_text("Added by others: “Paper”", timeout=SLOW)
    await picture(page.locator("body"), "more")
    await form.get_by_role("button", name="Not answered yet").click()
    await expect(form).to_contain_text("not answered in Slack:", timeout=SLOW)
    await picture(page.locator("body"), "missing")
    await form.get_by_test_id("form-close").click()

    await say(page, "/poll for members")
    await form.get_by_role("button", name="More settings").click()
    await form.get_by_role("button", name="Who may answer, and how many").click()
    await form.get_by_label("People and user groups that I choose").click()
    await expect(form.get_by_text("Options that an answer needs")).to_be_visible(timeout=SLOW)
    await picture(form, "form")
