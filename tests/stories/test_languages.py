"""Nothing that people read is outside the catalog: stories in a language that shows it."""

import json
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from pollbot.polls.templates import TEMPLATES
from pollbot.sandbox.slack import Message
from tests.support.catalog import APART, forgotten
from tests.support.house import ADA, BEN, CLEO, LEADS, PLANNING, House, rest
from tests.support.polls import (
    DAY,
    HOUR,
    action,
    answer,
    close,
    defaults_form,
    element,
    form_poll,
    manage,
    more,
    poll,
    reopen,
    set_defaults,
    submit_defaults,
    until,
    window,
)
from tests.support.said import texts
from tests.support.schedules import change, form, listed, press, schedule, submit
from tests.support.team_voice import close_windows

LUNCH = '"Lunch?" "Pizza" "Soup"'
WRITTEN = re.compile(
    "|".join(
        (
            *(r"`[^`]*`", r":[a-z_]+:", r"<[^<>]*>", r"https?:\S+", "you@example.com"),
            *(r"\bPLAT\b", "project =", "ORDER BY key", "no such thing"),
            *(r"Lunch( today)?\?", "Pizza", "Soup", r"With bread\.", r"Many\?", r"Item \d+"),
            *("Ada", "Ben", "Cleo", "of Jira", "Export &lt;all&gt; &amp; more", "Dark mode"),
            *("Export <all> & more", "Old bug", "Open", "Done", "Fixed", "Story"),
            *("Europe/Berlin", r"\bCET\b", r"\bUTC\b", r"[A-Z][a-z]+day", "Deutsch", "English"),
            *(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b", r"\b[a-z]+_[a-z]+\b"),
            r"poll [\w-]+\Z",
        )
    )
)
"""Markup, commands, what people wrote, and names, those of days and languages as well."""
ECHO = re.compile(r"(?<=[“`])⟧[^⟦⟧]*⟦|⟧[^⟦⟧]*⟦(?=[”`])")
"""What somebody typed, or Jira says, as it stands in quotes within a sentence."""

Tell = Callable[[House], Awaitable[None]]


async def votes(house: House) -> None:
    slack = house.slack
    for text in ("", "help", "PLAT-12", "nonsense!", "PLAT-1, PLAT-2"):
        await house.vote(BEN, text)
    await house.told(BEN, "pollbot needs your Jira account once")
    await house.connect(BEN, email="nobody")
    await house.connect(BEN, token="wrong")
    for user in (ADA, BEN):
        for open_ in reversed(slack.stack_of(user)):
            await slack.close(user, open_.id)
        await house.connect(user)
        await close_windows(house, user)
    await house.told(BEN, "is counted in Jira")
    for text in ("PLAT-7", "PLAT-999"):
        await house.vote(BEN, text)
        await house.told(BEN, "was not cast")
    await slack.command(BEN, PLANNING, "/unvote", "PLAT-13")
    await house.told(BEN, "nothing to withdraw")
    for text in ("PLAT-12", "PLAT-7", "PLAT-999", ""):
        await slack.command(ADA, PLANNING, "/votes", text)
    card = await house.card("PLAT-12")
    await house.card("PLAT-7")
    await slack.press(ADA, card.id, "vote")
    await house.card("9 votes")
    house.jira.faults.mode = "down"
    await slack.press(ADA, card.id, "withdraw")
    await house.told(ADA, "Queued")
    house.jira.faults.mode = "up"
    house.clock.ahead += 30
    await house.told(ADA, "is withdrawn in Jira")
    for text in ("link PLAT", "link", "unlink", "unlink", "link nothing here", "help", "hepl", ""):
        await slack.command(ADA, PLANNING, "/pollbot", text)
    await slack.command(ADA, PLANNING, "/pollbot", "previews")
    mentioned = slack.say(BEN, PLANNING, "PLAT-13 or PLAT-12?")
    await slack.shortcut(ADA, "vote_on_mentioned", mentioned.id)
    await house.card("PLAT-13")
    await slack.shortcut(ADA, "vote_on_issue")
    opened = await window(house, ADA, "vote_on_issue")
    await slack.submit(ADA, opened.id, {"issue": {"value": "no issue"}})
    await slack.submit(ADA, opened.id, {"issue": {"value": "PLAT-13"}})
    await close_windows(house, ADA)


async def polls(house: House) -> None:
    slack = house.slack
    for text in (
        *("help", "list", '"Lunch?" "Pizza"', '"Lunch?" "Pizza" "pizza"', "until never " + LUNCH),
        *("until 2020-01-01 " + LUNCH, "PLAT-999 " + LUNCH, "list PLAT-12", "results PLAT-12"),
        *('yesno score "Lunch?"', "anonymous names " + LUNCH, "Lunch Pizza Soup"),
    ):
        await slack.command(ADA, PLANNING, "/poll", text)
        await close_windows(house, ADA)
    card = await poll(house, f"multi comments {LUNCH}")
    await answer(house, BEN, card, "Soup")
    told = await house.told(BEN, "Soup")
    await slack.press(BEN, told.id, action(told, "Withdraw answer"))
    await answer(house, BEN, card, "Soup")
    await say(house, card, "With bread.")
    await everything_behind(house, card)
    items = " ".join(f'"Item {n}"' for n in range(40))
    await slack.choose(BEN, (await poll(house, f'"Many?" {items}')).id, "choose", "3")
    hidden = await poll(house, f"anonymous hidden {until(house, DAY)} {LUNCH}")
    await answer(house, BEN, hidden, "Pizza")
    await everything_behind(house, hidden)
    for words in ('yesno "Lunch?"', 'score "Lunch?"', f"percent final {LUNCH}"):
        await answer_first(house, await poll(house, words))
    await slack.command(ADA, PLANNING, "/poll", "list")
    await slack.command(ADA, PLANNING, "/poll", "results")


async def forms(house: House) -> None:
    slack = house.slack
    await slack.command(ADA, PLANNING, "/poll", "")
    opened = await window(house, ADA, '"callback_id": "create_poll"')
    empty = {"title": {element(opened, "title"): "Lunch?"}}
    await slack.submit(ADA, opened.id, empty)
    await slack.view_action(ADA, opened.id, "add_option")
    for template in TEMPLATES:
        await slack.view_action(ADA, opened.id, "pick_template", value=template)
    await close_windows(house, ADA)
    card = await form_poll(house, ends_in=3 * HOUR, remind=HOUR, where="PLAT-12", record=True)
    await answer(house, BEN, card, "Soup")
    edit = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
    await slack.submit(ADA, edit.id, {"title": {element(edit, "title"): " "}})
    await slack.submit(ADA, edit.id, {"title": {element(edit, "title"): "Lunch today?"}})
    await close_windows(house, ADA)
    owners = await manage(house, ADA, card, "poll_owners", '"block_id": "owners"')
    await slack.submit(ADA, owners.id, {"owners": {"value": [BEN]}})
    await close_windows(house, ADA)
    house.clock.ahead += 2 * HOUR
    await house.told(CLEO, "you have not answered")
    house.clock.ahead += HOUR
    await house.jira.until(lambda: house.jira.comments("PLAT-12"), what="a comment")
    await house.told(ADA, "is written on the issue")
    await close_windows(house, ADA)
    other = await poll(house, LUNCH)
    await close(house, ADA, other)
    await reopen(house, ADA, other, ends_in=DAY)
    await close_windows(house, ADA)
    await close(house, ADA, other)
    await manage(house, ADA, other, "copy_poll", "A copy of")
    await close_windows(house, ADA)
    await more(house, CLEO, other)
    await close_windows(house, CLEO)
    await manage(house, ADA, other, "delete_poll", "is deleted")
    await close_windows(house, ADA)


async def schedules(house: House) -> None:
    slack = house.slack
    await slack.command(BEN, PLANNING, "/pollbot", "schedules")
    card = await poll(house, LUNCH)
    await press(house, ADA, card, "Schedule results")
    for every in ("daily", "monthly", "once"):
        await change(house, "every", every)
    await submit(house, at="nonsense")
    await close_windows(house, ADA)
    await schedule(house, card, every="weekly", days=["0"], at="09:00")
    for label in ("Run now", "Pause", "Resume"):
        await press(house, ADA, await listed(house), label)
    await press(house, ADA, await listed(house), "Edit")
    await form(house)
    await close_windows(house, ADA)
    for what, query in (
        ("top voted issues", "PLAT"),
        ("ballot", "project = PLAT ORDER BY key"),
        ("ballot", "no such thing ("),
    ):
        await press(house, ADA, await listed(house), f"New: {what}")
        await form(house)
        await change(house, "every", "daily")
        await submit(house, query=query, at="09:00", channel=PLANNING)
        await close_windows(house, ADA)
    for count in (3, 5, 7):
        house.clock.ahead += DAY
        await house.slack.until(partial(posted, house, count), what=f"{count} posts by themselves")
    house.slack.channels[PLANNING].is_archived = True
    house.clock.ahead += DAY
    await house.told(ADA, "paused")
    house.slack.channels[PLANNING].is_archived = False
    await press(house, ADA, await listed(house), "Delete")


def posted(house: House, count: int) -> bool:
    return sum("Scheduled by" in str(m.blocks) for m in house.slack.messages) >= count


async def setup(house: House) -> None:
    slack = house.slack
    for user in (BEN, ADA):
        await slack.command(user, PLANNING, "/pollbot", "setup")
        await slack.command(user, PLANNING, "/pollbot", "macro nonsense")
    opened = await window(house, ADA, '"callback_id": "setup"')
    wrong = {
        "workspace": {"value": "?"},
        "url": {"value": "https://example.com"},
        "token": {"value": "x"},
    }
    await slack.submit(ADA, opened.id, wrong)
    for _ in range(2):
        await slack.view_action(ADA, opened.id, "needs_jira")
    await close_windows(house, ADA)
    await with_defaults(house)
    await slack.command(BEN, PLANNING, "/pollbot", "disconnect")
    await slack.command(BEN, PLANNING, "/pollbot", "disconnect")
    slack.faults.lose_next_answer("chat.postMessage", 2)
    await slack.command(ADA, LEADS, "/poll", LUNCH)
    house.slack.channels[LEADS].app_is_member = True
    await slack.command(ADA, LEADS, "/poll", LUNCH)
    for _ in range(4):
        house.clock.ahead += 35


async def with_defaults(house: House) -> None:
    """Choose all defaults that there are, and see what begins with them."""
    chosen = {"end": "259200", "remind": "86400", "record": ["record"], "visibility": "afterVote"}
    form = await defaults_form(house)
    await submit_defaults(house, form, remind="86400")
    await submit_defaults(house, form, settings=["several", "comments", "names"], **chosen)
    await window(house, ADA, '"callback_id": "setup"')
    await close_windows(house, ADA)
    await house.slack.command(ADA, PLANNING, "/poll", f"PLAT-12 {LUNCH}")
    for text in ("multi single " + LUNCH, ""):
        await house.slack.command(ADA, PLANNING, "/poll", text)
        await window(house, ADA, '"callback_id": "create_poll"')
        await close_windows(house, ADA)
    await set_defaults(house, settings=["changeable", "percent_only"], remind="none")


async def everything_behind(house: House, card: Message) -> None:
    """Look at all that a card leads to."""
    for user in (ADA, BEN):
        opened = await more(house, user, card)
        ids = re.findall(
            r'"action_id": "((?:show_results|names|poll_names|my_answer)[^"]*)"',
            json.dumps(opened.view),
        )
        for action_id in dict.fromkeys(ids):
            await house.slack.view_action(user, opened.id, action_id)
            await close_windows(house, user)
            opened = await more(house, user, card)
        await close_windows(house, user)


async def say(house: House, card: Message, text: str) -> None:
    await house.slack.press(BEN, card.id, action(card, "Comment"))
    opened = await window(house, BEN, '"callback_id": "comment_poll"')
    await house.slack.submit(BEN, opened.id, {"comment": {"value": text}})
    await close_windows(house, BEN)


async def answer_first(house: House, card: Message) -> None:
    await house.slack.press(BEN, card.id, "answer:0")


def left(house: House) -> list[str]:
    """Return each text that left for Slack or Jira."""
    slack, jira = house.slack, house.jira
    found: list[Any] = [
        [call.args.get(name) for name in ("text", "blocks", "view")]
        for call in slack.calls
        if call.method.startswith(("chat.", "views."))
    ]
    found += [post.body for post in slack.hook_posts]
    found += [one.answer.json for one in slack.deliveries]
    found += [comment.body for comment in jira.comments("PLAT-12")]
    return [*texts(found)]


@pytest.mark.parametrize(
    "tell", [votes, polls, forms, schedules, setup], ids=lambda tell: tell.__name__
)
async def test_all_that_people_read_is_in_the_catalog(house: House, tell: Tell) -> None:
    house.languages = [APART]
    async with house.program() as pollbot:
        if tell is not votes:
            await house.connect(ADA)
        await tell(house)
        await rest(house, pollbot)

    outside = {
        word: text
        for text in left(house)
        for word in re.findall(r"[^\W\d_]{2,}", WRITTEN.sub("", forgotten(ECHO.sub("", text))))
    }
    assert outside == {}
    assert len(left(house)) > 20
