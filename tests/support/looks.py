"""Stories of every listener that only shows something; what they bring last is brought to it."""

from collections.abc import Awaitable, Callable
from typing import Any

from pollbot.sandbox.slack import Message, View
from pollbot.setup.audit_blocks import AuditClick
from pollbot.slack.clicks import (
    AddOptionClick,
    Click,
    ConnectClick,
    FoundPageClick,
    HomePageClick,
    MyAnswerClick,
    NewScheduleClick,
    NewThresholdClick,
    PollsPageClick,
    ReopenClick,
    ScheduleClick,
    ScheduleIssueClick,
    SchedulesPageClick,
    SearchClick,
    SeeCardClick,
    ShowResultsClick,
    SignInClick,
    TellClick,
    TemplatesPageClick,
    ThresholdsPageClick,
    TurnFoundClick,
)
from pollbot.slack.kit import Block, actions, button, view
from tests.support import schedules, thresholds
from tests.support.house import ADA, BEN, CLEO, PLANNING, House
from tests.support.polls import action, close, form_poll, manage, more, poll, poll_id, window
from tests.support.team_voice import close_windows

Look = Callable[[House], Awaitable[None]]

LUNCH = '"Lunch?" "Pizza" "Soup"'


async def pressed(house: House, click: Click) -> None:
    """Have Ada press a button that pollbot shows now and then."""
    drawn = button("-", click)
    message = house.slack.post(PLANNING, house.slack.bot_user_id, "-", [actions(drawn)])
    await house.slack.press(ADA, message.id, drawn["action_id"])


async def in_a_window(house: House, *elements: Block) -> None:
    """Have Ada press the first of these in a window."""
    opened = house.slack.open_view(
        ADA, view("-", [actions(*elements)], callback_id="-"), on_top=False
    )
    await house.slack.view_action(ADA, opened.id, elements[0]["action_id"])


def shows(click: Click) -> Look:
    return lambda house: pressed(house, click)


async def open_home(house: House, part: str = "") -> None:
    await house.slack.open_home(ADA)
    await house.slack.until(
        lambda: ADA in house.slack.homes and part in str(house.slack.homes[ADA].view),
        what=f"Home with “{part}”",
    )


def on_home(action_id: str, part: str = "") -> Look:
    async def look(house: House) -> None:
        await poll(house, LUNCH, user=BEN)
        await open_home(house, part or action_id)
        await house.slack.home_action(ADA, action_id)

    return look


async def turn_page(house: House) -> None:
    await poll(house, LUNCH, user=BEN)
    await open_home(house, "Lunch?")
    drawn = button("-", HomePageClick())
    home = house.slack.homes[ADA]
    home.view = {**home.view, "blocks": house.slack.with_ids([actions(drawn)])}
    await house.slack.home_action(ADA, drawn["action_id"])


async def invite(house: House) -> None:
    await on_home("invite")(house)
    form = await window(house, ADA, '"callback_id": "invite"')
    await house.slack.submit(ADA, form.id, {"invited": {"value": [CLEO]}})


async def suggest(house: House) -> None:
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    await house.card("PLAT-12")
    await house.slack.shortcut(ADA, "vote_on_issue")
    form = await window(house, ADA, "Vote on an issue")
    await house.slack.suggest(ADA, form.id, "pick_issue", "PLAT-1")


async def lunch(house: House) -> Message:
    return await form_poll(house, settings=("changeable", "names", "comments"))


async def commented(house: House) -> None:
    card = await lunch(house)
    await house.slack.press(BEN, card.id, action(card, "Comment"))


def managing(action_id: str, part: str) -> Look:
    async def look(house: House) -> None:
        await manage(house, ADA, await lunch(house), action_id, part)

    return look


async def reopening(house: House) -> None:
    card = await lunch(house)
    await close(house, ADA, card)
    await manage(house, ADA, card, ReopenClick.action_id, '"callback_id": "reopen_poll_form"')


async def looking(house: House) -> None:
    await more(house, ADA, await lunch(house))


async def form_of(house: House, action_id: str) -> None:
    await house.slack.command(ADA, PLANNING, "/poll", LUNCH.partition(" ")[0])
    form = await window(house, ADA, '"callback_id": "create_poll"')
    await house.slack.view_action(ADA, form.id, action_id)


async def preview(house: House) -> None:
    await form_of(house, "preview_poll")


