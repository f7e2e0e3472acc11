"""What is wrong with a form is said in it, so that nothing that somebody typed is lost."""

import copy
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from pollbot.sandbox.slack import Answer, View
from pollbot.sandbox.slack import payloads as slack_payloads
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.wiring import Pollbot
from tests.support import schedules, stored
from tests.support.house import ADA, BEN, EMAILS, LEADS, PLANNING, TOKENS, House, rest
from tests.support.polls import all_of, answer, close, defaults_form, manage, poll, window
from tests.support.rights import retention_form, rights_form
from tests.support.team_voice import VOICE_TOKEN, close_windows, press, team_voice

LUNCH = '"Lunch?" "Pizza" "Soup"'
PAST = 1_600_000_000
NASTY = {
    "markup": "*_~``> <@U1> <!channel> & < >",
    "entities": "&lt;b&gt; &amp;amp; <https://x.y|z>",
    "overrides": "a\u202e\u2066\u2067b",
    "long": ("*_`<@U1>\u202e&" * 400)[:4000],
    "alike": "РLАT-12 \u20181\u2019 \uff15",
    "lines": "a\nb\r\n> c\n• d",
    "controls": "a\x00\x07b",
}
"""What somebody may type or send, past what their client would let them."""
HERE = object()
"""Stands for the nasty text."""
TWICE = object()
"""Stands for the nasty text on two lines."""
LAST = "(the last)"


@pytest.fixture(autouse=True)
async def voice(house: House, pollbot: Pollbot) -> AsyncIterator[TeamVoiceStandIn]:
    async with team_voice(house) as stand_in:
        yield stand_in


def of(callback_id: str) -> str:
    return f'"callback_id": "{callback_id}"'


async def new_poll(house: House) -> View:
    await house.slack.command(ADA, PLANNING, "/poll", "")
    return await all_of(house, await window(house, ADA, of("create_poll")))


async def edited(house: House) -> View:
    return await manage(house, ADA, await poll(house, LUNCH), "edit_poll", of("edit_poll"))


async def owners(house: House) -> View:
    return await manage(house, ADA, await poll(house, LUNCH), "poll_owners", of("owners_poll"))


async def shared(house: House) -> View:
    card = await poll(house, LUNCH)
    return await manage(house, ADA, card, "share_poll_in", of("share_poll_in"))


async def saved(house: House) -> View:
    card = await poll(house, LUNCH)
    return await manage(house, ADA, card, "save_as_template", of("save_template"))


async def reopened(house: House) -> View:
    card = await poll(house, LUNCH)
    await close(house, ADA, card)
    return await manage(house, ADA, card, "reopen_poll", of("reopen_poll_form"))


async def commented(house: House) -> View:
    card = await poll(house, f"comments {LUNCH}")
    await answer(house, ADA, card, "Pizza")
    await press(house, ADA, card, "Comment")
    return await window(house, ADA, of("comment_poll"))


async def adding(house: House) -> View:
    card = await poll(house, f"addable {LUNCH}")
    await press(house, ADA, card, "Add an option")
    return await window(house, ADA, of("add_option_form"))


async def connected(house: House) -> View:
    await house.slack.command(ADA, PLANNING, "/pollbot", "connect")
    return await window(house, ADA, of("connect_jira"))


async def set_up(house: House) -> View:
    await house.slack.command(ADA, PLANNING, "/pollbot", "setup")
    return await window(house, ADA, of("setup"))


async def scheduled(house: House) -> View:
    await house.connect(ADA)
    await close_windows(house, ADA)
    await schedules.press(house, ADA, await schedules.listed(house), "New: top voted issues")
    await schedules.form(house)
    await schedules.change(house, "every", "daily")
    await schedules.change(house, "end", "after")
    return await window(house, ADA, of("schedule"))


async def threshold(house: House) -> View:
    await house.connect(ADA)
    await close_windows(house, ADA)
    await house.slack.command(ADA, PLANNING, "/pollbot", "tell 15 PLAT-13")
    return await window(house, ADA, of("threshold"))


async def asked_for_an_issue(house: House) -> View:
    await house.connect(ADA)
    await close_windows(house, ADA)
    await house.slack.shortcut(ADA, "vote_on_issue")
    return await window(house, ADA, of("vote_on_issue"))


async def asked_for_issues(house: House) -> View:
    await house.connect(ADA)
    await close_windows(house, ADA)
    await house.slack.command(ADA, PLANNING, "/votes", "")
    return await window(house, ADA, of("show_votes"))


