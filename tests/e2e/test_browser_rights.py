"""What admins allow, keep and look up, and how a person is forgotten, in headless Chromium.

`SCREENSHOTS=folder` in the environment keeps pictures of what is seen.
"""

import os
from pathlib import Path

from playwright.async_api import Page, expect

from pollbot.sandbox.world import World
from tests.e2e.browser import message, page, press, say, world

__all__ = ["page", "world"]

SLOW = 15_000


async def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def test_an_admin_allows_some_looks_up_who_changed_that_and_forgets_in_time(
    page: Page, world: World
) -> None:
    form = page.get_by_test_id("form")
    await say(page, "/pollbot setup")
    await expect(form).to_contain_text("Everybody makes polls, on all projects")
    await form.get_by_role("button", name="Change rights").click()
    await expect(form).to_contain_text("What is not allowed is refused with your rule")
    await picture(page, "rights-form")
    await form.locator("[data-block-id='makers'] select").select_option(label="Admins only")
    await form.get_by_label("Jira projects").fill("PLAT")
    await form.get_by_test_id("form-submit").click()
    await expect(form).to_contain_text("Change rights", timeout=SLOW)
    await expect(form).not_to_contain_text("Everybody makes polls")

    await form.get_by_role("button", name="Change times").click()
    await form.get_by_label("Closed polls, with their answers").fill("soon")
    await form.get_by_test_id("form-submit").click()
    await expect(form).to_contain_text("days", timeout=SLOW)
    await form.get_by_label("Closed polls, with their answers").fill("90")
    await picture(page, "retention-form")
    await form.get_by_test_id("form-submit").click()
    await expect(form).to_contain_text("Closed polls: 90 days", timeout=SLOW)
    await picture(page, "rights-setup")

    await form.get_by_role("button", name="Audit", exact=True).click()
    await expect(form).to_contain_text("Who changed what, the newest first", timeout=SLOW)
    await expect(form).to_contain_text("changed what is set up")
    await picture(page, "audit")
    await form.get_by_test_id("form-close").click()
    await expect(form).to_have_count(0)

    await page.get_by_test_id("persona-U0BEN").click()
    await say(page, '/poll "Lunch?" "Soup" "Pizza"')
    await expect(message(page, "admins")).to_be_visible(timeout=SLOW)
    await picture(page, "refused")
    assert not any("Lunch?" in one.text for one in world.slack.messages)


async def test_somebody_sees_what_is_kept_of_them_and_has_it_forgotten(
    page: Page, world: World
) -> None:
    await page.get_by_test_id("persona-U0BEN").click()
    await say(page, '/poll "Tea?" "Yes" "No"')
    card = message(page, "Tea?")
    await press(card, "Yes")
    await expect(message(page, "Your answer")).to_be_visible(timeout=SLOW)
    await say(page, "/pollbot forget me")
    kept = message(page, "What pollbot keeps of you")
    await expect(kept).to_contain_text("1 Jira account", timeout=SLOW)
    await picture(page, "forget-me")

    await press(kept, "Forget me")
    await page.get_by_role("button", name="Forget it", exact=True).click()

    await expect(message(page, "You are forgotten in pollbot")).to_be_visible(timeout=SLOW)
    await picture(page, "forgotten")
    await say(page, "/vote PLAT-12")
    await expect(message(page, "Connect")).to_be_visible(timeout=SLOW)
    assert "acc-ben" not in world.jira.issues["PLAT-12"].voters
