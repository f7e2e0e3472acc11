"""App Home and messages to pollbot on the sandbox's page, as somebody meets them."""

import re

from playwright.async_api import Locator, Page, expect

from pollbot.sandbox.world import World
from tests.e2e.browser import message, page, press, say, world
from tests.e2e.test_browser_links import shot, use

__all__ = ["page", "world"]


async def home_of(page: Page, user: str) -> Locator:
    """Look at Home through this person's eyes."""
    await page.get_by_test_id(f"persona-{user}").click()
    await page.get_by_test_id("channel-HOME").click()
    return page.get_by_test_id("home")


async def test_home_shows_what_waits_and_takes_the_answer(page: Page, world: World) -> None:
    ada, ben = list(world.slack.people)[:2]
    home = await home_of(page, list(world.slack.people)[-1])
    await expect(home).to_contain_text("1. Connect your Jira account.")
    await shot(page, "home-first")

    await page.get_by_test_id(f"persona-{ada}").click()
    await page.locator("[data-testid^=channel-C]").first.click()
    await say(page, '/poll here "Lunch?" "Pizza" "Soup"')
    card = message(page, "Lunch?")
    await expect(card).to_be_visible()

    home = await home_of(page, ben)
    await expect(home).to_contain_text("Lunch?")
    await shot(page, "home-waiting")
    await home.get_by_role("button", name="Soup").click()
    await expect(home).not_to_contain_text("Lunch?")

    await page.locator("[data-testid^=channel-C]").first.click()
    await expect(message(page, "Lunch?")).to_contain_text("@Ben")
    assert not [one for one in world.slack.messages if one.ephemeral_for == ben]


async def test_a_poll_is_made_from_home_and_stands_there(page: Page, world: World) -> None:
    ada = next(iter(world.slack.people))
    home = await home_of(page, ada)
    await home.get_by_role("button", name="New poll").click()
    form = page.get_by_test_id("form")
    await expect(form).to_be_visible()
    # App Home is no conversation, so none is chosen, and it is none to choose.
    where = form.get_by_role("combobox", name="Channel")
    await expect(where).to_have_value("")
    await expect(where.get_by_role("option", name="Home of pollbot")).to_have_count(0)
    await form.get_by_test_id("form-close").click()
    await expect(home).to_contain_text("For admins")
    await shot(page, "home-admin")


async def test_a_command_is_written_in_a_thread_and_to_pollbot_alone(
    page: Page, world: World
) -> None:
    ada = next(iter(world.slack.people))
    await say(page, "What of the export?")
    row = message(page, "What of the export?")
    await expect(row).to_be_visible()
    await use(row, page, "Reply in thread")
    await expect(page.get_by_test_id("in-thread")).to_be_visible()
    await say(page, '@pollbot poll here "Lunch?" "Pizza" "Soup"')
    card = message(page, "Pizza")
    await expect(card).to_be_visible()
    await expect(card).to_have_class("message reply")
    await shot(page, "written-in-a-thread")

    await home_of(page, ada)
    await page.locator("[data-testid^=channel-D]").click()
    await say(page, "help")
    await expect(message(page, "Vote on Jira issues")).to_be_visible()
    await shot(page, "written-directly")


async def test_a_list_is_posted_from_home(page: Page, world: World) -> None:
    ada = next(iter(world.slack.people))
    planning, leads = (
        next(one.id for one in world.slack.channels.values() if one.name == name)
        for name in ("planning", "leads")
    )
    home = await home_of(page, ada)
    form = page.get_by_test_id("form")
    channel = form.get_by_label("Channel to post it in")

    await home.get_by_role("button", name="New list").click()
    await form.get_by_label("Project or JQL").fill("project = PLAT")
    await form.get_by_label("Name of the list").fill("What next?")
    await channel.select_option(value=leads)
    await form.get_by_test_id("form-submit").click()
    await expect(form).to_contain_text("Invite it there with /invite @pollbot")
    await expect(form.get_by_label("Name of the list")).to_have_value("What next?")
    await shot(page, "list-closed")
    await channel.select_option(value=planning)
    await form.get_by_test_id("form-submit").click()
    await expect(form).to_contain_text("It is on its way")
    await form.get_by_test_id("form-close").click()

    await page.get_by_test_id(f"channel-{planning}").click()
    ballot = message(page, "Vote on these issues")
    await expect(ballot).to_contain_text("What next?")
    await ballot.locator("button.overflow").first.click()
    await shot(page, "list-ballot")
    await page.get_by_role("menuitem", name=re.compile("^Watch ")).click()
    watching = message(page, "Jira tells you what happens on it")
    await expect(watching).to_be_visible()
    await press(watching, "Stop watching")
    await expect(message(page, "You do not watch")).to_be_visible()

    home = await home_of(page, ada)
    await home.get_by_role("button", name="New list").click()
    await form.get_by_label("Project or JQL").fill("project = PLAT")
    await form.get_by_label("Top list as a table").check()
    await channel.select_option(value=planning)
    await shot(page, "list-form")
    await form.get_by_test_id("form-submit").click()
    await expect(form).to_contain_text("It is on its way")
    await form.get_by_test_id("form-close").click()
    await page.get_by_test_id(f"channel-{planning}").click()
    top = message(page, "Top voted issues")
    await expect(top.get_by_role("table")).to_contain_text("PLAT-12")
    await shot(page, "list-top")
