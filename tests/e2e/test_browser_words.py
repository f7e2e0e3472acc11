"""Each reads their own language, and a form shows what it will post, in headless Chromium."""

from playwright.async_api import Page, expect

from pollbot.sandbox.world import World
from pollbot.sandbox.world.seed import CLEO
from tests.e2e.browser import message, page, press, say, world
from tests.e2e.test_browser_links import shot

__all__ = ["page", "world"]


async def test_what_is_for_me_is_in_my_language_and_what_is_for_all_in_theirs(
    page: Page, world: World
) -> None:
    world.slack.people[CLEO.user].locale = "de-DE"
    await page.get_by_test_id(f"persona-{CLEO.user}").click()
    await say(page, "/vote PLAT-12")
    await press(message(page, "einmal dein Jira-Konto"), "Jira verbinden")
    form = page.get_by_test_id("form")
    await form.locator("input").nth(0).fill("cleo@example.com")
    await form.locator("input").nth(1).fill("cleo-demo-token")
    await shot(page, "words-form")
    await form.get_by_test_id("form-submit").click()
    await form.get_by_test_id("form-close").click()
    await expect(message(page, "ist in Jira gezählt")).to_contain_text("8 Stimmen")

    await say(page, "/votes PLAT-12")
    card = message(page, "Remember my board filters")
    await expect(card).to_contain_text("8 votes")
    await expect(card.get_by_role("button", name="Withdraw", exact=True)).to_be_visible()
    await shot(page, "words-card")


async def test_a_form_shows_the_card_that_it_will_post(page: Page) -> None:
    await say(page, "/poll here Lunch? Pizza Soup")
    form = page.get_by_test_id("form")
    await form.get_by_role("textbox", name="Question").fill("Lunch?")
    await form.get_by_role("textbox", name="Options").fill("Pizza\nSoup")
    await form.get_by_role("button", name="Preview").click()
    await expect(form.get_by_role("button", name="Pizza")).to_be_visible()
    await shot(page, "words-preview")
    await expect(page.get_by_test_id("message").filter(has_text="Ada asks")).to_have_count(0)
