"""Work that waits, is held, fails and is disturbed: what becomes of it, as people see it."""

import asyncio
from collections.abc import Callable

import pytest
from aiohttp import web

from pollbot.sandbox.faults import Faults
from pollbot.sandbox.slack import SlackStandIn
from pollbot.wiring import Pollbot
from tests.support import stored
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, letters, rest
from tests.support.polls import answer, close, form_poll, poll, reopen
from tests.support.schedules import line, lunch, press, schedule, until_due
from tests.support.team_voice import by_default, close_windows, connect, team_voice

DAY, HOUR = 86400.0, 3600.0


def posts(slack: SlackStandIn) -> int:
    """Return how often pollbot asked Slack to post something."""
    return sum(call.method == "chat.postMessage" for call in slack.calls)


def receipts(house: House) -> int:
    """Return how often pollbot tried to tell somebody something by the way of a command."""
    return len(house.slack.hook_posts)


async def counted(house: House) -> None:
    """Let Ada vote, and wait until the first try to tell her is over."""
    before = receipts(house)
    await house.vote(ADA, "PLAT-12")
    await house.slack.until(lambda: receipts(house) > before, what="a try to tell her")


def under_way(faults: Faults, name: str) -> asyncio.Event:
    """Return what is set once a call of that name has reached the stand-in."""
    reached, before = asyncio.Event(), faults.before

    async def noted(called: str, request: web.Request) -> web.Response | None:
        if called == name:
            reached.set()
        return await before(called, request)

    faults.before = noted  # type: ignore[method-assign, assignment]  # a stand-in, for this test
    return reached


# Receipts


async def test_a_receipt_waits_for_as_long_as_slack_asks(house: House, pollbot: Pollbot) -> None:
    await connect(house, ADA)
    house.slack.faults.fail_next("response_url", 429, {"ok": False}, {"Retry-After": "30"})
    await counted(house)
    tried = receipts(house)
    await rest(house, pollbot)

    house.clock.ahead += 28
    await rest(house, pollbot)
    assert receipts(house) == tried

    house.clock.ahead += 3
    await house.told(ADA, "is counted")


async def test_a_receipt_whose_answer_was_lost_comes_once_more_when_that_may_be_over(
    house: House, pollbot: Pollbot
) -> None:
    await connect(house, ADA)
    house.slack.faults.fail_next("response_url", 0)
    await counted(house)
    tried = receipts(house)
    await rest(house, pollbot)
    assert not [word for word in house.words(ADA) if "is counted" in word]

    house.clock.ahead += 25
    await rest(house, pollbot)
    assert receipts(house) == tried, "what lost the first may still be there"
    house.clock.ahead += 10

    await house.told(ADA, "is counted")
    house.clock.ahead += HOUR
    await rest(house, pollbot)
    assert receipts(house) == tried + 1


async def test_a_token_that_was_refused_after_it_was_new_is_told_too(
    house: House, pollbot: Pollbot
) -> None:
    await house.vote(ADA, "PLAT-12")
    await house.told(ADA, "needs your Jira account")
    house.jira.faults.fail_next("POST votes", 503)
    await connect(house, ADA)
    await house.jira.until(
        lambda: any(call.status == 503 for call in house.jira.calls), what="a Jira that is away"
    )
    house.jira.revoke("acc-ada")

    house.clock.ahead += 40

    await house.told(ADA, "no longer accepts")
    await rest(house, pollbot)


# Wishes of one person on one issue


async def test_the_last_word_wins_though_its_person_disconnected_in_between(
    house: House, pollbot: Pollbot
) -> None:
    await connect(house, ADA)
    on_its_way = under_way(house.jira.faults, "POST votes")
    house.jira.faults.mode, house.jira.faults.slow_seconds = "slow", 1.0
    await house.vote(ADA, "PLAT-12")
    await house.slack.until(on_its_way.is_set, what="a vote on its way")
    await house.slack.command(ADA, PLANNING, "/pollbot", "disconnect")
    house.jira.faults.mode = "up"
    await connect(house, ADA)

    await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-12")

    await house.told(ADA, "is withdrawn")
    await rest(house, pollbot)
    assert house.jira.issues["PLAT-12"].voters == set()


# What is owed to owners


async def owing(house: House, posts_lost: int) -> None:
    """Leave a schedule, and so many of its posts of which nobody knows whether Slack has them."""
    async with house.program() as pollbot:
        await schedule(house, await lunch(house))
        await rest(house, pollbot)
    with stored.opened(house.database) as db:
        for number in range(posts_lost):
            db.execute(
                "INSERT INTO outbox (kind, about, occasion, team_id, state, tries, changed_at)"
                " SELECT 'schedule', id, ?, team_id, 'claimed', 1, ? FROM schedules",
                (house.clock() - 60 * number, house.clock()),
            )


@pytest.mark.parametrize(
    "fails",
    [
        lambda faults: faults.fail_next("chat.postMessage", 0),
        lambda faults: faults.fail_next(
            "chat.postMessage", 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "40"}
        ),
    ],
    ids=["lost", "429"],
)
async def test_several_words_for_one_owner_are_one_message_and_wait_together(
    house: House, fails: Callable[..., None]
) -> None:
    await owing(house, 5)
    fails(house.slack.faults)
    before = posts(house.slack)
    async with house.program() as pollbot:
        await house.slack.until(lambda: posts(house.slack) > before, what="a try to tell her")
        await rest(house, pollbot)
        house.clock.ahead += 25
        await rest(house, pollbot)
        assert posts(house.slack) == before + 1

        house.clock.ahead += 20

        told = await house.told(ADA, "may be in its channel")
        await rest(house, pollbot)
    assert str(told.blocks).count("Run now") >= 5
    assert len(letters(house, ADA)) == 1
    assert posts(house.slack) == before + 2