@dataclass(frozen=True)
class Form:
    """How Ada comes to it, and with what in it it is taken."""

    open: Callable[[House], Awaitable[View]]
    right: Mapping[str, Any] = field(default_factory=dict)


FORMS = {
    "create_poll": Form(new_poll, {"title": "Dinner?", "options": "Cake\nTea"}),
    "edit_poll": Form(edited, {"title": "Dinner?", "option:=1": "Cake", "option:=2": "Tea"}),
    "owners_poll": Form(owners, {"owners": [BEN]}),
    "save_template": Form(saved, {"name": "Retro"}),
    "share_poll_in": Form(shared, {"channels": [LEADS]}),
    "reopen_poll_form": Form(reopened, {"end": None}),
    "comment_poll": Form(commented, {"comment": "Yes"}),
    "add_option_form": Form(adding, {"new_option": "Sushi"}),
    "connect_jira": Form(connected, {"email": EMAILS[ADA], "token": TOKENS[ADA]}),
    "setup": Form(set_up, {"workspace": "PLAT", "url": "(voice)", "token": VOICE_TOKEN}),
    "poll_defaults": Form(defaults_form, {"remind": "none"}),
    "retention": Form(retention_form, {"polls": "30"}),
    "rights": Form(rights_form, {"projects": "PLAT"}),
    "vote_on_issue": Form(asked_for_an_issue, {"issue": "PLAT-13"}),
    "show_votes": Form(asked_for_issues, {"query": "PLAT"}),
    "threshold": Form(threshold, {"subject": "PLAT-13", "votes": "15"}),
    "schedule": Form(scheduled, {"query": "PLAT", "most": "3", "at": "09:00", "channel": PLANNING}),
}


@dataclass(frozen=True)
class Wrong:
    """What is sent in place of what is right, and at which field which words are to be read."""

    form: str
    at: str
    says: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    memory: str | None = None
    by: str = ADA
    only: str = ""

    @property
    def is_varied(self) -> bool:
        return any(one is HERE or one is TWICE for one in self.changes.values())


