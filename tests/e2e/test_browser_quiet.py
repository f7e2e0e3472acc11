"""Few words, in headless Chromium: what goes together is told together, and what is over goes."""

import re

from playwright.async_api import Page, expect

from pollbot.sandbox.world import World
from pollbot.sandbox.world.seed import ADA
from tests.e2e.browser import message, page, press, say, world
from tests.e2e.test_browser_links import shot

__all__ = ["page", "world"]

SLOW = 20_000
TEN = [f"PLAT-{number}" for number in range(60, 70)]


async def test_ten_votes_on_a_list_are_few_receipts(page: Page, world: World) -> None:
    for key in TEN:
        world.jira.add_issue(key, f"Wish {key[-2:]}")
    await say(page, f"/votes key in ({', '.join(TEN)}) as Next?")
    card = message(page, "Next?")
    votes = card.get_by_role("button", name=re.compile("^Vote"))
    await expect(votes).to_have_count(len(TEN))

    for nth in range(len(TEN)):
        await votes.nth(nth).click()

    for key in TEN:
        await expect(page.get_by_test_id(f"issue-{key}").get_by_test_id("votes")).to_have_text(
            "1", timeout=SLOW
        )
    receipts = page.get_by_test_id("message").filter(has_text="is counted in Jira")
    for key in TEN:
        await expect(receipts.filter(has_text=f"{key} is counted in Jira")).to_have_count(
            1, timeout=SLOW
        )
    # Two, unless the browser was so slow that the clicks are more than one run.
    assert await receipts.count() <= len(TEN) // 2
    await shot(page, "quiet-ten")


async def test_in_a_direct_message_a_vote_that_waits_becomes_the_counted_one(
    page: Page, world: World
) -> None:
    await page.get_by_test_id(f"channel-{world.slack.direct_channel(ADA.user).id}").click()
    await page.get_by_test_id("switch-jira-down").click()
    await say(page, "vote PLAT-12")
    await expect(message(page, "Queued")).to_contain_text("PLAT-12", timeout=SLOW)
    await shot(page, "quiet-queued")

    await page.get_by_test_id("switch-jira-up").click()
    await page.get_by_test_id("clock-1-hour").click()

    await expect(message(page, "is counted in Jira")).to_contain_text("8 votes", timeout=SLOW)
    await expect(page.get_by_test_id("message").filter(has_text="Queued")).to_have_count(0)
    await shot(page, "quiet-counted")


async def test_what_asks_to_connect_goes_once_somebody_has(page: Page) -> None:
    await page.get_by_test_id("persona-U0CLEO").click()
    await say(page, "/vote plat-12")
    prompt = page.get_by_test_id("message").filter(has_text="pollbot needs your Jira account once")
    await press(prompt, "Connect Jira")
    form = page.get_by_test_id("form")
    await form.locator("input").nth(0).fill("cleo@example.com")
    await form.locator("input").nth(1).fill("cleo-demo-token")
    await form.get_by_test_id("form-submit").click()
    await expect(form).to_contain_text("You are connected", timeout=SLOW)
    await form.get_by_test_id("form-close").click()

    await expect(message(page, "is counted in Jira")).to_be_visible(timeout=SLOW)
    await expect(prompt).to_have_count(0)


async def test_reminders_are_muted_by_a_word(page: Page) -> None:
    await say(page, "/pollbot reminders")
    await press(message(page, "may remind you"), "Mute reminders")
    await say(page, "/pollbot reminders")
    await expect(message(page, "you muted that")).to_contain_text("Remind me again", timeout=SLOW)
    await say(page, "/pollbot reminders on")
    await expect(message(page, "Polls remind you again")).to_be_visible(timeout=SLOW)


async def test_where_a_vote_is_refused_one_can_watch_instead(page: Page, world: World) -> None:
    await say(page, "/vote PLAT-8")
    refused = message(page, "Jira takes no votes on resolved issues")
    await press(refused, "Watch")
    await expect(message(page, "You watch PLAT-8 in Jira now")).to_be_visible(timeout=SLOW)
    await shot(page, "watch-instead")
    assert world.jira.issues["PLAT-8"].watchers
