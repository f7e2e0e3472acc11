"""The pictures of docs/: the README's, and each kind of card, drawn anew from the sandbox.

`make pictures` runs it.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright, expect

from pollbot.sandbox.world import World, opened, opened_with_replicas
from tests.e2e.browser import CHROMIUM, WITHOUT, message, press, say

DOCS = Path(__file__).parents[1] / "docs"
ADA, BEN, CLEO = "U0ADA", "U0BEN", "U0CLEO"
WIDTHS = {"wide": 1440, "narrow": 390}
LONG = 15_000
FRIDAY = "Ship it on Friday?"
LUNCH = "Where do we meet?"
RETRO = "How was the sprint?"


async def act_as(page: Page, user: str) -> None:
    await page.get_by_test_id(f"persona-{user}").click()


def named(page: Page, part: str) -> Locator:
    """Return the first message with this text: the card, and not what is said of it."""
    return page.get_by_test_id("message").filter(has_text=part).first


async def readme(page: Page) -> None:
    """A channel with an issue's card, a poll and private receipts; Jira's side beside it."""
    await say(page, "/votes PLAT-12")
    card = message(page, "Remember my board filters")
    await press(card, "Vote")
    await expect(message(page, "is counted in Jira")).to_contain_text("Only visible to you")
    await expect(card).to_contain_text("8 votes", timeout=LONG)
    await say(page, '/poll PLAT-12 "Ship it on Friday?" "Yes, ship it" "Wait for Monday"')
    await press(named(page, FRIDAY), "Yes, ship it")
    await expect(named(page, FRIDAY)).to_contain_text("100 %", timeout=LONG)
    await page.get_by_test_id("composer").hover()
    await page.screenshot(path=DOCS / "sandbox.png")


async def replicas(page: Page) -> None:
    """Three pollbots, of which the one that led was killed; a poll that goes on."""
    await say(page, f'/poll PLAT-12 "{FRIDAY}" "Yes, ship it" "Wait for Monday"')
    await press(named(page, FRIDAY), "Yes, ship it")
    await expect(named(page, FRIDAY)).to_contain_text("100 %", timeout=LONG)
    leads = page.get_by_test_id("replicas").get_by_role("listitem").filter(has_text="leads")
    await leads.get_by_role("button", name="Kill").click()
    await act_as(page, BEN)
    await press(named(page, FRIDAY), "Wait for Monday")
    await expect(named(page, FRIDAY)).to_contain_text("50 %", timeout=LONG)
    await expect(page.get_by_test_id("replica-news")).to_contain_text("took over", timeout=LONG)
    await page.get_by_test_id("composer").hover()
    await page.screenshot(path=DOCS / "replicas.png")


async def steps(page: Page) -> None:
    """A workflow that created a poll, waited for its end, and goes on with the result."""
    await page.set_viewport_size({"width": 1440, "height": 1180})
    flows = page.get_by_test_id("workflows")
    await flows.get_by_text("Workflow Builder").click()
    await flows.get_by_text("Create a poll", exact=True).click()
    create = flows.get_by_test_id("step-create_poll")
    await create.get_by_label("Question").fill(LUNCH)
    await create.get_by_label("Options").fill("Canteen\nPark")
    await create.get_by_role("button", name="Run").click()
    card = named(page, LUNCH).filter(has_text="Ada asks")
    await expect(card).to_be_visible(timeout=LONG)
    await expect(flows.get_by_role("listitem").first).to_contain_text("done", timeout=LONG)
    await flows.get_by_text("When a poll closed", exact=True).click()
    await flows.get_by_test_id("step-poll_closed").get_by_role("button", name="Run").click()
    newest = flows.get_by_role("listitem").first
    await expect(newest).to_contain_text("waits", timeout=LONG)
    await press(card, "Park")
    await expect(card).to_contain_text("100 %", timeout=LONG)
    await close(page, card)
    await expect(newest.locator('[data-output="winner"]')).to_have_text("Park", timeout=LONG)
    await flows.get_by_text("Create a poll", exact=True).first.click()
    await newest.scroll_into_view_if_needed()
    await page.get_by_test_id("composer").hover()
    await page.screenshot(path=DOCS / "workflows.png")


async def polls(page: Page) -> None:
    """A poll that nobody answered, the same with answers, and closed; one that ends in a tie."""
    until = "until 2030-03-01T17:00Z"
    await say(
        page,
        f'/poll PLAT-12 {until} "{FRIDAY}" "Yes, ship it" "Wait for Monday" "Skip this release"',
    )
    card = named(page, FRIDAY)
    await expect(card).to_be_visible(timeout=LONG)
    await taken(page, card, "poll-new")
    for user, option in ((ADA, "Yes, ship it"), (BEN, "Yes, ship it"), (CLEO, "Wait for Monday")):
        await act_as(page, user)
        await press(card, option)
    await act_as(page, ADA)
    await expect(card).to_contain_text("67 %", timeout=LONG)
    await taken(page, card, "poll-answered")
    await close(page, card)
    await taken(page, card, "poll-closed")

    await say(page, f'/poll multi "{LUNCH}" "Canteen" "Park" "The new place round the corner"')
    card = named(page, LUNCH)
    for user, option in ((ADA, "Canteen"), (BEN, "Park")):
        await act_as(page, user)
        await press(card, option)
    await act_as(page, ADA)
    await expect(card).to_contain_text("Ben", timeout=LONG)
    await close(page, card)
    await taken(page, card, "poll-tie")


async def close(page: Page, card: Locator) -> None:
    await press(card, "More")
    form = page.get_by_test_id("form")
    await press(form.locator(".block-actions").nth(1), "Close")
    await page.get_by_test_id("confirm-yes").click()
    await expect(card).to_contain_text("Closed on", timeout=LONG)
    await form.get_by_test_id("form-close").click()


async def lists(page: Page) -> None:
    """A list of issues to vote on, and the top voted ones as a table."""
    await say(page, "/votes project = PLAT ORDER BY votes DESC as What we could build next")
    ballot = named(page, "Vote on these issues")
    await expect(ballot).to_be_visible(timeout=LONG)
    await taken(page, ballot, "ballot")
    await say(page, "/pollbot schedules")
    await press(message(page, "New: top voted issues"), "New: top voted issues")
    form = page.get_by_test_id("form")
    await form.locator("[data-block-id='query'] textarea").fill("project = PLAT")
    await form.locator("[data-block-id='name'] input").fill("What PLAT wants most")
    await form.get_by_label("How often").select_option(label="Every day")
    await form.get_by_label("Time", exact=True).fill("10:15")
    await form.get_by_label("Table").check()
    await form.get_by_test_id("form-submit").click()
    await expect(form).to_contain_text("Saved", timeout=LONG)
    await form.get_by_test_id("form-close").click()
    await say(page, "/pollbot schedules")
    listed = message(page, "New: top voted issues")
    await listed.get_by_role("button").filter(has_text="Run now").click()
    post = message(page, "Scheduled by")
    await expect(post.locator("table")).to_be_visible(timeout=LONG)
    await taken(page, post, "top")


async def issue(page: Page) -> None:
    """An issue's card."""
    await say(page, "/votes PLAT-12")
    card = message(page, "Remember my board filters")
    await expect(card).to_contain_text("7 votes", timeout=LONG)
    await taken(page, card, "issue")


