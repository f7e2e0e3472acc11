"""Every kind of delivery that changes something, brought again: at once, and after a restart."""

import importlib
import json
import pkgutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from contextvars import ContextVar
from functools import partial
from itertools import product
from typing import Any
from zlib import crc32

import pytest

import pollbot
from pollbot.sandbox.slack import Message
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.slack import payloads
from pollbot.slack.clicks import WithdrawAllClick, WordsClick
from pollbot.slack.kit import actions, button
from pollbot.text.command_words import COMMANDS, WORDS
from tests.support import schedules, thresholds, workflows
from tests.support.house import ADA, BEN, LEADS, PLANNING, House, rest, settled
from tests.support.polls import (
    DAY,
    HOUR,
    action,
    all_of,
    answer,
    close,
    element,
    form_poll,
    hanging,
    manage,
    poll,
    reopen,
    set_defaults,
    submitted,
    window,
)
from tests.support.rights import allow, keep_for
from tests.support.statements import listening
from tests.support.team_voice import (
    MACRO,
    PAGE,
    by_default,
    close_windows,
    connect,
    set_up,
    team_voice,
)
from tests.support.torture import TORTURE


@pytest.fixture(autouse=True)
def _all_that_is_said_was_found() -> Iterator[None]:
    """See that tests/store/test_statements.py knows of every statement that is run."""
    with listening() as strange:
        yield
    assert strange == []


Step = Callable[[House], Awaitable[object]]
Deed = Callable[[House], Awaitable[Step | None]]
"""Does it, as the last thing that Slack brings; what it returns then undoes it by something else,
so that doing it once more would show."""

LUNCH = '"Lunch?" "Pizza" "Soup"'
VOICE: ContextVar[TeamVoiceStandIn] = ContextVar("voice")


async def on_issue(house: House) -> Message:
    return await poll(house, 'local PLAT-12 "On record?" "CSV" "JSON"')


# Votes


async def vote(house: House) -> Step:
    await house.vote(ADA, "PLAT-13")
    return lambda house: house.slack.command(ADA, PLANNING, "/unvote", "PLAT-13")


async def unvote(house: House) -> Step:
    await house.vote(ADA, "PLAT-13")
    await house.votes("PLAT-13", 1)
    await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-13")
    return lambda house: house.vote(ADA, "PLAT-13")


async def votes_card(house: House) -> Message:
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")
    return await house.card("PLAT-13")


async def press_vote(house: House) -> Step:
    card = await votes_card(house)
    await house.slack.press(ADA, card.id, "vote")
    return lambda house: house.slack.command(ADA, PLANNING, "/unvote", "PLAT-13")


async def press_withdraw(house: House) -> Step:
    card = await votes_card(house)
    await house.slack.press(ADA, card.id, "vote")
    await house.votes("PLAT-13", 1)
    await house.slack.press(ADA, card.id, action(card, "Withdraw"))
    return lambda house: house.vote(ADA, "PLAT-13")


async def withdraw_all(house: House) -> Step:
    for key in ("PLAT-12", "PLAT-13"):
        await house.vote(ADA, key)
    await house.votes("PLAT-13", 1)
    await house.votes("PLAT-12", 8)
    click = WithdrawAllClick(site=house.jira.site_url, issues=("PLAT-12", "PLAT-13"))
    message = house.slack.post(
        PLANNING, house.slack.bot_user_id, "-", [actions(button("Withdraw these", click))]
    )
    await house.slack.press(ADA, message.id, click.action_id)
    await house.votes("PLAT-13", 0)
    return lambda house: house.vote(ADA, "PLAT-13")


async def show_votes(house: House) -> None:
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")


async def vote_in_form(house: House) -> Step:
    await house.slack.shortcut(ADA, "vote_on_issue")
    form = await window(house, ADA, "Vote on an issue")
    await house.slack.submit(ADA, form.id, {"issue": {"pick_issue": "PLAT-13"}})
    return lambda house: house.slack.command(ADA, PLANNING, "/unvote", "PLAT-13")


async def list_in_form(house: House) -> None:
    await house.slack.command(ADA, PLANNING, "/votes", "")
    form = await window(house, ADA, "New list of issues")
    await house.slack.submit(ADA, form.id, {"query": {"value": "PLAT"}})


async def vote_on_mentioned(house: House) -> None:
    message = house.slack.say(BEN, PLANNING, "PLAT-13, please")
    await house.slack.shortcut(ADA, "vote_on_mentioned", message.id)


async def ballot_of_mentioned(house: House) -> None:
    message = house.slack.say(BEN, PLANNING, "PLAT-13 or PLAT-12?")
    await house.slack.shortcut(ADA, "vote_on_mentioned", message.id)


# What is written to pollbot


async def write(house: House, channel: str, words: str) -> None:
    house.slack.channels[channel].app_is_member = True
    await house.slack.share(ADA, channel, words)


