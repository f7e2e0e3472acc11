"""The defaults of a workspace's polls in the sandbox, in headless Chromium."""

import os
from pathlib import Path

from playwright.async_api import Page, expect

from pollbot.sandbox.world import World
from tests.e2e.browser import message, page, say, send, world

__all__ = ["page", "world"]

SLOW = 15_000
SHOTS = os.environ.get("SCREENSHOTS")


async def shot(page: Page, name: str) -> None:
    """Keep a picture, where somebody wants to look."""
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


async def test_an_admin_chooses_defaults_and_a_poll_begins_with_them(
    page: Page, world: World
) -> None:
    form = page.get_by_test_id("form")
    await say(page, "/pollbot setup")
    await expect(form).to_contain_text("A new poll begins as it does in any pollbot")
    await form.get_by_role("button", name="Change defaults").click()
    await expect(form).to_contain_text("What a new poll begins with in this workspace")
    await shot(page, "defaults-form")
    await form.get_by_label("Several answers allowed").check()
    await form.get_by_label("Names are kept and shown").uncheck()
    end = form.locator("[data-block-id='end'] select")
    await end.select_option(label="3 days after it is posted")
    await page.get_by_test_id("form-submit").click()
    said = "A new poll begins with: several answers, anonymous, an end 3 days after it is posted."
    await expect(form).to_contain_text(said, timeout=SLOW)
    await form.get_by_text(said).scroll_into_view_if_needed()
    await shot(page, "setup")
    await page.get_by_test_id("form-close").click()

    await say(page, '/poll "Lunch?" "Pizza" "Soup"')
    card = message(page, "Lunch?").first
    await expect(page.get_by_text("has your workspace’s defaults").first).to_be_visible()
    await expect(page.get_by_test_id("message").filter(has_text="Anonymous").first).to_be_visible(
        timeout=SLOW
    )
    await shot(page, "command")

    await say(page, "/poll")
    await expect(form).to_contain_text("Your workspace’s defaults: several answers, anonymous")
    await shot(page, "first-step")
    await form.get_by_role("button", name="More settings").click()
    await expect(form).to_contain_text("are your workspace’s defaults: several answers")
    await expect(form.get_by_label("Several answers allowed")).to_be_checked()
    await shot(page, "more-settings")
    await form.get_by_label("Several answers allowed").uncheck()
    for block_id, text in (("title", "Dinner?"), ("options", "Cake\nTea")):
        field = form.locator(f"[data-block-id='{block_id}']").locator("input, textarea").first
        await field.fill(text)
    await send(page)
    await expect(page.get_by_test_id("message").filter(has_text="Dinner?").first).to_contain_text(
        "Anonymous", timeout=SLOW
    )
    await expect(card).to_be_visible()
