"""The sandbox in headless Chromium, and short ways to use its page."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from pollbot.sandbox.world import World, opened
from tests.support.own_time import Clock

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
WITHOUT = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
)
# Where others are at work on the same machine, a page takes its time; what never comes still fails.
expect.set_options(timeout=20_000)
if CHROMIUM is None and os.environ.get("CI") != "true":
    pytest.skip("no Chromium here; install it from your system", allow_module_level=True)


@pytest.fixture
async def world(transport: str) -> AsyncIterator[World]:
    async with opened(http=transport == "HTTP", clock=Clock()) as world:
        yield world


@pytest.fixture
async def page(world: World) -> AsyncIterator[Page]:
    """The page in a browser; anything the browser complains about fails the test."""
    complaints: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=WITHOUT)
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda r: (
                None if r.url.startswith(world.address) else complaints.append(f"asked {r.url}")
            ),
        )
        await page.goto(world.address)
        yield page
        await browser.close()
    assert complaints == []


async def say(page: Page, text: str) -> None:
    await page.get_by_test_id("composer").fill(text)
    await page.get_by_test_id("composer").press("Enter")


def message(page: Page, part: str) -> Locator:
    """Return the newest message with this text."""
    return page.get_by_test_id("message").filter(has_text=part).last


async def press(message: Locator, label: str) -> None:
    await message.get_by_role("button", name=label, exact=True).click()


async def send(page: Page) -> None:
    """Send the form; what it says of a poll that went elsewhere is read and closed."""
    await page.get_by_test_id("form-submit").click()
    form = page.get_by_test_id("form")
    gone = page.locator("body:not(:has([data-testid='form']))")
    await expect(gone.or_(form.get_by_text("is created"))).to_be_visible(timeout=15_000)
    if await form.count():
        await form.get_by_test_id("form-close").click()
    await expect(form).to_have_count(0)
