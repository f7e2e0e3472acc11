"""Pollbot is installed in another workspace, used there and removed, in headless Chromium.

`SCREENSHOTS=folder` in the environment keeps pictures of what is seen.
"""

import os
from pathlib import Path

from playwright.async_api import Page, async_playwright, expect

from tests.e2e.browser import CHROMIUM, WITHOUT
from tests.installs.test_installing import connect, installed
from tests.support.house import ADA, BEN, PLANNING, House, rest
from tests.support.installing import GLOBEX, another, installing, remove


async def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_somebody_installs_pollbot_in_globex_votes_there_and_removes_it(
    house: House,
) -> None:
    globex = another(house)
    async with installing(house) as at, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=WITHOUT)
        page = await browser.new_page(viewport={"width": 900, "height": 640}, locale="en-US")

        await page.goto(f"{at.public_url}/slack/install")
        await expect(page.get_by_role("heading")).to_have_text("Add pollbot to your workspace")
        await picture(page, "1 before Slack")
        await page.get_by_role("link", name="Add to Slack").click()
        await page.get_by_role("link", name="Cancel").click()
        await expect(page.get_by_role("heading")).to_have_text("pollbot is not installed")
        await picture(page, "2 cancelled")
        await page.get_by_role("link", name="Begin anew").click()
        await page.get_by_role("link", name="Add to Slack").click()
        await page.get_by_role("link", name="Allow in Globex").click()
        await expect(page.get_by_role("heading")).to_have_text("pollbot is installed")
        await picture(page, "3 installed")
        there = await page.get_by_role("link", name="Open pollbot").get_attribute("href")
        assert there is not None
        assert f"team={GLOBEX}" in there

        await connect(globex, BEN)
        await globex.command(BEN, PLANNING, "/vote", "PLAT-12")
        await house.votes("PLAT-12", 8)
        await globex.command(ADA, PLANNING, "/poll", '"Lunch?" "Soup" "Pizza"')
        await globex.until(lambda: any("Lunch?" in m.text for m in globex.messages))
        await rest(house, at.pollbot)

        await remove(globex)

        assert installed(house) == []
        assert house.rows("SELECT 1 FROM accounts") == []
        await page.goto(f"{at.public_url}/slack/install")
        await page.get_by_role("link", name="Add to Slack").click()
        await page.get_by_role("link", name="Allow in Globex").click()
        await expect(page.get_by_role("heading")).to_have_text("pollbot is installed")
        await globex.command(ADA, PLANNING, "/poll", "list")
        await globex.until(
            lambda: any("Lunch?" in m.text for m in globex.messages if m.ephemeral_for == ADA)
        )
        await browser.close()