async def redrawn(house: House) -> None:
    await form_of(house, "more_settings")


async def touched(house: House) -> None:
    card = await lunch(house)
    still = next(one for one in card.blocks if one["type"] == "actions")["elements"][0]
    await in_a_window(house, {**still, "action_id": f"still:{still['action_id']}"})


async def from_a_message(house: House) -> None:
    message = house.slack.say(BEN, PLANNING, "Lunch?\n• Pizza\n• Soup")
    await house.slack.shortcut(ADA, "make_poll", message.id)


async def new_poll(house: House) -> None:
    await house.slack.shortcut(ADA, "new_poll")


async def my_answer(house: House) -> None:
    await pressed(house, MyAnswerClick(poll=poll_id(await lunch(house))))


async def adding(house: House) -> None:
    await pressed(house, AddOptionClick(poll=poll_id(await poll(house, f"addable {LUNCH}"))))


async def results(house: House) -> None:
    await pressed(house, ShowResultsClick(poll=poll_id(await lunch(house)), view="bars"))


async def polls_page(house: House) -> None:
    await poll(house, f"local PLAT-12 {LUNCH}")
    await pressed(house, PollsPageClick(kind="issue", subject="PLAT-12", page=0))


async def pane(house: House) -> None:
    house.slack.work_objects.is_on = house.jira.anonymous_may_browse = True
    await house.slack.command(ADA, PLANNING, "/pollbot", "previews")
    said = await house.told(ADA, "preview")
    await house.slack.press(ADA, said.id, "work_objects")
    await house.told(ADA, "are Work Objects")
    url = f"{house.jira.site_url}/browse/PLAT-13"
    message = await house.slack.share(ADA, PLANNING, url)
    await house.slack.until(lambda: message.entities, what="a Work Object")
    await house.slack.beside.open_pane(ADA, message.id, url)


async def scheduling(house: House) -> None:
    await pressed(house, ScheduleClick(poll=poll_id(await lunch(house))))


async def scheduled(house: House) -> None:
    await schedules.schedule(house, await poll(house, LUNCH), channel=PLANNING)


async def edit_schedule(house: House) -> None:
    await scheduled(house)
    await schedules.press(house, ADA, await schedules.listed(house), "Edit")


async def searching(house: House) -> View:
    await poll(house, LUNCH)
    await pressed(house, SearchClick(text="Lunch"))
    return await window(house, ADA, '"callback_id": "search_polls"')


async def search(house: House) -> None:
    opened = await searching(house)
    await house.slack.view_action(ADA, opened.id, "searched", block_id="state", value="open")


async def find(house: House) -> None:
    await house.slack.submit(ADA, (await searching(house)).id, {})


async def turn_in_window(house: House) -> None:
    opened, drawn = await searching(house), button("-", TurnFoundClick(page=0))
    opened.view = {**opened.view, "blocks": [*opened.view["blocks"], actions(drawn)]}
    opened.view["blocks"] = house.slack.with_ids(opened.view["blocks"])
    await house.slack.view_action(ADA, opened.id, drawn["action_id"])


async def looked_for(house: House) -> None:
    await searching(house)


async def found_page(house: House) -> None:
    await poll(house, LUNCH)
    await pressed(house, FoundPageClick(text="Lunch", page=0))


async def redrawn_schedule(house: House) -> None:
    await edit_schedule(house)
    await schedules.change(house, "every", "monthly")


async def schedules_page(house: House) -> None:
    await scheduled(house)
    await pressed(house, SchedulesPageClick(page=0))


async def audited(house: House) -> None:
    await close_windows(house, ADA)
    await poll(house, LUNCH)
    await in_a_window(house, button("-", AuditClick()))


def in_setup(action_id: str) -> Look:
    async def look(house: House) -> None:
        await close_windows(house, ADA)
        await house.slack.command(ADA, PLANNING, "/pollbot", "setup")
        form = await window(house, ADA, '"callback_id": "setup"')
        await house.slack.view_action(ADA, form.id, action_id)

    return look


async def vote_form(house: House) -> None:
    await house.slack.shortcut(ADA, "vote_on_issue")


async def helped(house: House) -> None:
    await house.slack.command(ADA, PLANNING, "/poll", "help")


async def listed_thresholds(house: House) -> Message:
    await thresholds.opened(house)
    await thresholds.save(house, channel=PLANNING)
    return await thresholds.listed(house)