FROM_ANOTHER = "from another version"
WRONG = {
    "two equal": Wrong("create_poll", "options", "Nothing was changed. ", {"options": TWICE}),
    "one option": Wrong(
        "create_poll", "options", "at least 2", {"title": HERE, "options": "Cake"}, only="markup"
    ),
    "an end in the past": Wrong(
        "create_poll", "end", "in the past", {"description": HERE, "end": PAST}, only="markup"
    ),
    "no issue to ask about": Wrong(
        "create_poll", "issue", "Nothing was changed", {"issue": "nothing of Jira's"}
    ),
    "a long question": Wrong("create_poll", "title", "at most", {"title": HERE}, only="long"),
    "a long description": Wrong(
        "create_poll", "description", "at most", {"description": HERE}, only="long"
    ),
    "a long option": Wrong("create_poll", "options", "at most", {"options": TWICE}, only="long"),
    "equal in an edit": Wrong(
        "edit_poll", "option:=2", "Nothing was changed. ", {"option:=1": HERE, "option:=2": HERE}
    ),
    "an option that is there": Wrong(
        "add_option_form", "new_option", "Nothing was changed", {"new_option": "pizza"}
    ),
    "another one's poll": Wrong(
        "edit_poll", LAST, "Only whoever", {"title": HERE}, by=BEN, only="markup"
    ),
    "another one's to share": Wrong("owners_poll", LAST, "Only whoever", by=BEN),
    "a template without a name": Wrong("save_template", "name", "needs a name", {"name": " "}),
    "a long name": Wrong("save_template", "name", "at most", {"name": HERE}, only="long"),
    "another one's template": Wrong("save_template", LAST, "not there any more", by=BEN),
    "another one's to hang up": Wrong("share_poll_in", LAST, "Only whoever", by=BEN),
    "nowhere": Wrong("share_poll_in", "channels", "No channel was chosen", {"channels": []}),
    "another one's to open": Wrong("reopen_poll_form", LAST, "Only whoever", by=BEN),
    "reopened until the past": Wrong("reopen_poll_form", "end", "in the past", {"end": PAST}),
    "a long comment": Wrong(
        "comment_poll", "comment", "4,000 characters", {"comment": HERE}, only="long"
    ),
    "no e-mail": Wrong("connect_jira", "email", "no e-mail address", {"email": HERE}),
    "no token": Wrong("connect_jira", "token", "token", {"token": HERE}),
    "no project": Wrong("setup", "workspace", "project's key", {"workspace": HERE}),
    "no address": Wrong("setup", "url", "address", {"url": HERE}),
    "no token of Team Voice": Wrong("setup", "token", "token", {"token": HERE}),
    "no admin": Wrong("setup", LAST, "Only admins", {"workspace": HERE}, by=BEN, only="markup"),
    "a reminder of no end": Wrong("poll_defaults", "remind", "needs an end", {"remind": "86400"}),
    "no project of Jira's": Wrong("rights", "projects", "no key of a Jira", {"projects": HERE}),
    "no number of days": Wrong("retention", "polls", "no number of days", {"polls": HERE}),
    "no admin of times": Wrong("retention", LAST, "Only admins", by=BEN),
    "no admin of rights": Wrong("rights", LAST, "Only admins", by=BEN),
    "no admin of defaults": Wrong("poll_defaults", LAST, "Only admins", by=BEN),
    "no issue": Wrong("vote_on_issue", "issue", "Nothing was changed", {"issue": HERE}),
    "no issue to post": Wrong("show_votes", "issue", "Nothing was changed", {"issue": HERE}),
    "no list and no issue": Wrong("show_votes", "issue", "Which issue?", {"query": ""}),
    "no query": Wrong("schedule", "query", "Nothing was saved", {"query": HERE}),
    "JQL that ends too soon": Wrong(
        "schedule", "query", "before the end of the query", {"query": "project = PLAT AND"}
    ),
    "JQL with a string that does not end": Wrong(
        "schedule", "query", "Jira does not take that JQL", {"query": 'summary ~ "PLAT'}
    ),
    "words": Wrong("schedule", "query", "words to look for", {"query": "export all"}),
    "nothing to wait for": Wrong("threshold", "subject", "Nothing was", {"subject": HERE}),
    "no number of votes": Wrong("threshold", "votes", "whole number", {"votes": HERE}),
    **{
        f"{number} votes": Wrong("threshold", "votes", "whole number", {"votes": number})
        for number in ("0", "-3", "1e9", "1000001", "fünfzehn")
    },
    "long JQL of a threshold": Wrong(
        "threshold", "subject", "at most 2,000", {"subject": f"project = {'P' * 2000}"}
    ),
    "no number": Wrong("schedule", "most", "whole number", {"most": HERE}),
    **{
        f"{name} with the memory {memory!r}": Wrong(name, LAST, FROM_ANOTHER, memory=memory)
        for name in FORMS
        # These remember nothing that they need.
        if name not in ("connect_jira", "setup", "vote_on_issue", "show_votes")
        for memory in ("", "{}", "null", '{"v":1,"keys":["9"],"poll":""}', '{"what":"poll"}')
    },
}
ROWS = [
    pytest.param(wrong, text, id=f"{name}-{label}")
    for name, wrong in WRONG.items()
    for label, text in NASTY.items()
    if label == (wrong.only or label) and (wrong.is_varied or label == "markup")
]


def values(view: View, texts: Mapping[str, Any], voice: TeamVoiceStandIn) -> dict[str, Any]:
    """Return what is chosen in a form as ``submit`` takes it."""
    elements = {
        str(block["block_id"]): str(block["element"]["action_id"])
        for block in view.view["blocks"]
        if block["type"] == "input"
    }
    return {
        name: {elements[name]: voice.url if text == "(voice)" else text}
        for name, text in texts.items()
    }


def inputs(view: View) -> list[str]:
    return [str(one["block_id"]) for one in view.view["blocks"] if one["type"] == "input"]


async def send(
    house: House, view: View, wrong: Wrong, text: str, right: Mapping[str, Any]
) -> Answer:
    """Send the form with what is wrong in it, past what Slack's client would allow."""
    body = copy.deepcopy(slack_payloads.view_submission(house.slack, view))
    sent = body["view"]["state"]["values"]
    for name, chosen in (dict(right) | dict(wrong.changes)).items():
        now = text if chosen is HERE else f"{text}\n{text}" if chosen is TWICE else chosen
        for element in sent[name].values():
            key = {
                "datetimepicker": "selected_date_time",
                "timepicker": "selected_time",
                "conversations_select": "selected_conversation",
                "multi_users_select": "selected_users",
                "multi_conversations_select": "selected_conversations",
            }.get(element["type"], "value")
            element[key] = now
            if element["type"] in ("external_select", "static_select"):
                element["selected_option"] = {"value": element.pop("value")}
    if wrong.memory is not None:
        body["view"]["private_metadata"] = wrong.memory
    body["user"]["id"] = wrong.by
    return await house.slack.deliver(body, kind="interactive")


