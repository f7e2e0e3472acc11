"""The sandbox as a newcomer meets it, in headless Chromium."""

from playwright.async_api import Locator, Page, expect

from tests.e2e.browser import message, page, press, say, world

__all__ = ["page", "world"]


def votes(page: Page, key: str) -> Locator:
    return page.get_by_test_id(f"issue-{key}").get_by_test_id("votes")


async def test_a_newcomer_connects_votes_withdraws_and_sees_jira_come_back(page: Page) -> None:
    await page.get_by_test_id("persona-U0CLEO").click()
    await expect(votes(page, "PLAT-12")).to_contain_text("7")

    await say(page, "/vote plat-12")
    await press(message(page, "pollbot needs your Jira account once"), "Connect Jira")
    form = page.get_by_test_id("form")
    await form.locator("input").nth(0).fill("cleo@example.com")
    await form.locator("input").nth(1).fill("not-the-token")
    await form.get_by_test_id("form-submit").click()
    await expect(form).to_contain_text("Jira does not accept this token")
    await form.locator("input").nth(1).fill("cleo-demo-token")
    await form.get_by_test_id("form-submit").click()
    await expect(form).to_contain_text("You are connected")
    await form.get_by_test_id("form-close").click()

    await expect(message(page, "is counted in Jira")).to_contain_text("8 votes")
    await expect(votes(page, "PLAT-12")).to_contain_text("8")

    await say(page, "/votes PLAT-12")
    card = message(page, "Remember my board filters")
    await expect(card).to_contain_text("8 votes")
    await expect(card).to_contain_text("Cleo")
    await press(card, "Withdraw")
    await expect(card).to_contain_text("7 votes")
    await expect(votes(page, "PLAT-12")).to_contain_text("7")

    await page.get_by_test_id("switch-jira-down").click()
    await press(card, "Vote")
    await expect(message(page, "Queued")).to_contain_text("reaches Jira by itself")
    await expect(votes(page, "PLAT-12")).to_contain_text("7")
    await page.get_by_test_id("switch-jira-up").click()
    await expect(card).to_contain_text("8 votes", timeout=15_000)
    await expect(message(page, "is counted in Jira")).to_be_visible()
    await expect(votes(page, "PLAT-12")).to_contain_text("8")


async def test_everybody_sees_the_card_and_only_i_see_my_receipt(page: Page) -> None:
    await say(page, "/votes PLAT-12")
    card = message(page, "Remember my board filters")
    await press(card, "Vote")
    await expect(message(page, "is counted in Jira")).to_contain_text("Only visible to you")

    await page.get_by_test_id("persona-U0BEN").click()

    await expect(card).to_contain_text("8 votes")
    await expect(page.get_by_text("is counted in Jira")).to_have_count(0)


async def test_wrong_words_are_answered_in_words(page: Page) -> None:
    await say(page, "/vote coffee")
    await expect(message(page, "I found no issue in “coffee”")).to_be_visible()

    await say(page, "/pollbot dance")
    await expect(message(page, "I do not know “dance”")).to_contain_text("/pollbot connect")

    await say(page, "/vote PLAT-8")
    await expect(message(page, "is resolved")).to_contain_text("Your vote was not cast")


async def test_commands_are_hinted_at(page: Page) -> None:
    await page.get_by_test_id("composer").fill("/un")

    await expect(page.get_by_role("option", name="/unvote")).to_be_visible()


async def test_a_newcomer_signs_in_at_atlassian_and_votes(page: Page) -> None:
    await page.get_by_test_id("persona-U0CLEO").click()
    await say(page, "/vote plat-12")
    await press(message(page, "pollbot needs your Jira account once"), "Connect Jira")
    form = page.get_by_test_id("form")
    async with page.expect_popup() as opened:
        await form.get_by_text("Sign in with Atlassian").click()
    browser = await opened.value

    await expect(browser.get_by_text("for Cleo in Slack")).to_be_visible()
    await browser.get_by_role("link", name="Sign in with Atlassian").click()
    await browser.get_by_role("link", name="Allow it as Cleo").click()

    await expect(browser.get_by_role("heading", name="You are connected")).to_be_visible()
    await expect(form).to_contain_text("You are connected")
    await form.get_by_test_id("form-close").click()
    await expect(message(page, "is counted in Jira")).to_contain_text("8 votes")
    await expect(votes(page, "PLAT-12")).to_contain_text("8")
