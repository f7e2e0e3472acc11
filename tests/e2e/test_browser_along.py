"""A poll is saved, shared, found and taken along in the sandbox, in headless Chromium."""

import os
from pathlib import Path

from playwright.async_api import Page, expect

from pollbot.sandbox.world import World
from tests.e2e.browser import page, say, world

__all__ = ["page", "world"]

SLOW = 15_000
SHOTS = os.environ.get("SCREENSHOTS")


async def shot(page: Page, name: str) -> None:
    """Keep a picture, where somebody wants to look."""
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


async def test_a_poll_is_kept_shared_found_and_taken_along(page: Page, world: World) -> None:
    form = page.get_by_test_id("form")
    await say(page, '/poll "Retro?" "Keep =1+1" "Change"')
    buttons = page.get_by_role("button", name="Keep =1+1")
    card = page.get_by_test_id("message").filter(has=buttons).first
    await expect(card).to_be_visible(timeout=SLOW)
    await card.get_by_role("button", name="Keep =1+1").click()
    await expect(card).to_contain_text("1 participant", timeout=SLOW)

    await card.get_by_role("button", name="More", exact=True).click()
    await expect(form).to_contain_text("Save as template")
    await shot(page, "more")
    await form.get_by_role("button", name="Save as template").click()
    await expect(form).to_contain_text("Saved as Retro?", timeout=SLOW)
    await form.get_by_label("Name").fill("Weekly retro")
    await form.get_by_label("Shared with this workspace").check()
    await shot(page, "template")
    await page.get_by_test_id("form-submit").click()
    await expect(form).to_contain_text("everybody in this workspace can use it", timeout=SLOW)
    await page.get_by_test_id("form-close").click()

    await say(page, "/poll template weekly retro")
    await expect(form.locator("[data-block-id='title'] input")).to_have_value("Retro?")
    await shot(page, "from-template")
    await page.get_by_test_id("form-close").click()
    await say(page, "/poll templates")
    await expect(form).to_contain_text("Weekly retro", timeout=SLOW)
    await shot(page, "templates")
    await page.get_by_test_id("form-close").click()

    await card.get_by_role("button", name="More", exact=True).click()
    await form.get_by_role("button", name="Share").click()
    await expect(form).to_contain_text("It hangs in", timeout=SLOW)
    await shot(page, "share")
    await page.get_by_test_id("form-close").click()

    await card.get_by_role("button", name="More", exact=True).click()
    await form.get_by_role("button", name="Export").click()
    await expect(form).to_contain_text("is for spreadsheets", timeout=SLOW)
    await shot(page, "export")
    await form.get_by_role("button", name="CSV").click()
    await expect(form).to_contain_text("on its way", timeout=SLOW)
    await page.get_by_test_id("form-close").click()
    sent = await world.slack.until(
        lambda: next((one for one in world.slack.messages if one.files), None), what="the files"
    )
    assert "'=" not in sent.files[0].text
    assert "Keep =1+1" in sent.files[0].text

    await say(page, "/poll list RETRO open")
    found = page.get_by_test_id("message").filter(has_text="Change the search").last
    await expect(found).to_contain_text("with “RETRO”", timeout=SLOW)
    await shot(page, "found")
    await found.get_by_role("button", name="Change the search").click()
    await expect(form).to_contain_text("Find polls", timeout=SLOW)
    await shot(page, "search")
    await form.locator("[data-block-id='state'] select").select_option(label="Closed")
    await expect(form).to_contain_text("Nothing found", timeout=SLOW)
