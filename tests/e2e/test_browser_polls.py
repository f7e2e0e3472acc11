"""The life of a poll in the sandbox, in headless Chromium: on an issue with Team Voice and
without, and on a Confluence page."""

from playwright.async_api import Locator, Page, expect

from pollbot.sandbox.world import World
from pollbot.sandbox.world.seed import RELEASE_PLAN, RELEASE_PLAN_MACRO
from tests.e2e.browser import message, page, press, say, send, world

__all__ = ["page", "world"]

SLOW = 15_000


async def be(page: Page, user: str) -> None:
    await page.get_by_test_id(f"persona-{user}").click()
    await expect(page.locator(f"body[data-ready={user}]")).to_be_visible()


async def fill(page: Page, block_id: str, text: str) -> None:
    field = page.get_by_test_id("form").locator(f"[data-block-id='{block_id}']")
    await field.locator("input, textarea").first.fill(text)


async def create(page: Page, where: str, question: str) -> Locator:
    """Create a poll by the form and return its card."""
    await say(page, f"/poll {where}")
    await expect(page.get_by_test_id("form")).to_contain_text("New poll")
    await fill(page, "title", question)
    await fill(page, "options", "Blue\nGreen\nRed")
    await send(page)
    card = page.get_by_test_id("message").filter(has_text=question).first
    await expect(card).to_contain_text("No answers yet", timeout=SLOW)
    number = await card.get_attribute("data-message-id")
    return page.locator(f"[data-message-id='{number}']")


async def answer_as_three(page: Page, card: Locator) -> None:
    for user, colour in (("U0ADA", "Blue"), ("U0BEN", "Blue"), ("U0CLEO", "Green")):
        await be(page, user)
        await press(card, colour)
    await expect(card).to_contain_text("3 participants", timeout=SLOW)
    await expect(card).to_contain_text("2 · 67 %")
    await be(page, "U0ADA")


async def edit_option(page: Page, card: Locator) -> None:
    await press(card, "More")
    await page.get_by_test_id("form").get_by_role("button", name="Edit", exact=True).click()
    await expect(page.get_by_test_id("form")).to_contain_text("Edit poll")
    await fill(page, "option:=1", "Navy blue")
    await page.get_by_test_id("form-submit").click()
    await expect(page.get_by_test_id("form")).to_have_count(0, timeout=SLOW)
    await expect(card).to_contain_text("Navy blue", timeout=SLOW)
    await expect(card).to_contain_text("2 · 67 %")


async def close_and_delete(page: Page, card: Locator) -> None:
    await press(card, "More")
    await page.get_by_test_id("form").locator("[data-action-id=close_poll]").click()
    await page.get_by_test_id("confirm-yes").click()
    await expect(page.get_by_test_id("form")).to_contain_text("is closed", timeout=SLOW)
    await page.get_by_test_id("form-close").click()
    await expect(card.get_by_role("button", name="Green", exact=True)).to_have_count(
        0, timeout=SLOW
    )

    await press(card, "More")
    await page.get_by_test_id("form").get_by_role("button", name="Delete", exact=True).click()
    await page.get_by_test_id("confirm-yes").click()
    await expect(page.get_by_test_id("form")).to_contain_text("is deleted", timeout=SLOW)
    await page.get_by_test_id("form-close").click()
    await expect(card).to_contain_text("deleted", timeout=SLOW)


async def test_a_poll_on_an_issue_with_team_voice(page: Page, world: World) -> None:
    card = await create(page, "PLAT-12", "Which colour?")
    [kept] = world.team_voice.polls_on("PLAT-12")

    await answer_as_three(page, card)
    inside = page.get_by_test_id("issue-PLAT-12").get_by_test_id(f"poll-{kept.id}")
    await inside.get_by_test_id("inside-3").click()
    await edit_option(page, card)
    await expect(card).to_contain_text("4 answers: 3 in Slack, 1 in Jira", timeout=20_000)
    await close_and_delete(page, card)

    assert world.team_voice.polls_on("PLAT-12") == []


async def test_a_poll_on_an_issue_without_team_voice(page: Page, world: World) -> None:
    card = await create(page, "APP-1", "Which colour?")
    await answer_as_three(page, card)
    await edit_option(page, card)
    await close_and_delete(page, card)

    assert world.team_voice.polls_on("APP-1") == []


async def test_a_poll_on_a_page(page: Page, world: World) -> None:
    url = world.jira.confluence.page_url(
        world.jira.confluence.pages[RELEASE_PLAN], world.jira.site_url
    )
    await say(page, f"/pollbot macro {url} {RELEASE_PLAN_MACRO}")
    await expect(message(page, "Remembered for")).to_be_visible()

    card = await create(page, url, "Which colour?")
    assert any(poll.title == "Which colour?" for poll in world.team_voice.polls_on(RELEASE_PLAN))
    await answer_as_three(page, card)
    await edit_option(page, card)
    await close_and_delete(page, card)