async def vote_where_named(house: House) -> Step:
    await write(house, PLANNING, f"<@{house.slack.bot_user_id}> vote PLAT-13")
    return lambda house: house.slack.command(ADA, PLANNING, "/unvote", "PLAT-13")


async def card_where_named(house: House) -> None:
    await write(house, PLANNING, f"<@{house.slack.bot_user_id}> votes PLAT-13")


async def vote_in_a_message(house: House) -> Step:
    await write(house, house.slack.direct_channel(ADA).id, "vote PLAT-13")
    return lambda house: house.slack.command(ADA, PLANNING, "/unvote", "PLAT-13")


async def poll_in_a_message(house: House) -> None:
    await write(house, house.slack.direct_channel(ADA).id, f"poll {LUNCH}")


async def press_words(house: House) -> None:
    await write(house, PLANNING, f"<@{house.slack.bot_user_id}> connect")
    told = await house.told(ADA, "opens a form")
    await house.slack.press(ADA, told.id, "words", value=WordsClick(typed="votes PLAT-13").pack())


# Polls


async def make(house: House) -> Step:
    await house.slack.command(ADA, PLANNING, "/poll", LUNCH)
    return deleted


async def deleted(house: House) -> None:
    card = await house.card("Lunch?")
    await manage(house, ADA, card, "delete_poll", "is deleted")


async def in_team_voice(house: House) -> Message:
    return await poll(house, f"PLAT-12 {LUNCH}")


async def make_in_team_voice(house: House) -> Step:
    await in_team_voice(house)
    return deleted


async def edit_in_team_voice(house: House) -> Step:
    card = await in_team_voice(house)
    await change_title(house, card, "Lunch today?")
    return lambda house: change_title(house, card, "Lunch tomorrow?")


async def delete_in_team_voice(house: House) -> None:
    await in_team_voice(house)
    await deleted(house)


async def reopen_in_team_voice(house: House) -> Step:
    card = await in_team_voice(house)
    await close(house, ADA, card)
    await reopen(house, ADA, card, ends_in=DAY)
    return lambda house: close(house, ADA, card)


async def make_by_form(house: House) -> Step:
    await submitted(house)
    return deleted