async def taken(page: Page, card: Locator, scene: str) -> None:
    """Take the card at both widths, in light and in dark."""
    for width, pixels in WIDTHS.items():
        await page.set_viewport_size({"width": pixels, "height": 1800})
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            await page.mouse.move(0, 0)
            await card.screenshot(
                path=DOCS / "cards" / f"{scene}-{width}-{scheme}.png", animations="disabled"
            )
    await page.set_viewport_size({"width": 1440, "height": 900})
    await page.emulate_media(color_scheme="light")


@asynccontextmanager
async def fresh(world: AbstractAsyncContextManager[World] | None = None) -> AsyncIterator[Page]:
    """Open the page of a new world."""
    async with world or opened(http=False) as there, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=WITHOUT)
        page = await browser.new_page(
            viewport={"width": 1440, "height": 900}, color_scheme="light", reduced_motion="reduce"
        )
        await page.goto(there.address)
        yield page
        await browser.close()


async def main(only: str) -> None:
    """Draw them all, or only those of one scene."""
    (DOCS / "cards").mkdir(exist_ok=True)
    for scene in (polls, lists, issue, readme, steps):
        if only in ("", scene.__name__):
            async with fresh() as page:
                await scene(page)
    if only in ("", "replicas"):
        async with fresh(opened_with_replicas(3)) as page:
            await replicas(page)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only",
        default="",
        choices=("polls", "lists", "issue", "readme", "steps", "replicas"),
    )
    asyncio.run(main(parser.parse_args().only))
