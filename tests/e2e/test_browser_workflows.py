"""A workflow on the sandbox page: its steps create a poll, count votes, and wait for an end."""

from playwright.async_api import Page, expect

from pollbot.sandbox.world import World
from tests.e2e.browser import page, press, world
from tests.e2e.test_browser_links import shot

__all__ = ["page", "world"]

SLOW = 20_000


async def test_a_workflow_asks_waits_and_goes_on_with_the_result(page: Page, world: World) -> None:
    flows = page.get_by_test_id("workflows")
    await flows.get_by_text("Workflow Builder").click()

    await flows.get_by_text("Create a poll", exact=True).click()
    create = flows.get_by_test_id("step-create_poll")
    await create.get_by_label("Question").fill("Where do we eat?")
    await create.get_by_label("Options").fill("Pizza\nSoup")
    await create.get_by_role("button", name="Run").click()
    asked = page.get_by_test_id("message").filter(has_text="Where do we eat?")
    card = asked.filter(has_text="Ada asks").first
    await expect(card).to_contain_text("Ada asks", timeout=SLOW)
    first = flows.get_by_role("listitem").first
    await expect(first).to_contain_text("done", timeout=SLOW)
    await expect(first.locator('[data-output="question"]')).to_have_text("Where do we eat?")

    await flows.get_by_text("When a poll closed", exact=True).click()
    waiting = flows.get_by_test_id("step-poll_closed")
    await waiting.get_by_role("button", name="Run").click()
    newest = flows.get_by_role("listitem").first
    await expect(newest).to_contain_text("When a poll closed", timeout=SLOW)
    await expect(newest).to_contain_text("waits")
    await press(card, "Soup")
    await expect(card).to_contain_text("1 participant", timeout=SLOW)

    await press(card, "More")
    await page.get_by_test_id("form").locator("[data-action-id=close_poll]").click()
    await page.get_by_test_id("confirm-yes").click()
    await page.get_by_test_id("form-close").click()
    await expect(newest.locator('[data-output="winner"]')).to_have_text("Soup", timeout=SLOW)
    await newest.scroll_into_view_if_needed()
    await shot(page, "workflows")

    await flows.get_by_text("Votes of an issue", exact=True).click()
    votes = flows.get_by_test_id("step-votes_of_issue")
    await votes.get_by_label("Issue").fill("the export")
    await votes.get_by_role("button", name="Run").click()
    await expect(flows.get_by_role("listitem").first).to_contain_text(
        "I found no issue in “the export”", timeout=SLOW
    )
    await votes.get_by_label("Issue").fill("PLAT-12")
    await votes.get_by_role("button", name="Run").click()
    told = flows.get_by_role("listitem").first.locator('[data-output="votes"]')
    await expect(told).to_have_text(str(world.jira.votes("PLAT-12")), timeout=SLOW)
