"""Results by themselves, a deadline, and the decision on the issue: in headless Chromium."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.async_api import Page, expect

from pollbot.sandbox.world import World
from tests.e2e.browser import message, page, press, say, send, world

__all__ = ["page", "world"]

SLOW = 15_000
BERLIN = ZoneInfo("Europe/Berlin")


async def test_results_come_every_week_by_themselves(page: Page, world: World) -> None:
    await say(page, '/poll PLAT-12 "Ship it?" "Yes" "No"')
    card = page.get_by_test_id("message").filter(has_text="Ship it?").first
    await press(card, "Yes")
    await expect(card).to_contain_text("1 participant", timeout=SLOW)
    form = page.get_by_test_id("form")

    await press(card, "Schedule results")
    await form.get_by_label("How often").select_option(label="Every week")
    for day, wanted in (("Monday", False), ("Thursday", True)):
        await form.get_by_label(day).set_checked(wanted)
    await form.get_by_label("Time", exact=True).fill("10:15")
    await expect(form).to_contain_text(re.compile(r"Next: Thu [^;]+ 10:15 CES?T; Thu "))
    await form.get_by_test_id("form-submit").click()
    await expect(form).to_contain_text("Saved", timeout=SLOW)
    await form.get_by_test_id("form-close").click()
    await page.get_by_test_id("clock-1-week").click()

    post = message(page, "Scheduled by")
    await expect(post).to_contain_text("Ship it?", timeout=SLOW)
    await expect(post).to_contain_text("Yes")
    await expect(post.locator(".byline time")).to_have_text("10:15")
    await expect(page.get_by_test_id("clock-moved")).to_have_text("1 week ahead")
    [posted] = [one for one in world.slack.messages if "Scheduled by" in str(one.blocks)]
    assert datetime.fromtimestamp(float(posted.ts), BERLIN).strftime("%A %H:%M") == "Thursday 10:15"


async def test_a_deadline_closes_a_poll_and_the_result_is_on_the_issue(
    page: Page, world: World
) -> None:
    ends_at = datetime.fromtimestamp(world.clock() + 2 * 86400, BERLIN)
    form = page.get_by_test_id("form")

    await say(page, "/poll PLAT-15")
    await form.locator("[data-block-id='title'] input").fill("Which format?")
    await form.locator("[data-block-id='options'] textarea").fill("CSV\nExcel")
    await form.get_by_role("button", name="More settings").click()
    await form.locator("[data-block-id='end'] input").fill(ends_at.strftime("%Y-%m-%dT%H:%M"))
    await form.get_by_label("Write the result on the issue when it closes").check()
    await send(page)
    card = page.get_by_test_id("message").filter(has_text="Which format?").first
    for user, option in (("U0BEN", "Excel"), ("U0ADA", "CSV"), ("U0CLEO", "CSV")):
        await page.get_by_test_id(f"persona-{user}").click()
        await press(card, option)
    await expect(card).to_contain_text("3 participants", timeout=SLOW)
    for _ in range(3):
        await page.get_by_test_id("clock-1-day").click()
        await expect(page.get_by_test_id("clock-1-day")).not_to_have_attribute("aria-busy", "true")

    announced = message(page, "is closed, by its deadline")
    await expect(announced).to_contain_text("2 · 67 %", timeout=SLOW)
    await expect(card.get_by_role("button", name="CSV", exact=True)).to_have_count(0, timeout=SLOW)
    said = [one for one in world.slack.messages if "Which format?" in str(one.blocks)]
    [reply] = [one for one in said if "is closed, by its deadline" in str(one.blocks)]
    [root] = [one for one in said if one.ts == reply.thread_ts]
    assert root.id == await card.get_attribute("data-message-id")
    await world.jira.until(lambda: world.jira.issues["PLAT-15"].comments, what="the comment")
    await page.goto(f"{world.jira.site_url}/browse/PLAT-15")
    comment = page.get_by_role("article")
    await expect(comment).to_contain_text("Ada Lovell")
    await expect(comment.get_by_role("row", name="CSV")).to_contain_text("67 %")
    await comment.get_by_role("link").first.click()
    await expect(card).to_be_in_viewport()