async def test_an_owner_who_is_connected_elsewhere_is_told_and_the_schedule_rests(
    house: House,
) -> None:
    async with house.program() as pollbot:
        await connect(house, ADA)
        await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
        await schedule(house, await house.card("7 votes"))
        await rest(house, pollbot)
    moved = house.jira.site_url.replace("127.0.0.1", "localhost")

    async with house.program(jira_url=moved) as pollbot:
        await until_due(house)
        await house.told(ADA, "is paused")
        await rest(house, pollbot)
        assert "paused" in (await line(house)).lower()


async def test_run_now_that_was_posted_is_never_said_to_be_lost(
    house: House, pollbot: Pollbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    await schedule(house, await lunch(house))
    await house.slack.command(ADA, PLANNING, "/pollbot", "schedules")
    listed = await house.told(ADA, "schedule")
    # As if clicks came faster than the disk takes them: whatever is not begun yet is refused.
    post = house.slack.web_api.call

    def crowded(method: str, args: dict[str, object]) -> dict[str, object]:
        if method == "chat.postMessage":
            monkeypatch.setattr(pollbot._store._writer, "_most_waiting", 0)
        return post(method, args)

    monkeypatch.setattr(house.slack.web_api, "call", crowded)

    await press(house, ADA, listed, "Run now")

    await house.slack.until(lambda: len(_results(house)) == 1, what="the post")
    await house.slack.until(
        lambda: house.rows("SELECT 1 FROM outbox WHERE kind = 'run' AND state = 'sent'"),
        what="the post kept as sent",
    )
    assert not [word for word in house.words(ADA) if "nothing was saved" in word]


def _results(house: House) -> list[str]:
    return [
        m.text
        for m in house.slack.messages
        if m.channel == PLANNING and "Scheduled by" in str(m.blocks)
    ]


# More than the disk can keep


async def test_past_what_the_disk_can_keep_a_click_hears_that_nothing_was_kept(
    house: House, pollbot: Pollbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    await connect(house, ADA)
    card = await lunch(house)
    await rest(house, pollbot)
    said, asked = card.text, len(house.jira.calls)
    with monkeypatch.context() as crowd:
        crowd.setattr(pollbot._store._writer, "_most_waiting", 0)

        typed = await house.vote(ADA, "PLAT-12")
        pressed = await press(house, ADA, card, "Pizza")

        assert "nothing was saved or changed" in str(typed.json)
        assert (typed.status, pressed.status) == (200, 200)
        await house.told(ADA, "nothing was saved or changed")
        await rest(house, pollbot)

    house.clock.ahead += HOUR
    await rest(house, pollbot)
    assert (card.text, len(house.jira.calls)) == (said, asked)
    await press(house, ADA, card, "Pizza")
    await house.slack.until(lambda: "Pizza 1" in card.text, what="the answer, once there is room")


# The clock, and what is closed


async def test_a_card_that_was_drawn_while_the_clock_was_ahead_is_drawn_when_it_is_right_again(
    house: House, pollbot: Pollbot
) -> None:
    house.clock.ahead = DAY
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    await answer(house, BEN, card, "Pizza")
    await house.slack.until(lambda: "Pizza 1" in card.text, what="Ben's answer")
    await rest(house, pollbot)
    house.clock.ahead = 0.0

    await answer(house, CLEO, card, "Soup")

    await house.slack.until(lambda: "Soup 1" in card.text, what=f"Cleo's answer in {card.text}")


async def test_team_voice_is_asked_about_open_polls_only_and_about_one_that_is_open_again(
    house: House,
) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)) as pollbot:
        await connect(house, ADA)
        card = await poll(house, 'PLAT-12 "Lunch?" "Pizza" "Soup"')
        await rest(house, pollbot)
        await close(house, ADA, card)
        await rest(house, pollbot)
        house.clock.ahead += 60
        await rest(house, pollbot)
        asked = len(voice.calls)

        for _ in range(4):
            house.clock.ahead += HOUR
            await rest(house, pollbot)
        assert len(voice.calls) == asked

        await close_windows(house, ADA)
        await reopen(house, ADA, card)
        await rest(house, pollbot)
        asked = len(voice.calls)
        house.clock.ahead += HOUR
        await rest(house, pollbot)
        assert len(voice.calls) > asked


async def test_what_slack_asks_of_reminders_counts_for_the_whole_workspace(
    house: House, pollbot: Pollbot
) -> None:
    for _ in range(3):
        await form_poll(house, ends_in=2 * DAY, remind=DAY)
        await close_windows(house, ADA)
    await rest(house, pollbot)
    house.slack.faults.fail_next(
        "conversations.members",
        429,
        {"ok": False, "error": "ratelimited"},
        {"Retry-After": "600"},
        times=3,
    )

    def asked() -> int:
        return sum(call.method == "conversations.members" for call in house.slack.calls)

    house.clock.ahead += DAY + 120
    await house.slack.until(lambda: asked() > 0, what="a look at the members")
    for _ in range(5):
        await rest(house, pollbot)
        house.clock.ahead += 5

    assert asked() == 1
