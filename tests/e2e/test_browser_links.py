"""Links and shortcuts on the sandbox's page: voted where the link was pasted, in one click."""

import os
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from pollbot.sandbox.world import World
from tests.e2e.browser import message, page, press, say, world

__all__ = ["page", "world"]


def shots(name: str) -> Path | None:
    folder = os.environ.get("SCREENSHOTS")
    return Path(folder) / f"{name}.png" if folder else None


async def shot(page: Page, name: str) -> None:
    if (path := shots(name)) is not None:
        await page.screenshot(path=path)


async def use(row: Locator, page: Page, name: str) -> None:
    """Open the menu of a message and use one of the app's shortcuts."""
    await row.hover()
    await row.get_by_test_id("message-menu").click()
    await page.get_by_role("menuitem", name=name).click()


async def test_a_pasted_link_is_voted_on_where_it_was_pasted(page: Page, world: World) -> None:
    await say(page, "/pollbot previews")
    await press(message(page, "gets a preview"), "What the poster may see")
    await expect(message(page, "whoever posts the link")).to_be_visible()

    await say(page, f"Does this hurt you, too? {world.jira.site_url}/browse/PLAT-12")

    preview = page.get_by_test_id("preview")
    await expect(preview).to_contain_text("Remember my board filters")
    await expect(preview).to_contain_text("7 votes")
    await press(preview, "Vote")
    await expect(preview).to_contain_text("8 votes")
    await expect(message(page, "is counted in Jira")).to_contain_text("Only visible to you")
    await shot(page, "preview")


async def test_a_link_shows_its_preview_before_anybody_chose_anything(
    page: Page, world: World
) -> None:
    await say(
        page, f"{world.jira.site_url}/browse/PLAT-23 and {world.jira.site_url}/browse/PLAT-12"
    )

    await expect(page.get_by_test_id("preview")).to_contain_text("Remember my board filters")


async def test_a_work_object_opens_a_pane_in_which_one_votes(page: Page, world: World) -> None:
    await say(page, "/pollbot previews")
    await press(message(page, "gets a preview"), "As Work Objects")
    await expect(message(page, "are Work Objects: open one")).to_be_visible()
    await say(page, f"Does this hurt you, too? {world.jira.site_url}/browse/PLAT-12")
    preview = page.get_by_test_id("preview")
    await expect(preview).to_contain_text("7 votes")

    await preview.get_by_test_id("object-open").click()

    pane = page.get_by_test_id("pane")
    await expect(pane.get_by_test_id("field-my_vote")).to_contain_text("You have not voted.")
    await shot(page, "pane")
    await pane.get_by_role("button", name="Vote", exact=True).click()
    await expect(pane.get_by_test_id("field-my_vote")).to_contain_text("You voted.")
    await expect(preview).to_contain_text("8 votes")
    await shot(page, "pane-voted")
    await expect(
        page.get_by_test_id("message").filter(has_text="is counted in Jira")
    ).to_have_count(0)
    await pane.get_by_test_id("pane-close").click()
    await expect(pane).to_be_hidden()


async def test_issues_that_a_message_names_are_voted_on_under_it(page: Page) -> None:
    await say(page, "PLAT-12 or PLAT-13 first?")
    await use(page.get_by_test_id("message").filter(has_text="first?"), page, "Vote on these")

    card = page.get_by_test_id("message").filter(has_text="Vote on these issues").last
    await expect(card).to_contain_text("Remember my board filters")
    await shot(page, "ballot")


async def test_a_message_becomes_a_poll(page: Page) -> None:
    await page.get_by_test_id("composer").fill("Where do we eat?\n- Pizza\n- Soup")
    await page.get_by_test_id("composer").press("Enter")
    await use(page.get_by_test_id("message").filter(has_text="eat?").last, page, "Make this a poll")
    form = page.get_by_test_id("form")
    await expect(form.locator("input").first).to_have_value("Where do we eat?")
    await shot(page, "form")
    await form.get_by_test_id("form-submit").click()

    await expect(page.get_by_role("button", name="Pizza")).to_be_visible()
    await shot(page, "poll")


async def test_an_issue_is_voted_on_from_anywhere(page: Page) -> None:
    await page.get_by_test_id("shortcuts").click()
    await shot(page, "menu")
    await page.get_by_role("menuitem", name="Vote on an issue").click()
    form = page.get_by_test_id("form")
    menu = form.get_by_role("combobox", name="Issue")
    await menu.press_sequentially("plat-12")
    offered = page.get_by_role("option").filter(has_text="PLAT-12")
    await expect(offered.first).to_be_visible(timeout=15_000)
    await menu.press("Enter")
    await form.get_by_test_id("form-submit").click()

    await expect(form).to_contain_text("Your vote on PLAT-12 is saved")
