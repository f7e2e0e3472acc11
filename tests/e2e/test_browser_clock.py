"""The sandbox's clock, its threads and its forms, in headless Chromium."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from pollbot.sandbox.world import World, opened
from pollbot.sandbox.world.seed import ADA, BEN, PLANNING
from tests.e2e.browser import message, page, press, say
from tests.support.own_time import Clock

__all__ = ["page"]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with opened(clock=Clock()) as world:
        yield world


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def field(block_id: str, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(block_id),
        "element": {"type": kind, "action_id": "value", **more},
        "dispatch_action": True,
    }


def form(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": plain("Schedule"),
        "submit": plain("Save"),
        "blocks": list(blocks),
    }


async def test_the_clock_is_moved_by_its_buttons_and_the_days_follow(
    page: Page, world: World
) -> None:
    await say(page, "Before")
    await expect(message(page, "Before")).to_be_visible()
    today = await page.get_by_test_id("clock").inner_text()

    for button in ("clock-1-day", "clock-1-hour"):
        await page.get_by_test_id(button).click()
        await expect(page.get_by_test_id(button)).not_to_have_attribute("aria-busy", "true")
    await say(page, "After")

    await expect(message(page, "After")).to_be_visible()
    await expect(page.get_by_test_id("clock-moved")).to_have_text("1 day and 1 hour ahead")
    assert await page.get_by_test_id("clock").inner_text() != today
    *earlier, last = await page.locator(".day").all_inner_texts()
    assert last == "Today"
    assert earlier
    assert world.clock.ahead == 25 * 3600


async def test_times_are_shown_in_the_zone_of_who_looks(page: Page, world: World) -> None:
    noon = 1_774_785_600  # 2026-03-29, 12:00 UTC
    world.slack.people[BEN.user].tz = "Asia/Kolkata"
    world.slack.say(ADA.user, PLANNING, f"At <!date^{noon}^{{date_num}} {{time}}^noon>")

    await expect(message(page, "At ")).to_contain_text("03/29/2026 14:00")
    await page.get_by_test_id(f"persona-{BEN.user}").click()

    await expect(message(page, "At ")).to_contain_text("03/29/2026 17:30")
    await expect(page.get_by_test_id("clock")).to_contain_text("Asia/")
    world.slack.people[BEN.user].tz = "Mars/Olympus"
    world.watchers.changed()
    await expect(page.get_by_test_id("clock")).not_to_contain_text("Asia/")


async def test_a_reply_stands_under_its_message_and_its_button_can_be_pressed(
    page: Page, world: World
) -> None:
    root = world.slack.say(BEN.user, PLANNING, "Shall we?")
    world.slack.say(BEN.user, PLANNING, "Something else")
    await page.get_by_test_id("clock-1-day").click()
    await expect(page.get_by_test_id("clock-moved")).to_have_text("1 day ahead")
    button = {"type": "button", "action_id": "vote", "text": plain("Go"), "value": "x"}
    world.slack.post(
        PLANNING,
        world.slack.bot_user_id,
        "It is decided",
        [
            {"type": "section", "text": plain("It is decided")},
            {"type": "actions", "elements": [button]},
        ],
        thread_ts=root.ts,
    )

    reply = message(page, "It is decided")
    await press(reply, "Go")

    await expect(message(page, "older version")).to_be_visible()
    texts = await page.get_by_test_id("message").all_inner_texts()
    places = [
        next(index for index, text in enumerate(texts) if words in text)
        for words in ("Shall we?", "It is decided", "Something else")
    ]
    assert places == sorted(places)
    await expect(reply).to_contain_text("Today, ")


async def test_a_form_that_is_redrawn_keeps_what_is_in_it_and_where_one_types(
    page: Page, world: World
) -> None:
    fields = [
        field("day", "datepicker", initial_date="2026-03-01"),
        field("name", "email_text_input"),
    ]
    view = world.slack.open_view(ADA.user, form(*fields), on_top=False)
    opened = page.get_by_test_id("form")
    await opened.locator("[data-block-id=name] input").fill("ada@")
    await opened.locator("[data-block-id=day] input").focus()

    await page.keyboard.type("0405")
    note = {"type": "section", "block_id": "runs", "text": plain("Next: tomorrow")}
    world.slack.update_view(view, form(note, *fields))
    await expect(opened).to_contain_text("Next: tomorrow")
    await page.keyboard.type("2027")
    await opened.locator("[data-block-id=name] input").focus()

    await expect(opened.locator("[data-block-id=day] input")).to_have_value("2027-04-05")
    await expect(opened.locator("[data-block-id=name] input")).to_have_value("ada@")
    days = await world.slack.until(
        lambda: [
            action["selected_date"]
            for sent in world.slack.deliveries
            for action in sent.body.get("actions", [])
            if action["block_id"] == "day"
        ]
    )
    assert days == ["2027-04-05"]


async def test_a_permalink_leads_to_its_message(page: Page, world: World) -> None:
    old = world.slack.say(BEN.user, PLANNING, "The one that is meant")
    for number in range(40):
        world.slack.say(BEN.user, PLANNING, f"Something later, {number}")
    link = world.slack.web_api.call(
        "chat.getPermalink", {"channel": PLANNING, "message_ts": old.ts}
    )["permalink"]

    await page.goto(link)

    await expect(message(page, "The one that is meant")).to_be_in_viewport()
