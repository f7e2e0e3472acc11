"""Several pollbots in headless Chromium: one is killed, and the card goes on."""

import os
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, expect

from pollbot.sandbox.cluster import programs
from pollbot.sandbox.world import World, opened_with_replicas
from tests.e2e.browser import message, page, press, say
from tests.e2e.test_browser_accessible import SLOW, nameless, tab_to

__all__ = ["page"]
# Processes of their own are started, and started again.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    if programs() is None and "CI" not in os.environ:
        pytest.skip("no PostgreSQL server is installed (Debian's package postgresql)")
    async with opened_with_replicas(3) as world:
        yield world


def replica(page: Page, number: int) -> Locator:
    return page.get_by_test_id(f"replica-{number}")


async def leader(page: Page) -> int:
    """Return which one leads, as the page shows it."""
    leads = page.get_by_test_id("replicas").get_by_role("listitem").filter(has_text="leads")
    await expect(leads).to_have_count(1, timeout=SLOW)
    return int((await leads.get_by_text("Replica").inner_text()).split()[1])


async def test_the_leader_is_killed_and_the_card_goes_on(page: Page) -> None:
    card = message(page, "Ada asks")
    await say(page, '/poll "Lunch?" "Pizza" "Soup"')
    await press(card, "Pizza")
    await expect(card).to_contain_text("1 answer", timeout=SLOW)

    for count, (persona, option) in enumerate((("U0BEN", "Soup"), ("U0CLEO", "Pizza")), start=2):
        leads = await leader(page)
        await page.get_by_role("button", name=f"Kill replica {leads}").click()
        await page.get_by_test_id(f"persona-{persona}").click()
        await press(card, option)
        await expect(card).to_contain_text(f"{count} answers", timeout=SLOW)
        await expect(replica(page, leads)).to_contain_text("dead")
        assert await leader(page) != leads
        await expect(page.get_by_role("status").filter(has_text="took over")).to_be_visible()

    await page.get_by_test_id("persona-U0ADA").click()
    await say(page, "/vote PLAT-12")
    await expect(message(page, "is counted in Jira")).to_contain_text("8 votes", timeout=SLOW)

    last = await leader(page)
    dead = [number for number in (1, 2, 3) if number != last]
    for number in dead:
        await page.get_by_role("button", name=f"Start replica {number}").click()
        await expect(replica(page, number)).to_contain_text("follows", timeout=3 * SLOW)
    # One that only answers, and then the leader: each time somebody presses at once.
    await page.get_by_role("button", name=f"Kill replica {dead[0]}").click()
    await press(card, "Soup")
    await expect(card).to_contain_text(re.compile(r"Soup\D*2 · 67 %"), timeout=SLOW)
    assert await leader(page) == last
    await page.get_by_role("button", name=f"Kill replica {last}").click()
    await press(card, "Pizza")
    await expect(card).to_contain_text(re.compile(r"Pizza\D*2 · 67 %"), timeout=SLOW)
    await expect(card).to_contain_text("3 answers")
    assert await leader(page) == dead[1]


async def test_a_leader_that_stands_still_is_replaced_and_follows_when_it_goes_on(
    page: Page,
) -> None:
    first = await leader(page)
    await page.get_by_role("button", name=f"Freeze replica {first}").click()
    await expect(replica(page, first)).to_contain_text("frozen")
    await expect(page.get_by_role("status").filter(has_text="took over")).to_be_visible()
    second = await leader(page)
    assert second != first

    await page.get_by_role("button", name=f"Thaw replica {first}").click()
    await expect(replica(page, first)).to_contain_text("follows")
    await say(page, "/votes PLAT-12")
    card = message(page, "Remember my board filters")
    await press(card, "Vote")
    await expect(card).to_contain_text("8 votes", timeout=SLOW)
    assert await leader(page) == second


async def test_replicas_are_used_without_a_mouse_and_each_control_has_a_name(page: Page) -> None:
    shown = page.get_by_test_id("replicas")
    assert await nameless(shown) == []
    await expect(page.get_by_role("group", name="Move the clock")).to_have_count(0)

    kill = page.get_by_role("button", name="Kill replica 2")
    await page.get_by_test_id("first-steps-close").focus()
    await tab_to(page, kill)
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("button", name="Start replica 2")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(kill).to_be_focused()
    await expect(replica(page, 2)).to_contain_text("follows", timeout=3 * SLOW)