def everything(house: House) -> dict[str, Any]:
    """Return what is kept, what was asked of Jira but to look, and what was said in Slack."""
    kept: dict[str, Any] = {
        name: house.rows(f'SELECT * FROM "{name}"')  # noqa: S608  a name
        for name in stored.tables(house.database)
        # What a look at Jira showed may be remembered.
        if name not in ("deliveries", "issues", "vote_counts", "mark")
    }
    asked = [
        call
        for call in house.jira.calls
        if call.method != "GET" and not call.path.endswith(("/search/jql", "/approximate-count"))
    ]
    said = [c for c in house.slack.calls if c.method.startswith(("chat.", "views."))]
    return kept | {"jira": len(asked), "slack": len(said), "messages": len(house.slack.messages)}


@pytest.mark.parametrize(("wrong", "text"), ROWS)
async def test_what_is_wrong_is_said_in_the_form_and_changes_nothing(
    house: House, pollbot: Pollbot, voice: TeamVoiceStandIn, wrong: Wrong, text: str
) -> None:
    form = FORMS[wrong.form]
    view = await form.open(house)
    await rest(house, pollbot)
    before = everything(house)
    right = {name: chosen[name] for chosen in (values(view, form.right, voice),) for name in chosen}
    plain = {name: next(iter(chosen.values())) for name, chosen in right.items()}

    sent = await send(house, view, wrong, text, plain)
    await rest(house, pollbot)

    assert sent.status == 200
    assert sent.json is not None, sent
    assert sent.json["response_action"] == "errors"
    ((at, said),) = sent.json["errors"].items()
    assert at == (inputs(view)[-1] if wrong.at == LAST else wrong.at)
    assert wrong.says in said
    assert "ORDER" not in said
    _is_a_sentence(said, text)
    assert everything(house) == before

    again = await house.slack.submit(ADA, view.id, right)
    assert (again.status, again.error) == (200, None), again
    assert (again.json or {}).get("response_action") != "errors", again.json


def _is_a_sentence(said: str, typed: str) -> None:
    """See that it says what was (not) done and what to do, without markup but what was typed."""
    own = re.sub("“.*”", "“”", said, flags=re.DOTALL)
    assert not re.search(r"&(amp|lt|gt);|[*`<>]", own), said
    assert "&lt;" in typed or not re.search(r"&(amp|lt|gt);", said), said
    assert re.fullmatch(r"[A-Z“].*[.?!]", said), said
    assert "othing was" in said or "left as it was" in said, said
    assert len(said) < 600, said


async def test_no_form_is_missing_here(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new form belongs into the table, with what can be wrong with it."""
    known: list[object] = []
    listen = AsyncApp.view

    def noting(self: AsyncApp, constraints: Any, *args: Any, **options: Any) -> Any:
        known.append(constraints)
        return listen(self, constraints, *args, **options)

    monkeypatch.setattr(AsyncApp, "view", noting)
    async with house.program(database=tmp_path / "another.db"):
        pass

    # Nothing in these forms can be wrong: whom one cannot invite it leaves out, and says so, and
    # the other finds nothing.
    without_errors = {"invite", "search_polls"}
    assert {name for name in known if isinstance(name, str)} == set(FORMS) | without_errors
    assert {wrong.form for wrong in WRONG.values()} == set(FORMS)


@pytest.mark.parametrize("name", FORMS)
async def test_a_form_that_is_not_known_stays_open_and_says_so(
    house: House, pollbot: Pollbot, voice: TeamVoiceStandIn, name: str
) -> None:
    view = await FORMS[name].open(house)
    await rest(house, pollbot)
    before = everything(house)
    view.view["callback_id"] = f"{name}_of_another_version"

    await house.slack.submit(ADA, view.id, values(view, FORMS[name].right, voice))
    await rest(house, pollbot)

    assert view.id in house.slack.views
    assert list(view.errors) == [inputs(view)[-1]]
    said = view.errors[inputs(view)[-1]]
    assert FROM_ANOTHER in said
    _is_a_sentence(said, "")
    assert everything(house) == before


async def test_of_a_form_without_fields_that_is_not_known_its_person_is_told_beside_it(
    house: House, pollbot: Pollbot
) -> None:
    view = await connected(house)
    body = copy.deepcopy(slack_payloads.view_submission(house.slack, view))
    body["view"] |= {"callback_id": "of_another_version", "blocks": []}
    body["view"]["state"] = json.loads('{"values": {}}')

    await house.slack.deliver(body, kind="interactive")

    await house.told(ADA, FROM_ANOTHER)