async def later_by_form(house: House) -> Step:
    await house.slack.command(ADA, PLANNING, "/poll", "")
    form = await all_of(house, await window(house, ADA, '"callback_id": "create_poll"'))
    chosen = {
        "title": "Lunch?",
        "options": "Pizza\nSoup",
        "post_at": int((house.clock() + DAY) // 60 * 60),
    }
    values = {name: {element(form, name): value} for name, value in chosen.items()}
    await house.slack.submit(ADA, form.id, values)
    return unscheduled


async def unscheduled(house: House) -> None:
    await schedules.press(house, ADA, await schedules.listed(house), "Delete")


async def choose_one(house: House) -> Step:
    card = await poll(house, LUNCH)
    await answer(house, BEN, card, "Soup")
    return lambda house: answer(house, BEN, card, "Pizza")


async def choose_by_menu(house: House) -> Step:
    items = " ".join(f'"Item {n}"' for n in range(40))
    card = await poll(house, f'"Many?" {items}')
    await house.slack.choose(BEN, card.id, "choose", "3")
    return lambda house: house.slack.choose(BEN, card.id, "choose", "4")


async def withdraw_answer(house: House) -> Step:
    card = await poll(house, LUNCH)
    await answer(house, BEN, card, "Soup")
    told = await house.told(BEN, "Soup")
    await house.slack.press(BEN, told.id, action(told, "Withdraw answer"))
    return lambda house: answer(house, BEN, card, "Soup")


async def post_again(house: House) -> None:
    await poll(house, LUNCH)
    house.slack.channels[LEADS].app_is_member = True
    await house.slack.command(ADA, LEADS, "/poll", "list")
    listed = await house.told(ADA, "Lunch?")
    await house.slack.press(ADA, listed.id, "post_poll")


async def drop_waiting(house: House) -> None:
    await house.slack.command(BEN, PLANNING, "/poll", f"PLAT-12 {LUNCH}")
    kept = await house.told(BEN, "Lunch?")
    await house.slack.press(BEN, kept.id, "drop_poll")


async def edit(house: House) -> Step:
    card = await poll(house, LUNCH)
    await change_title(house, card, "Lunch today?")
    return lambda house: change_title(house, card, "Lunch tomorrow?")


async def change_title(house: House, card: Message, title: str) -> None:
    form = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
    await house.slack.submit(ADA, form.id, {"title": {element(form, "title"): title}})


async def say(house: House, card: Message, text: str) -> None:
    await house.slack.press(BEN, card.id, action(card, "Comment"))
    form = await window(house, BEN, '"callback_id": "comment_poll"')
    await house.slack.submit(BEN, form.id, {"comment": {"value": text}})


async def comment(house: House, settings: tuple[str, ...] = ("changeable", "names")) -> Step:
    card = await form_poll(house, settings=(*settings, "comments"))
    await answer(house, BEN, card, "Soup")
    await say(house, card, "With bread.")
    await close_windows(house, BEN)
    return lambda house: say(house, card, "Without.")


async def comment_on_anonymous(house: House) -> Step:
    return await comment(house, ("changeable",))


async def comment_then_close(house: House) -> Step:
    await comment(house)
    card = await house.card("Lunch?")
    # What came last is the comment, so its poll is closed by what follows.
    return lambda house: close(house, ADA, card)


async def add_option_to(house: House, words: str) -> None:
    await add_option(house, BEN, await poll(house, words), "Sushi")


async def add_option(house: House, user: str, card: Message, text: str) -> None:
    await house.slack.press(user, card.id, action(card, "Add an option"))
    form = await window(house, user, '"callback_id": "add_option_form"')
    await house.slack.submit(user, form.id, {"new_option": {"value": text}})
    await house.slack.until(lambda: text in str(card.blocks), what=f"{text} on the card")


async def nudge(house: House) -> None:
    card = await poll(house, LUNCH)
    view = await manage(house, ADA, card, "not_answered", '"callback_id": "poll_missing"')
    await house.slack.view_action(ADA, view.id, "nudge")
    await window(house, ADA, "are reminded now")


async def share(house: House) -> Step:
    card = await poll(house, LUNCH)
    await share_with(house, card, [BEN])
    return lambda house: share_with(house, card, [])


async def share_with(house: House, card: Message, owners: list[str]) -> None:
    form = await manage(house, ADA, card, "poll_owners", '"block_id": "owners"')
    await house.slack.submit(ADA, form.id, {"owners": {"value": owners}})


async def close_poll(house: House) -> Step:
    card = await poll(house, LUNCH)
    await close(house, ADA, card)
    return lambda house: reopen(house, ADA, card)


async def delete_poll(house: House) -> None:
    await poll(house, LUNCH)
    await deleted(house)


async def reopen_poll(house: House) -> Step:
    card = await poll(house, LUNCH)
    await close(house, ADA, card)
    await reopen(house, ADA, card)
    return lambda house: close(house, ADA, card)


async def copy_poll(house: House) -> None:
    card = await poll(house, LUNCH)
    await close(house, ADA, card)
    await manage(house, ADA, card, "copy_poll", "A copy of")


async def mute_reminders(house: House) -> Step:
    await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    house.clock.ahead += 2 * HOUR
    reminder = await house.told(ADA, "you have not answered")
    await house.slack.press(ADA, reminder.id, "reminders")
    muted = await house.told(ADA, "No poll reminds you any more")

    async def back(house: House) -> None:
        await house.slack.press(ADA, muted.id, "reminders")
        await house.told(ADA, "Polls remind you again")

    return back


async def write_result(house: House) -> Step:
    card = await on_issue(house)
    await close(house, ADA, card)
    await manage(house, ADA, card, "record_result", "PLAT-12")
    await house.jira.until(lambda: house.jira.comments("PLAT-12"), what="the result")
    return lambda house: reopen(house, ADA, card)


# Schedules


async def scheduled(house: House) -> Message:
    card = await poll(house, LUNCH)
    await schedules.schedule(house, card, channel=PLANNING)
    return card


async def schedule(house: House) -> Step:
    await scheduled(house)
    return unscheduled


async def change_schedule(house: House) -> Step:
    await scheduled(house)
    await press_listed(house, "Edit")
    await schedules.change(house, "every", "monthly")
    await schedules.submit(house)

    async def back(house: House) -> None:
        await press_listed(house, "Edit")
        await schedules.change(house, "every", "weekly")
        await schedules.submit(house)

    return back


async def press_listed(house: House, label: str) -> None:
    await schedules.press(house, ADA, await schedules.listed(house), label)


async def run_now(house: House) -> None:
    await scheduled(house)
    await press_listed(house, "Run now")
    await house.told(ADA, "Posted")


async def run_now_then_delete(house: House) -> Step:
    await run_now(house)
    return unscheduled


async def pause(house: House) -> Step:
    await scheduled(house)
    await press_listed(house, "Pause")
    return lambda house: press_listed(house, "Resume")


async def resume(house: House) -> Step:
    await scheduled(house)
    await press_listed(house, "Pause")
    await press_listed(house, "Resume")
    return lambda house: press_listed(house, "Pause")


async def delete_schedule(house: House) -> None:
    await scheduled(house)
    await press_listed(house, "Delete")


# Thresholds


async def threshold(house: House) -> Step:
    await thresholds.opened(house)
    await thresholds.preview(house, channel=PLANNING)
    await thresholds.submit(house, channel=PLANNING)
    return lambda house: press_threshold(house, "Delete")


async def change_threshold(house: House) -> Step:
    await threshold(house)
    await close_windows(house, ADA)

    async def change(house: House, votes: str) -> None:
        await press_threshold(house, "Edit")
        await thresholds.preview(house, votes=votes)
        await thresholds.submit(house, votes=votes)
        await close_windows(house, ADA)

    await change(house, "16")
    return lambda house: change(house, "17")


async def press_threshold(house: House, label: str) -> None:
    await close_windows(house, ADA)
    await schedules.press(house, ADA, await thresholds.listed(house), label)


async def pause_threshold(house: House) -> Step:
    await threshold(house)
    await press_threshold(house, "Pause")
    return lambda house: press_threshold(house, "Resume")


async def resume_threshold(house: House) -> Step:
    await pause_threshold(house)
    await press_threshold(house, "Resume")
    return lambda house: press_threshold(house, "Pause")


async def delete_threshold(house: House) -> None:
    await threshold(house)
    await press_threshold(house, "Delete")


# Accounts and what admins set up


async def connect_account(house: House) -> Step:
    await house.connect(BEN)
    await close_windows(house, BEN)
    return lambda house: house.slack.command(BEN, PLANNING, "/pollbot", "disconnect")


async def disconnect(house: House) -> Step:
    await house.slack.command(ADA, PLANNING, "/pollbot", "disconnect")
    return lambda house: connect(house, ADA)


def says(*texts: str) -> Deed:
    """Return the deed of a word of /pollbot, undone by the last one."""

    async def deed(house: House) -> Step:
        for one in texts[:-1]:
            await house.slack.command(ADA, LEADS, "/pollbot", one)
        return lambda house: house.slack.command(ADA, LEADS, "/pollbot", texts[-1])

    return deed


def page(house: House) -> str:
    return f"{house.jira.site_url}/wiki/spaces/DOCS/pages/{PAGE}/Release+plan"


async def know_macro(house: House) -> Step:
    await house.slack.command(ADA, PLANNING, "/pollbot", f"macro {page(house)} {MACRO}")
    other = "aaaaaaaa-5b7a-poll"
    return lambda house: house.slack.command(
        ADA, PLANNING, "/pollbot", f"macro {page(house)} {other}"
    )


async def press_in_setup(house: House, action_id: str, part: str) -> None:
    await house.slack.command(ADA, PLANNING, "/pollbot", "setup")
    form = await window(house, ADA, '"callback_id": "setup"')
    await house.slack.view_action(ADA, form.id, action_id)
    await window(house, ADA, part)
    await close_windows(house, ADA)


async def save_source(house: House) -> Step:
    await set_up(house, ADA, "PLAT", VOICE.get().url)
    await close_windows(house, ADA)
    return lambda house: press_in_setup(house, "remove_source", "Removed")


async def remove_source(house: House) -> Step:
    await set_up(house, ADA, "PLAT", VOICE.get().url)
    await close_windows(house, ADA)
    await press_in_setup(house, "remove_source", "Removed")

    async def back(house: House) -> None:
        await set_up(house, ADA, "PLAT", VOICE.get().url)
        await close_windows(house, ADA)

    return back


async def needs_jira(house: House) -> Step:
    await press_in_setup(house, "needs_jira", "Only people")
    return lambda house: press_in_setup(house, "needs_jira", "Everybody")


async def save_defaults(house: House) -> Step:
    await set_defaults(house, end="86400")
    return lambda house: set_defaults(house, end="none")


async def save_retention(house: House) -> Step:
    await keep_for(house, polls="30")
    return lambda house: keep_for(house, polls="")


async def forget_me(house: House) -> Step:
    await poll(house, LUNCH)
    await house.slack.command(ADA, PLANNING, "/pollbot", "forget me")
    told = await house.told(ADA, "What pollbot keeps of you")
    await house.slack.press(ADA, told.id, "forget")
    return lambda house: house.slack.command(ADA, PLANNING, "/poll", '"Dinner?" "Cake" "Tea"')


async def save_rights(house: House) -> Step:
    await allow(house, projects="PLAT, APP")
    return lambda house: allow(house, projects="")


async def share_link(house: House) -> None:
    house.jira.anonymous_may_browse = True
    message = await house.slack.share(ADA, PLANNING, f"{house.jira.site_url}/browse/PLAT-13")
    await house.slack.until(lambda: message.unfurls, what="a preview")


async def no_previews(house: House) -> Step:
    await press_about_previews(house, "previews:0", "get no preview")
    return lambda house: press_about_previews(house, "previews:1", "shows the issue to everybody")


async def pane_of(house: House) -> None:
    """Open the pane of an issue that Ada may vote on."""
    house.slack.work_objects.is_on = house.jira.anonymous_may_browse = True
    await press_about_previews(house, "work_objects", "are Work Objects")
    url = f"{house.jira.site_url}/browse/PLAT-13"
    message = await house.slack.share(ADA, PLANNING, url)
    await house.slack.until(lambda: message.entities, what="a Work Object")
    await house.slack.beside.open_pane(ADA, message.id, url)
    await pane_says(house, "You have not voted.")


async def pane_says(house: House, part: str, count: str = "0 votes") -> None:
    """Wait until the pane says that, and the preview from which it was opened shows the count."""
    pane = house.slack.work_objects.panes[ADA]
    await house.slack.until(lambda: part in str(pane.entity), what=f"{part} in {pane}")
    await below_link(house, count)


async def below_link(house: House, count: str) -> None:
    below = house.slack.work_objects.panes[ADA].message.entities
    await house.slack.until(lambda: count in str(below), what=f"{count} in {below}")


async def vote_in_pane(house: House) -> Step:
    await pane_of(house)
    await house.slack.beside.press_in_pane(ADA, "pane_vote")
    await pane_says(house, "You voted.", "1 vote")

    async def back(house: House) -> None:
        await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-13")
        await below_link(house, "0 votes")

    return back


async def withdraw_in_pane(house: House) -> Step:
    await vote_in_pane(house)
    await house.slack.beside.press_in_pane(ADA, "pane_withdraw")
    await pane_says(house, "You have not voted.")

    async def back(house: House) -> None:
        await house.vote(ADA, "PLAT-13")
        await below_link(house, "1 vote")

    return back


async def switch_work_objects(house: House) -> Step:
    await press_about_previews(house, "work_objects", "are Work Objects")
    return lambda house: press_about_previews(house, "work_objects", "Admins can have")


async def press_about_previews(house: House, action_id: str, part: str) -> None:
    await house.slack.command(ADA, PLANNING, "/pollbot", "previews")
    said = next(
        m for m in reversed(house.slack.messages) if m.ephemeral_for == ADA and "preview" in m.text
    )
    await house.slack.press(ADA, said.id, action_id)
    await house.told(ADA, part)


async def mute_shipped(house: House) -> Step:
    await press_about_shipped(house, "Mute all projects", "Muted")
    return unmuted


async def unmute_shipped(house: House) -> Step:
    await mute_shipped(house)
    await unmuted(house)
    return mute_shipped


async def unmuted(house: House) -> None:
    await press_about_shipped(house, "Tell me again", "From now on")


async def press_about_shipped(house: House, label: str, part: str) -> None:
    await house.slack.command(ADA, PLANNING, "/pollbot", "shipped")
    said = next(m for m in reversed(house.slack.messages) if label in str(m.blocks))
    await house.slack.press(ADA, said.id, action(said, label))
    await house.told(ADA, part)


async def press_watch(house: House) -> None:
    card = await votes_card(house)
    menu = next(
        element
        for block in card.blocks
        for element in block.get("elements", ())
        if element.get("type") == "overflow"
    )
    await house.slack.choose(ADA, card.id, "watch", menu["options"][0]["value"])
    await house.told(ADA, "Jira tells you what happens")


async def press_unwatch(house: House) -> Step:
    await press_watch(house)
    told = await house.told(ADA, "Jira tells you what happens")
    await house.slack.press(ADA, told.id, "unwatch")
    await house.told(ADA, "You do not watch")
    return press_watch


async def save_template(house: House) -> Step:
    await manage(house, ADA, await poll(house, LUNCH), "save_as_template", "Saved as")
    return delete_the_template


async def name_template(house: House) -> Step:
    form = await manage(house, ADA, await poll(house, LUNCH), "save_as_template", "Saved as")
    await house.slack.submit(ADA, form.id, {"name": {"value": "Retro"}})
    return delete_the_template


async def save_form(house: House) -> Step:
    await house.slack.command(ADA, PLANNING, "/poll", "")
    form = await window(house, ADA, '"callback_id": "create_poll"')
    form.values |= {"title": {"value": "Which?"}, "options": {"value": "A\nB"}}
    await house.slack.view_action(ADA, form.id, "save_template_of_form")
    await window(house, ADA, "Saved as")
    return delete_the_template


async def templates(house: House, action_id: str, part: str) -> None:
    await close_windows(house, ADA)
    await house.slack.command(ADA, PLANNING, "/poll", "templates")
    view = await window(house, ADA, '"callback_id": "poll_templates"')
    await house.slack.view_action(ADA, view.id, action_id)
    await window(house, ADA, part)


async def delete_the_template(house: House) -> None:
    await templates(house, "delete_template:0", "You have no templates")


async def delete_template(house: House) -> None:
    await save_template(house)
    await delete_the_template(house)


async def take_template(house: House) -> Step:
    card = await poll(house, LUNCH)
    form = await manage(house, BEN, card, "save_as_template", "Saved as")
    await house.slack.submit(BEN, form.id, {"shared": {"value": ["shared"]}})
    await templates(house, "take_template:0", "Yours, shared")
    return delete_the_template


async def hang_poll(house: House) -> Step:
    house.slack.channels[LEADS].app_is_member = True
    form = await manage(house, ADA, await poll(house, LUNCH), "share_poll_in", "Channels to post")
    await house.slack.submit(ADA, form.id, {"channels": {"value": [LEADS]}})
    return take_it_down


async def take_it_down(house: House) -> None:
    await house.slack.until(lambda: len(hanging(house)) == 2, what="two cards")
    card = next(one for one in hanging(house) if one.channel == LEADS)
    form = await manage(house, ADA, card, "share_poll_in", "Channels to post")
    rows = [block for block in form.view["blocks"] if "accessory" in block]
    press = next(n for n, one in enumerate(rows) if card.channel in str(one))
    await house.slack.view_action(ADA, form.id, f"take_down:{press}")
    await window(house, ADA, "is removed")


async def take_down(house: House) -> None:
    await hang_poll(house)
    await take_it_down(house)


async def export_poll(house: House) -> None:
    card = await poll(house, LUNCH)
    view = await manage(house, ADA, card, "export_poll", '"callback_id": "poll_export"')
    await house.slack.view_action(ADA, view.id, "export_poll_as:0")
    await house.slack.until(
        lambda: any(one.files for one in house.slack.messages), what="the export"
    )


async def choose_language(house: House) -> Step:
    await press_in_setup(house, "language:0", "in *Deutsch*")
    return lambda house: press_in_setup(house, "language:1", "in *English*")


def step(name: str, **inputs: str) -> Deed:
    """Return what a workflow of Slack's does that comes to a step."""

    async def do(house: House) -> None:
        await workflows.begun(house, name, **{**workflows.CREATE, **inputs})

    return do


async def wait_for_end(house: House) -> Step:
    told = await workflows.created(house)
    card = await house.card("Lunch?")
    await workflows.begun(house, "poll_closed", poll=told["poll"])
    return lambda house: close(house, ADA, card)


DEEDS: dict[str, dict[str, Deed]] = {
    "votes.vote": {"": vote},
    "votes.unvote": {"": unvote},
    "votes.press_vote": {"": press_vote},
    "votes.press_withdraw": {"": press_withdraw},
    "votes.press_withdraw_all": {"": withdraw_all},
    "votes.show_votes": {"": show_votes},
    "votes.submit": {"": vote_in_form},
    "votes.post_list": {"": list_in_form},
    "issue_lists.vote_on_mentioned": {"one": vote_on_mentioned, "several": ballot_of_mentioned},
    "polls.poll": {"": make, "in Team Voice": make_in_team_voice},
    "polls.press_option": {"": choose_one},
    "polls.choose_option": {"": choose_by_menu},
    "polls.set_answer": {"": withdraw_answer},
    "polls.post_poll": {"": post_again},
    "polls.drop_poll": {"": drop_waiting},
    "polls.forms.create": {"now": make_by_form, "later": later_by_form},
    "polls.forms.edit": {"": edit, "in Team Voice": edit_in_team_voice},
    "polls.forms.comment": {
        "": comment,
        "anonymous": comment_on_anonymous,
        "closed since": comment_then_close,
    },
    "polls.forms.share": {"": share},
    "polls.additions.add": {
        "": lambda house: add_option_to(house, f"addable {LUNCH}"),
        "in Team Voice": lambda house: add_option_to(house, f"plat-12 addable {LUNCH}"),
    },
    "polls.ends.nudge": {"": nudge},
    "polls.forms.close": {"": close_poll},
    "polls.forms.delete": {"": delete_poll, "in Team Voice": delete_in_team_voice},
    "polls.ends.reopen": {"": reopen_poll, "in Team Voice": reopen_in_team_voice},
    "polls.ends.copy": {"": copy_poll},
    "polls.ends.remind": {"": mute_reminders},
    "polls.saved.save": {"": save_template},
    "polls.saved.change": {"": name_template},
    "polls.saved.delete": {"": delete_template},
    "polls.saved.take_over": {"": take_template},
    "polls.forms.save_template": {"": save_form},
    "polls.channels.hang": {"": hang_poll},
    "polls.channels.take_down": {"": take_down},
    "polls.exports.export": {"": export_poll},
    "records.record": {"": write_result},
    "schedules.save": {"new": schedule, "change": change_schedule},
    "schedules.run_now": {"": run_now, "deleted since": run_now_then_delete},
    "schedules.pause": {"": pause},
    "schedules.resume": {"": resume},
    "schedules.delete": {"": delete_schedule},
    "thresholds.submit": {"new": threshold, "change": change_threshold},
    "thresholds.pause": {"": pause_threshold},
    "thresholds.resume": {"": resume_threshold},
    "thresholds.delete": {"": delete_threshold},
    "accounts.connect": {"": connect_account},
    "commands.pollbot": {
        "disconnect": disconnect,
        "link": says("link PLAT-12", "link PLAT-13"),
        "unlink": says("link PLAT-12", "unlink", "link PLAT-13"),
        "macro": know_macro,
        "reminders": says("reminders off", "reminders on"),
    },
    "written.mentioned": {"vote": vote_where_named, "votes": card_where_named},
    "written.written": {"vote": vote_in_a_message, "poll": poll_in_a_message},
    "written.press": {"votes": press_words},
    "previews.link_shared": {"": share_link},
    "previews.choose": {"": no_previews},
    "votes.watches.press_watch": {"": press_watch, "not any more": press_unwatch},
    "votes.shipped.press_mute": {"": mute_shipped},
    "votes.shipped.press_unmute": {"": unmute_shipped},
    "previews.vote_in_pane": {"": vote_in_pane},
    "previews.withdraw_in_pane": {"": withdraw_in_pane},
    "previews.switch": {"": switch_work_objects},
    "setup.save": {"": save_source},
    "setup.remove_source": {"": remove_source},
    "setup.needs_jira": {"": needs_jira},
    "setup.choose_language": {"": choose_language},
    "setup.save_defaults": {"": save_defaults},
    "workflows.execute": {
        "poll": step("create_poll"),
        "in Team Voice": step("create_poll", about="PLAT-12"),
        "votes": step("votes_of_issue", issue="PLAT-12"),
        "end": wait_for_end,
        "refused": step("create_poll", options="Pizza"),
        "unknown": step("dance"),
    },
    "setup.save_rights": {"": save_rights},
    "setup.save_retention": {"": save_retention},
    "forgetting.forget": {"": forget_me},
}

LOOKS = {
    "home.invite",
    "home.open_invite",
    "home.opened",
    # Where there is one workspace; with several, see tests/installs/test_leaving.py.
    "installs.removed",
    "installs.revoked",
    "installs.taken_in",
    "installs.taken_out",
    "home.turn_page",
    "accounts.press_connect",
    "accounts.press_sign_in",
    "commands.show_help",
    "picks.suggest",
    "polls.additions.open_form",
    "polls.ends.open_reopen",
    "polls.ends.show_missing",
    "polls.ends.see_card",
    "polls.channels.open_share",
    "polls.saved.open_template",
    "polls.searches.find",
    "polls.searches.open_search",
    "polls.searches.search",
    "polls.searches.turn_found",
    "polls.searches.turn_in_window",
    "polls.saved.turn_page",
    "polls.saved.use",
    "polls.exports.open_export",
    "polls.forms.duplicate",
    "polls.forms.open_comment",
    "polls.forms.open_edit",
    "polls.forms.open_more",
    "polls.forms.open_owners",
    "polls.forms.preview",
    "polls.forms.redraw_form",
    "polls.forms.show_names",
    "polls.forms.touch_preview",
    "polls.make_poll",
    "polls.my_answer",
    "polls.new_poll",
    "polls.show_results",
    "polls.turn_page",
    "previews.open_pane",
    "schedules.edit_schedule",
    "setup.open_defaults",
    "setup.open_rights",
    "setup.open_retention",
    "setup.show_audit",
    "schedules.new_schedule",
    "schedules.redraw_form",
    "schedules.schedule_issue",
    "schedules.schedule_poll",
    "schedules.turn_page",
    "thresholds.edit_threshold",
    "thresholds.new_threshold",
    "thresholds.tell_of_issue",
    "thresholds.turn_page",
    "votes.open_form",
    "votes.press_new_vote",
    "votes.open_list",
}
"""Listeners that only show something; what nobody knows is in ``last_stop``."""

LOOKING_WORDS = {
    "connect",
    "forget",
    "previews",
    "shipped",
    "setup",
    "schedules",
    "tell",
    "thresholds",
    "",
    "help",
}
"""Words of /pollbot that only show something."""


def listeners() -> set[str]:
    """Return the names of all listeners that are registered, but those of ``last_stop``."""
    found: set[str] = set()

    class App:
        def __getattr__(self, kind: str) -> Callable[..., Any]:
            def listen(*_: object, **__: object) -> Callable[..., None]:
                return lambda listener: found.add(
                    f"{feature_of(listener.__module__)}.{listener.__name__}"
                )

            return listen

    register_all(App())
    return found


def register_all(app: object) -> None:
    """Have all listeners registered there, but those of ``last_stop``."""
    for one in pkgutil.walk_packages(pollbot.__path__, "pollbot."):
        if one.name.endswith((".listeners", ".commands")):
            for kind in vars(importlib.import_module(one.name)).values():
                if isinstance(kind, type) and kind.__module__ == one.name:
                    registering(kind, app)


def registering(kind: type, app: object) -> None:
    """Have all that a class listens for registered; what it would call is not asked for."""
    listeners: object = object.__new__(kind)
    for name in vars(kind):
        if name.startswith("register"):
            getattr(listeners, name)(app)


def feature_of(module: str) -> str:
    return module.removeprefix("pollbot.").removesuffix(".listeners")


def test_each_listener_is_known_to_look_or_to_act() -> None:
    assert listeners() == DEEDS.keys() | LOOKS
    assert not DEEDS.keys() & LOOKS


def test_each_word_of_the_command_is_known_to_look_or_to_act() -> None:
    own = {command.name.removeprefix("/") for command in COMMANDS}
    words = {"", *(word.name for word in WORDS)} - own
    assert words == DEEDS["commands.pollbot"].keys() | LOOKING_WORDS


KEPT = (
    "SELECT user_id, account_id, connected_at FROM accounts",
    "SELECT poll_id, option_id, title, added_by FROM additions",
    "SELECT poll_id, voter, option_id FROM answers",
    "SELECT id, channel_id, poll_id, issue_key, message_ts FROM cards",
    "SELECT poll_id, voter, comment FROM comments",
    "SELECT user_id, issue_key, wish, state FROM intents",
    "SELECT channel_id, issue_key, linked_at FROM links",
    "SELECT channel_id, page_id, linked_at FROM page_links",
    "SELECT kind, about, reader, occasion, state, owed FROM outbox",
    "SELECT page_id, macro_id FROM pages",
    "SELECT id, title, options, settings, owners, closed_at, deleted_at, closes_at FROM polls",
    "SELECT poll_id, state, comment_id FROM records",
    "SELECT id, plan, next_at, paused, posted FROM schedules",
    "SELECT id, what, subject, votes, channel_id, paused, version FROM thresholds",
    "SELECT id, workspace, set_at FROM sources",
    "SELECT team_id, needs_jira FROM teams",
    "SELECT team_id, code FROM languages",
    "SELECT team_id, defaults FROM poll_defaults",
    "SELECT id, owner, name, shared FROM poll_templates",
    "SELECT team_id, rights FROM rights",
    "SELECT team_id, polls, audit, work FROM retention",
    "SELECT channel_id, shown FROM previews",
    "SELECT user_id, issue_key, wish, outcome FROM watches",
    "SELECT user_id, site, project FROM muted",
    "SELECT user_id FROM muted_reminders",
    "SELECT team_id, is_on FROM work_objects",
    "SELECT id, state FROM waiting_polls",
    "SELECT id, step, poll_id, why FROM executions",
)


def state(house: House) -> dict[str, object]:
    """Return all that a repeat could change: on disk, in Jira, and what anybody has read."""
    kept: dict[str, object] = {**house.all_rows(KEPT)}
    calls = [call for call in house.jira.calls if call.method != "GET"]
    kept["Jira"] = [f"{call.method} {call.path}" for call in calls]
    kept["Slack"] = [
        f"{call.method} {json.dumps(call.args, default=str)}"
        for call in house.slack.calls
        if call.method.startswith(("chat.", "views.", "files.", "functions."))
    ]
    kept["URLs"] = [json.dumps(post.body) for post in house.slack.hook_posts]
    return kept


ROWS = {
    f"{name} {kind}".strip(): deed for name, kinds in DEEDS.items() for kind, deed in kinds.items()
}


def repeats() -> Iterator[Any]:
    """Yield each story with when it is brought again, and whether it was undone by then.

    Each has two of the four, by its name: once undone and once not, once at once and once after a
    restart. All of them where there is time.
    """
    for name, deed in ROWS.items():
        turn = crc32(name.encode()) % 2
        for undone, restarted in product([False, True], repeat=2):
            if TORTURE or (undone ^ restarted) == turn:
                when = "after a restart" if restarted else "at once"
                since = "undone since" if undone else ""
                yield pytest.param(deed, undone, restarted, id=f"{name}-{since}-{when}")


@pytest.mark.parametrize(("deed", "undone", "restarted"), list(repeats()))
async def test_what_comes_again_changes_nothing_and_says_nothing_new(
    house: House, deed: Deed, undone: bool, restarted: bool
) -> None:
    async with AsyncExitStack() as life, team_voice(house) as voice:
        VOICE.set(voice)
        run = partial(house.program, **by_default(voice))
        pollbot = await life.enter_async_context(run())
        await connect(house, ADA)
        undo = await deed(house)
        first = [one for one in house.slack.deliveries if one.body.get("type") != "view_closed"][-1]
        await rest(house, pollbot)
        if undone and undo is not None:
            await undo(house)
            await rest(house, pollbot)
        if restarted:
            await life.aclose()
            pollbot = await life.enter_async_context(run())
        await settled(house, pollbot)
        before = state(house)

        again = await house.slack.deliver(first.body, kind=first.kind)

        assert (again.status, again.body) == (200, "" if restarted else first.answer.body)
        await settled(house, pollbot)
        assert state(house) == before


async def test_a_comment_on_an_anonymous_poll_is_known_again_by_nobody_s_name(house: House) -> None:
    async with house.program() as pollbot:
        await comment_on_anonymous(house)
        brought = [one.body for one in house.slack.deliveries if "comment_poll" in str(one.body)]
        name = payloads.delivery_id(brought[-1])
        await rest(house, pollbot)

        kept = house.rows("SELECT user_id, subject, deed FROM deliveries WHERE stamp = ?", name)
        (voter,) = house.rows("SELECT voter FROM comments")

        assert [(user, deed) for user, _, deed in kept] == [(*voter, "comment")]
        assert len(str(voter[0])) == 64
        assert house.rows("SELECT 1 FROM deliveries WHERE user_id = ?", BEN) == []
        await close(house, ADA, await house.card("Lunch?"))
        assert house.rows("SELECT 1 FROM deliveries WHERE stamp = ?", name) == []