async def edit_threshold(house: House) -> None:
    await schedules.press(house, ADA, await listed_thresholds(house), "Edit")


async def thresholds_page(house: House) -> None:
    await listed_thresholds(house)
    await pressed(house, ThresholdsPageClick(page=0))


def of_templates(action_id: str) -> Look:
    async def look(house: House) -> None:
        await manage(house, ADA, await poll(house, LUNCH), "save_as_template", "Saved as")
        await close_windows(house, ADA)
        await house.slack.command(ADA, PLANNING, "/poll", "templates")
        view = await window(house, ADA, '"callback_id": "poll_templates"')
        await house.slack.view_action(ADA, view.id, action_id)

    return look


async def templates_page(house: House) -> None:
    await pressed(house, TemplatesPageClick(channel=PLANNING, page=0))


def happens(what: str, **fields: Any) -> Look:
    """Return that Slack tells so of the workspace."""

    async def look(house: House) -> None:
        teams = {"team_ids": [house.slack.team_id]} if what.startswith("team_") else {}
        await poll(house, LUNCH)
        await house.slack.happen(ADA, {"type": what, **fields, **teams})

    return look


LOOKS: dict[str, Look] = {
    "accounts.press_connect": shows(ConnectClick()),
    "accounts.press_sign_in": shows(SignInClick()),
    "commands.show_help": helped,
    "home.invite": invite,
    "home.open_invite": on_home("invite"),
    "home.opened": open_home,
    "home.turn_page": turn_page,
    "installs.removed": happens("app_uninstalled"),
    "installs.revoked": happens("tokens_revoked", tokens={"bot": ["U0POLLBOT"]}),
    "installs.taken_in": happens("team_access_granted"),
    "installs.taken_out": happens("team_access_revoked"),
    "picks.suggest": suggest,
    "polls.additions.open_form": adding,
    "polls.channels.open_share": managing("share_poll_in", "Channels to post"),
    "polls.ends.show_missing": managing("not_answered", '"callback_id": "poll_missing"'),
    "polls.ends.open_reopen": reopening,
    "polls.ends.see_card": shows(SeeCardClick()),
    "polls.exports.open_export": managing("export_poll", '"callback_id": "poll_export"'),
    "polls.forms.duplicate": managing("duplicate_poll", '"callback_id": "create_poll"'),
    "polls.forms.open_comment": commented,
    "polls.forms.open_edit": managing("edit_poll", '"callback_id": "edit_poll"'),
    "polls.forms.open_more": looking,
    "polls.forms.open_owners": managing("poll_owners", '"block_id": "owners"'),
    "polls.forms.preview": preview,
    "polls.forms.redraw_form": redrawn,
    "polls.forms.show_names": managing("names", "Lunch?"),
    "polls.forms.touch_preview": touched,
    "polls.make_poll": from_a_message,
    "polls.my_answer": my_answer,
    "polls.new_poll": new_poll,
    "polls.saved.open_template": of_templates("edit_template:0"),
    "polls.saved.turn_page": templates_page,
    "polls.saved.use": of_templates("use_template:0"),
    "polls.searches.find": find,
    "polls.searches.open_search": looked_for,
    "polls.searches.search": search,
    "polls.searches.turn_found": found_page,
    "polls.searches.turn_in_window": turn_in_window,
    "polls.show_results": results,
    "polls.turn_page": polls_page,
    "previews.open_pane": pane,
    "schedules.edit_schedule": edit_schedule,
    "schedules.new_schedule": shows(NewScheduleClick(what="top")),
    "schedules.redraw_form": redrawn_schedule,
    "schedules.schedule_issue": shows(ScheduleIssueClick(issue="PLAT-13")),
    "schedules.schedule_poll": scheduling,
    "schedules.turn_page": schedules_page,
    "setup.open_defaults": in_setup("poll_defaults"),
    "setup.open_retention": in_setup("retention"),
    "setup.open_rights": in_setup("rights"),
    "setup.show_audit": audited,
    "thresholds.edit_threshold": edit_threshold,
    "thresholds.new_threshold": shows(NewThresholdClick()),
    "thresholds.tell_of_issue": shows(TellClick(issue="PLAT-13", deed="tell")),
    "thresholds.turn_page": thresholds_page,
    "votes.open_form": vote_form,
    "votes.open_list": on_home("new_list"),
    "votes.press_new_vote": on_home("new_vote"),
}
"""By the listener to which the last delivery is brought."""
