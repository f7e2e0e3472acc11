"""The Team Voice client, over real HTTP: what it keeps, what failures mean, and its secret."""

import copy
import json
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from pollbot.errors import (
    PollbotError,
    PollGone,
    SourceError,
    SourceRefused,
    SourceUnavailable,
)
from pollbot.polls.rules import Draft, Option, PollSettings, Visibility
from pollbot.polls.sources.team_voice.client import Endpoint, Place, TeamVoice
from pollbot.polls.sources.team_voice.polls import (
    edited,
    read_json,
    read_poll,
    without_results,
    write_json,
)
from pollbot.polls.sources.team_voice.refusals import NotInList
from pollbot.polls.tally import Part
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.sandbox.team_voice.polls import SHAPES
from pollbot.sandbox.team_voice.stand_in import LOGIN_PAGE
from tests.support.refusals import refuses, sentence

TOKEN = "tv&token/with=marks"
ISSUE = Place("PLAT", "PLAT-12")
ON_PAGE = Place("65601", "98305", "3f6c-macro")
PLACED = {"token", "type", "workspace", "content"}
CLOSING = datetime(2026, 11, 21, 17, 0, tzinfo=UTC).timestamp()
LUNCH = Draft("Lunch?", ("Pizza", "Soup"), "On Friday", PollSettings(comments=True))

Json = dict[str, Any]


@pytest.fixture
async def site() -> AsyncIterator[TeamVoiceStandIn]:
    team_voice = TeamVoiceStandIn()
    team_voice.add_token(TOKEN, {"PLAT", "65601"})
    await team_voice.start()
    yield team_voice
    await team_voice.stop()


@pytest.fixture
def client(http: httpx.AsyncClient) -> TeamVoice:
    return TeamVoice(http)


@pytest.fixture
def endpoint(site: TeamVoiceStandIn) -> Endpoint:
    return Endpoint(site.url, TOKEN)


def raw_poll(**more: Any) -> Json:
    return {
        "id": "ee91",
        "title": "Lunch?",
        "description": "",
        "options": [
            {"id": "1", "title": "Pizza", "order": 0},
            {"id": "2", "title": "Soup", "order": 1},
        ],
        "settings": {"resultsVisibility": "alwaysPublic", "endDate": "", "allowRevote": True},
        **more,
    }


def edit_title(raw: Json, title: str = "Dinner?", **changes: Any) -> Json:
    """Change the title alone, as the form does: everything else is said again as it was read."""
    poll = read_poll(raw)
    in_order = sorted(poll.options, key=lambda option: option.order)
    options = changes.pop("options", [(option.id, option.title) for option in in_order])
    settings = replace(poll.settings, **changes)
    return edited(raw, Draft(title, (), poll.description, settings), options)


# Reading and writing


@pytest.mark.parametrize("place", [ISSUE, ON_PAGE], ids=["an issue", "a page"])
async def test_a_poll_is_created_changed_and_deleted_where_it_belongs(
    site: TeamVoiceStandIn, client: TeamVoice, endpoint: Endpoint, place: Place
) -> None:
    made = await client.create(endpoint, place, LUNCH)
    changed = await client.change(endpoint, place, made.id, edit_title)
    [seen] = await client.polls(endpoint, place, results=False)
    await client.delete(endpoint, place, made.id)

    assert made.options == (Option("1", "Pizza", 0), Option("2", "Soup", 1))
    assert (made.title, made.description, made.settings) == ("Lunch?", "On Friday", LUNCH.settings)
    assert changed == replace(made, title="Dinner?", sent=changed.sent)
    assert seen == changed
    assert site.polls == {}
    asked = [(c.method, c.workspace, c.content, c.container, c.poll_id) for c in site.calls]
    where = (place.workspace, place.content, place.container)
    assert asked == [
        ("POST", *where, None),
        ("GET", *where, None),
        ("PUT", *where, made.id),
        ("GET", *where, None),
        ("DELETE", *where, made.id),
    ]


@pytest.mark.parametrize(
    ("place", "names"),
    [(ISSUE, PLACED), (ON_PAGE, PLACED | {"container"})],
    ids=["an issue", "a page"],
)
async def test_each_operation_asks_with_what_its_page_names_and_nothing_else(
    http: httpx.AsyncClient, place: Place, names: set[str]
) -> None:
    team_voice = TeamVoiceStandIn()
    heard: list[tuple[str, set[str], str]] = []

    @web.middleware
    async def hear(request: web.Request, handler: Any) -> web.StreamResponse:
        heard.append((request.method, set(request.query), request.query["type"]))
        answer: web.StreamResponse = await handler(request)
        return answer

    team_voice.app.middlewares.append(hear)
    team_voice.add_token(TOKEN)
    await team_voice.start()
    client, endpoint = TeamVoice(http), Endpoint(team_voice.url, TOKEN)
    made = await client.create(endpoint, place, LUNCH)
    await client.polls(endpoint, place)
    await client.change(endpoint, place, made.id, edit_title)
    await client.delete(endpoint, place, made.id)
    await team_voice.stop()

    assert heard == [
        ("POST", names, "polls"),
        ("GET", names | {"expand"}, "polls"),
        ("GET", names, "polls"),
        ("PUT", names | {"pollId"}, "polls"),
        ("DELETE", names | {"pollId"}, "polls"),
    ]


async def test_a_new_poll_says_all_eight_settings_in_team_voices_words(
    site: TeamVoiceStandIn, client: TeamVoice, endpoint: Endpoint
) -> None:
    settings = PollSettings(
        several=True,
        ends_at=CLOSING,
        closes_at_end=True,
        percent_only=True,
        changeable=False,
        names=False,
        comments=True,
    )

    made = await client.create(endpoint, ISSUE, replace(LUNCH, settings=settings))

    assert site.calls[-1].body == {
        "title": "Lunch?",
        "description": "On Friday",
        "options": [
            {"id": "1", "title": "Pizza", "order": 0},
            {"id": "2", "title": "Soup", "order": 1},
        ],
        "settings": {
            "allowSelectionOfMultipleOptions": True,
            "resultsVisibility": "alwaysPublic",
            "endDate": "2026-11-21T17:00:00Z",
            "hideAbsoluteNumbers": True,
            "allowRevote": False,
            "saveParticipantNames": False,
            "closePollOnEndDate": True,
            "allowComment": True,
        },
    }
    assert made.settings == settings


@pytest.mark.parametrize("visibility", [Visibility.AFTER_VOTE, Visibility.AFTER_CLOSE])
async def test_a_visibility_that_is_not_documented_is_never_sent(
    site: TeamVoiceStandIn, client: TeamVoice, endpoint: Endpoint, visibility: Visibility
) -> None:
    made = await client.create(endpoint, ISSUE, LUNCH)
    hidden = PollSettings(visibility=visibility)

    with pytest.raises(ValueError, match=visibility.value):
        await client.create(endpoint, ISSUE, replace(LUNCH, settings=hidden))
    with pytest.raises(ValueError, match=visibility.value):
        await client.change(
            endpoint, ISSUE, made.id, lambda raw: edit_title(raw, visibility=visibility)
        )

    assert [call.method for call in site.calls] == ["POST", "GET"]


async def test_a_change_starts_from_what_team_voice_has_at_that_moment(
    site: TeamVoiceStandIn, client: TeamVoice, endpoint: Endpoint
) -> None:
    made = await client.create(endpoint, ISSUE, LUNCH)
    site.polls[made.id].poll["description"] = "changed in Jira"

    await client.change(endpoint, ISSUE, made.id, lambda raw: raw | {"title": "Dinner?"})

    assert site.polls[made.id].poll["description"] == "changed in Jira"
    assert site.polls[made.id].title == "Dinner?"


async def test_a_poll_that_is_not_listed_cannot_be_changed_and_counts_as_deleted(
    site: TeamVoiceStandIn, client: TeamVoice, endpoint: Endpoint
) -> None:
    made = await client.create(endpoint, ISSUE, LUNCH)
    await client.delete(endpoint, ISSUE, made.id)

    await client.delete(endpoint, ISSUE, made.id)
    with refuses(NotInList, says="or its list is behind"):
        await client.change(endpoint, ISSUE, made.id, edit_title)

    assert [(call.method, call.status) for call in site.calls[1:]] == [
        ("DELETE", 200),
        ("DELETE", 404),
        ("GET", 200),
    ]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
async def test_a_page_in_place_of_an_answer_refuses_and_deletes_nothing(
    site: TeamVoiceStandIn, client: TeamVoice, endpoint: Endpoint, method: str, status: int
) -> None:
    made = await client.create(endpoint, ISSUE, LUNCH)
    site.faults.fail_next(f"{method} polls", status, LOGIN_PAGE)
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "GET": lambda: client.polls(endpoint, ISSUE),
        "POST": lambda: client.create(endpoint, ISSUE, LUNCH),
        "PUT": lambda: client.change(endpoint, ISSUE, made.id, edit_title),
        "DELETE": lambda: client.delete(endpoint, ISSUE, made.id),
    }

    with refuses(SourceUnavailable, says="something that pollbot does not understand"):
        await calls[method]()


async def test_a_poll_that_goes_away_between_the_reading_and_the_change_is_gone(
    site: TeamVoiceStandIn, client: TeamVoice, endpoint: Endpoint
) -> None:
    made = await client.create(endpoint, ISSUE, LUNCH)
    site.faults.fail_next("PUT polls", 404)

    with refuses(PollGone, says="deleted"):
        await client.change(endpoint, ISSUE, made.id, edit_title)


async def test_trying_out_reads_and_changes_nothing(
    site: TeamVoiceStandIn, client: TeamVoice, endpoint: Endpoint
) -> None:
    await client.try_out(endpoint, ISSUE)
    with pytest.raises(SourceRefused):
        await client.try_out(Endpoint(site.url, "wrong"), ISSUE)
    with pytest.raises(SourceRefused):
        await client.try_out(endpoint, Place("APP", "APP-1"))

    assert {call.method for call in site.calls} == {"GET"}


async def test_a_query_that_was_pasted_with_the_address_is_left_out(
    site: TeamVoiceStandIn, client: TeamVoice
) -> None:
    await client.try_out(Endpoint(f"{site.url}?token=old&type=polls", TOKEN), ISSUE)

    assert site.calls[-1].status == 200


# Results


async def three_answers(
    site: TeamVoiceStandIn, client: TeamVoice, endpoint: Endpoint, shape: str
) -> tuple[Part | None, bool, str]:
    site.results_shape = shape
    poll = site.add_poll(
        "PLAT",
        "PLAT-12",
        "Lunch?",
        ("Pizza", "Soup", "Salad"),
        settings={"allowSelectionOfMultipleOptions": True},
    )
    for who, chosen in (("ada-lovell", "12"), ("ben-okri", "1")):
        site.answer_inside(poll.id, who, chosen)
    [seen] = await client.polls(endpoint, ISSUE)
    return seen.answers, seen.understood, seen.sent


WITH_PEOPLE = ("list", "map", "in options")
WITHOUT_PEOPLE = ("bare list", "list of values", "bare map", "map of objects")


@pytest.mark.parametrize("shape", [*WITH_PEOPLE, *WITHOUT_PEOPLE])
async def test_results_are_read_in_any_shape_that_one_can_expect(
    site: TeamVoiceStandIn, client: TeamVoice, endpoint: Endpoint, shape: str
) -> None:
    answers, understood, raw = await three_answers(site, client, endpoint, shape)

    people = 2 if shape in WITH_PEOPLE else None
    assert (answers, understood) == (Part({"1": 2, "2": 1, "3": 0}, people), True)
    assert "ada-lovell" not in raw
    assert "votes" not in raw


@pytest.mark.parametrize("shape", ["nonsense", "words", "negative", "strangers"])
async def test_results_that_nobody_knows_are_not_guessed(
    site: TeamVoiceStandIn, client: TeamVoice, endpoint: Endpoint, shape: str
) -> None:
    answers, understood, _ = await three_answers(site, client, endpoint, shape)

    assert (answers, understood) == (None, False)


async def test_no_results_are_not_zero_answers(
    site: TeamVoiceStandIn, client: TeamVoice, endpoint: Endpoint
) -> None:
    answers, understood, _ = await three_answers(site, client, endpoint, "none")

    assert (answers, understood) == (None, True)
    assert set(SHAPES) == {*WITH_PEOPLE, *WITHOUT_PEOPLE} | {
        "nonsense",
        "words",
        "negative",
        "strangers",
        "none",
    }


UNREADABLE: dict[str, Any] = {
    "a word": "3 votes",
    "a number": 3,
    "a flag": True,
    "a list of numbers": [1, 2],
    "a list of nulls": [None],
    "one option twice": [{"id": "1", "votes": 1}, {"id": "1", "votes": 2}],
    "an option that is not there": [{"id": "9", "votes": 1}],
    "no number": [{"id": "1"}],
    "a flag for a number": {"1": True},
    "half an answer": {"1": 1.5},
    "a number in quotes": {"1": "3"},
    "a total among the options": {"1": 3, "total": 3},
    "voters in place of a number": [{"id": "1", "votes": [{"name": "Ada"}]}],
    "answers by nobody": {"options": [{"id": "1", "votes": 3}], "participants": 0},
    "people without answers": {"options": [{"id": "1", "votes": 0}], "participants": 3},
}


@pytest.mark.parametrize("results", UNREADABLE.values(), ids=UNREADABLE)
def test_results_with_any_doubt_in_them_are_not_understood(results: Any) -> None:
    poll = read_poll(raw_poll(results=results))

    assert (poll.answers, poll.understood) == (None, False)


READABLE: dict[str, tuple[Any, Part]] = {
    "an empty list": ([], Part({"1": 0, "2": 0}, None)),
    "whole numbers written with a point": ({"1": 2.0}, Part({"1": 2, "2": 0}, None)),
    "numbers as ids": ([{"id": 1, "votes": 2}], Part({"1": 2, "2": 0}, None)),
    "options as objects": ([{"option": {"id": "2"}, "count": 4}], Part({"1": 0, "2": 4}, None)),
    "people beside a map": ({"1": 2, "participants": 2}, Part({"1": 2, "2": 0}, 2)),
    "people in a word": (
        {"options": [{"id": "1", "votes": 2}], "participants": "two"},
        Part({"1": 2, "2": 0}, None),
    ),
    "a total beside the options": (
        {"options": {"1": {"votes": 2}}, "total": 2},
        Part({"1": 2, "2": 0}, None),
    ),
}


@pytest.mark.parametrize(("results", "part"), READABLE.values(), ids=READABLE)
def test_results_without_doubt_are_understood(results: Any, part: Part) -> None:
    poll = read_poll(raw_poll(results=results))

    assert (poll.answers, poll.understood) == (part, True)


def test_a_place_on_a_scale_is_no_number_of_answers() -> None:
    raw = raw_poll()
    for option in raw["options"]:
        option["value"] = 5

    poll = read_poll(raw)

    assert (poll.answers, poll.understood) == (None, True)
    assert json.loads(poll.sent) == raw


# What nobody here knows


def test_an_unknown_visibility_is_taken_for_the_strictest_and_kept() -> None:
    raw = raw_poll(settings={"resultsVisibility": "onlyManagers"})

    poll = read_poll(raw)
    changed = edit_title(raw)

    assert poll.settings.visibility is Visibility.AFTER_CLOSE
    assert changed == raw | {"title": "Dinner?"}


def test_an_unknown_visibility_gives_way_only_to_one_that_was_really_chosen() -> None:
    raw = raw_poll(settings={"resultsVisibility": "onlyManagers", "mood": 1})

    changed = edit_title(raw, "Lunch?", visibility=Visibility.ALWAYS)

    assert changed["settings"] == {"resultsVisibility": "alwaysPublic", "mood": 1}


@pytest.mark.parametrize(
    ("name", "value", "field", "read"),
    [
        ("hideAbsoluteNumbers", "sometimes", "percent_only", True),
        ("saveParticipantNames", "initials", "names", False),
        ("allowRevote", None, "changeable", True),
        ("allowComment", "moderated", "comments", False),
    ],
)
def test_an_unknown_value_is_read_as_what_shows_less_and_is_kept(
    name: str, value: Any, field: str, read: bool
) -> None:
    raw = raw_poll()
    raw["settings"][name] = value

    assert getattr(read_poll(raw).settings, field) is read
    assert edit_title(raw)["settings"] == raw["settings"]
    changes: Any = {field: not read}
    assert edit_title(raw, **changes)["settings"][name] is (not read)


DATES: dict[str, tuple[Any, float | None]] = {
    "none": ("", None),
    "null": (None, None),
    "with a zone": ("2026-11-21T18:00:00+01:00", CLOSING),
    "in UTC": ("2026-11-21T17:00:00Z", CLOSING),
    "with thousandths": ("2026-11-21T17:00:00.000Z", CLOSING),
    "without a zone": ("2026-11-21T17:00:00", CLOSING),
    "a day": ("2026-11-21", CLOSING - 17 * 3600),
    "seconds": (CLOSING, CLOSING),
    "thousandths of seconds": (int(CLOSING * 1000), CLOSING),
    "seconds in quotes": (str(int(CLOSING)), CLOSING),
    "words": ("next Friday", None),
    "a small number": (7, None),
    "a huge number": (10**400, None),
    "a flag": (True, None),
    "a list": ([2026, 11, 21], None),
    "a date long ago": ("0001-01-01T00:00:00Z", None),
}


@pytest.mark.parametrize(("value", "moment"), DATES.values(), ids=DATES)
def test_an_end_is_read_where_there_is_no_doubt_and_always_kept(
    value: Any, moment: float | None
) -> None:
    raw = raw_poll(settings={"resultsVisibility": "alwaysPublic", "endDate": value})

    assert read_poll(raw).settings.ends_at == moment
    assert edit_title(raw)["settings"] == raw["settings"]


def test_a_new_end_is_written_as_iso_or_in_the_numbers_that_the_poll_already_uses() -> None:
    def written(before: Any, moment: float | None) -> Any:
        raw = raw_poll(settings={"resultsVisibility": "alwaysPublic", "endDate": before})
        return edit_title(raw, ends_at=moment)["settings"]["endDate"]

    later = CLOSING + 3600
    assert written("", later) == "2026-11-21T18:00:00Z"
    assert written("next Friday", later) == "2026-11-21T18:00:00Z"
    assert written(int(CLOSING * 1000), later) == int(later * 1000)
    assert written(int(CLOSING), later) == int(later)
    assert written("2026-11-21T17:00:00Z", None) == ""


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
RESULT_NAMES = {"results", "votes", "count"}
UNKNOWN = st.dictionaries(
    st.text(min_size=1).filter(lambda name: name not in RESULT_NAMES), ANYTHING, max_size=4
)
KNOWN_SETTINGS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        (
            "resultsVisibility",
            "endDate",
            "hideAbsoluteNumbers",
            "saveParticipantNames",
            "allowRevote",
        ),
        ANYTHING,
    ),
)


@st.composite
def strange_polls(draw: st.DrawFn) -> Json:
    """Any poll that keeps to what is documented, and has whatever else besides."""
    ids = draw(st.lists(st.text("abc123", min_size=1, max_size=4), unique=True, max_size=5))
    poll = draw(UNKNOWN) | {
        "id": "ee91",
        "title": draw(st.text()),
        "description": draw(st.none() | st.text()),
        "options": [
            draw(UNKNOWN) | {"id": one, "title": draw(st.text()), "order": draw(st.integers())}
            for one in ids
        ],
    }
    settings = draw(st.none() | UNKNOWN)
    if settings is not None:
        poll["settings"] = settings | draw(KNOWN_SETTINGS)
    return poll


@given(strange_polls(), st.text(), st.booleans())
def test_a_poll_with_anything_in_it_comes_back_as_it_was_but_for_the_edit(
    poll: Json, title: str, several: bool
) -> None:
    before = copy.deepcopy(poll)
    sent = read_json(write_json(poll).encode())

    changed = read_json(
        write_json(without_results(edit_title(sent, title, several=several))).encode()
    )

    expected = copy.deepcopy(before)
    if read_poll(before).title != title:
        expected["title"] = title
    if read_poll(before).settings.several != several:
        expected["settings"] = (expected.get("settings") or {}) | {
            "allowSelectionOfMultipleOptions": several
        }
    assert changed == expected
    assert poll == before
    assert json.loads(read_poll(sent).sent) == before


async def test_a_poll_with_unknown_fields_goes_there_and_back_unchanged(
    site: TeamVoiceStandIn, client: TeamVoice, endpoint: Endpoint
) -> None:
    kept = site.add_poll(
        "PLAT",
        "PLAT-12",
        "Lunch?",
        ("Pizza", "Soup"),
        settings={"resultsVisibility": "onlyManagers", "reminders": {"every": [1, 2.5]}},
        theme={"colour": "🍕", "half": "\ud83c", "sizes": [1, None, 1e300]},
        version=2**70,
    )
    kept.poll["options"][1]["picture"] = {"url": "soup.png"}
    before = copy.deepcopy(kept.poll)

    [seen] = await client.polls(endpoint, ISSUE)
    await client.change(endpoint, ISSUE, kept.id, edit_title)

    assert json.loads(seen.sent) == before
    assert kept.poll == before | {"title": "Dinner?"}


async def test_results_are_never_sent_back(
    site: TeamVoiceStandIn, client: TeamVoice, endpoint: Endpoint
) -> None:
    kept = site.add_poll("PLAT", "PLAT-12", "Lunch?", ("Pizza", "Soup"))
    kept.poll |= {"results": {"1": 3}, "participants": ["Ada"]}
    kept.poll["options"][0] |= {"votes": 3, "colour": "red"}

    await client.change(endpoint, ISSUE, kept.id, edit_title)

    put = site.calls[-1].body
    assert (put["options"][0], put["title"]) == (
        {"id": "1", "title": "Pizza", "order": 0, "colour": "red"},
        "Dinner?",
    )
    assert "results" not in put
    assert "participants" not in put


# Editing options


def edit_options(
    options: list[tuple[str | None, str]], raw: Json | None = None, **more: Any
) -> list[Json]:
    poll = raw or raw_poll()
    draft = Draft("Lunch?", (), "", read_poll(poll).settings)
    changed = edited(poll, draft, options, **more)
    return list(changed["options"])


def test_options_are_renamed_moved_removed_and_added_by_their_ids() -> None:
    raw = raw_poll()
    raw["options"][1]["colour"] = "red"

    options = edit_options([("2", "Hot soup"), (None, "Salad"), (None, "Stew")], raw)

    assert options == [
        {"id": "2", "title": "Hot soup", "order": 0, "colour": "red"},
        {"id": "3", "title": "Salad", "order": 1},
        {"id": "4", "title": "Stew", "order": 2},
    ]


def test_an_id_that_was_ever_taken_is_not_given_again() -> None:
    options = edit_options([("1", "Pizza"), (None, "Salad")], taken={"2", "7", "x"})

    assert [option["id"] for option in options] == ["1", "8"]


def test_an_option_that_came_in_jira_meanwhile_stays() -> None:
    options = edit_options([("1", "Pizza"), (None, "Salad")], shown={"1"})

    assert [(o["id"], o["title"], o["order"]) for o in options] == [
        ("1", "Pizza", 0),
        ("3", "Salad", 1),
        ("2", "Soup", 2),
    ]


def test_an_option_that_vanished_in_jira_meanwhile_comes_back_under_its_id() -> None:
    options = edit_options([("1", "Pizza"), ("9", "Salad")])

    assert options[1] == {"id": "9", "title": "Salad", "order": 1}


def test_numbers_of_options_stay_as_they_are_while_none_is_moved() -> None:
    raw = raw_poll()
    raw["options"][0]["order"], raw["options"][1]["order"] = 20, 10

    options = edit_options([("2", "Hot soup"), ("1", "Pizza")], raw)

    assert [(option["id"], option["order"]) for option in options] == [("1", 20), ("2", 10)]


# What failures mean


Act = Callable[[TeamVoice, Endpoint], Awaitable[object]]
ACTS: dict[str, tuple[str, Act, str]] = {
    "polls": ("GET polls", lambda c, e: c.polls(e, ISSUE), "Nothing was changed"),
    "try out": ("GET polls", lambda c, e: c.try_out(e, ISSUE), "Nothing was changed"),
    "create": ("POST polls", lambda c, e: c.create(e, ISSUE, LUNCH), "may have been created"),
    "change": ("PUT polls", lambda c, e: c.change(e, ISSUE, "P", edit_title), "may have been made"),
    "delete": ("DELETE polls", lambda c, e: c.delete(e, ISSUE, "P"), "may have been deleted"),
}
STATUSES: dict[str, tuple[int, str, type[Exception]]] = {
    "400": (400, '{"error": "Required field"}', SourceError),
    "401": (401, "", SourceRefused),
    "403": (403, "", SourceRefused),
    "408": (408, "", SourceUnavailable),
    "410": (410, "", SourceError),
    "429": (429, "", SourceUnavailable),
    "500": (500, "boom", SourceUnavailable),
    "502 with a page": (502, LOGIN_PAGE, SourceUnavailable),
    "302": (302, "", SourceUnavailable),
    "200 with a page": (200, LOGIN_PAGE, SourceUnavailable),
    "a cut line": (0, "", SourceUnavailable),
}


@pytest.mark.parametrize(("name", "act", "unsure"), ACTS.values(), ids=ACTS)
@pytest.mark.parametrize(("status", "body", "error"), STATUSES.values(), ids=STATUSES)
async def test_each_failure_is_its_own_error_with_a_sentence_that_names_team_voice(
    site: TeamVoiceStandIn,
    client: TeamVoice,
    endpoint: Endpoint,
    name: str,
    act: Act,
    unsure: str,
    status: int,
    body: str,
    error: type[Exception],
) -> None:
    kept = site.add_poll("PLAT", "PLAT-12", "Lunch?", ("Pizza", "Soup"))
    site.polls["P"] = kept
    kept.poll["id"] = "P"
    site.faults.fail_next(name, status, body, {"Location": "/elsewhere"})

    with pytest.raises(error) as failure:
        await act(client, endpoint)

    assert isinstance(failure.value, PollbotError)
    said = sentence(failure.value)
    refused = status in (400, 401, 403, 410, 429)
    assert "Team Voice" in said
    assert ("Nothing was changed" if refused else unsure) in said
    assert not isinstance(failure.value, PollGone)


@pytest.mark.parametrize("act", [ACTS["polls"][1], ACTS["create"][1]], ids=["polls", "create"])
async def test_a_wrong_address_is_not_taken_for_a_poll_that_was_deleted(
    site: TeamVoiceStandIn, client: TeamVoice, act: Act
) -> None:
    with refuses(SourceError, says="address") as failure:
        await act(client, Endpoint(f"{site.base_url}/elsewhere", TOKEN))

    assert not isinstance(failure.value, PollGone)
    assert "404" in sentence(failure.value)


@pytest.mark.parametrize(
    "url",
    ["", "team voice", "ftp://acme.example", "http://[", "http://acme.example:port", "http://"],
)
async def test_an_address_that_is_none_is_said_so(client: TeamVoice, url: str) -> None:
    with refuses((SourceError, SourceUnavailable), says="Team Voice"):
        await client.polls(Endpoint(url, TOKEN), ISSUE)


async def test_what_was_never_sent_changed_nothing(
    site: TeamVoiceStandIn, client: TeamVoice, endpoint: Endpoint
) -> None:
    await site.stop()

    with refuses(SourceUnavailable, says="Nothing was changed") as failure:
        await client.create(endpoint, ISSUE, LUNCH)

    assert failure.value.why == "ConnectError"


async def test_an_answer_that_comes_too_late_leaves_it_open_whether_the_poll_is_there(
    site: TeamVoiceStandIn, client: TeamVoice, http: httpx.AsyncClient, endpoint: Endpoint
) -> None:
    http.timeout = httpx.Timeout(10, read=0.2)
    site.faults.mode, site.faults.slow_seconds = "slow", 1.0

    with refuses(SourceUnavailable, says="may have been created") as failure:
        await client.create(endpoint, ISSUE, LUNCH)

    assert failure.value.why == "ReadTimeout"


async def test_a_429_says_how_long_to_wait(
    site: TeamVoiceStandIn, client: TeamVoice, endpoint: Endpoint
) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    pauses = []
    for header in ({"Retry-After": "7"}, {"Retry-After": soon}, {"Retry-After": "²"}, {}):
        site.faults.fail_next("GET polls", 429, "", header)
        with pytest.raises(SourceUnavailable) as failure:
            await client.polls(endpoint, ISSUE)
        pauses.append(failure.value.retry_after)

    assert pauses[0] == 7
    assert 3400 < pauses[1] <= 3600
    assert pauses[2:] == [5, 5]


ANSWERS: dict[str, str] = {
    "a page": LOGIN_PAGE,
    "nothing": "",
    "half an answer": '[{"id": "1"',
    "an object": '{"polls": []}',
    "a list of words": '["Lunch?"]',
    "a poll without an id": json.dumps([raw_poll(id=None)]),
    "a poll without options": json.dumps([raw_poll(options=None)]),
    "options that are words": json.dumps([raw_poll(options=["Pizza", "Soup"])]),
    "two options with one id": json.dumps([raw_poll(options=[{"id": "1"}, {"id": "1"}])]),
    "a good one and a bad one": json.dumps([raw_poll(), {"title": "?"}]),
    "no number": '[{"id": "1", "options": [], "x": NaN}]',
    "a number without end": '[{"id": "1", "options": [], "x": 1e999}]',
    "a well without bottom": "[" * 100_000,
}


@pytest.mark.parametrize("body", ANSWERS.values(), ids=ANSWERS)
async def test_an_answer_that_is_no_list_of_polls_is_not_understood_as_one(
    site: TeamVoiceStandIn, client: TeamVoice, endpoint: Endpoint, body: str
) -> None:
    site.faults.fail_next("GET polls", 200, body)

    with refuses(SourceUnavailable, says="does not understand"):
        await client.polls(endpoint, ISSUE)


# The secret


async def test_neither_token_nor_address_is_ever_logged_or_repeated(
    site: TeamVoiceStandIn,
    client: TeamVoice,
    endpoint: Endpoint,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # The stand-in's own server logs addresses at this level; the client is what is looked at.
    for server in ("aiohttp.access", "aiohttp.server", "aiohttp.web"):
        caplog.set_level(logging.CRITICAL, logger=server)
    caplog.set_level(logging.DEBUG)
    made = await client.create(endpoint, ISSUE, LUNCH)
    said = [repr(endpoint), str(endpoint), repr(client), repr(made)]
    bad = [
        Endpoint(site.url, f"{TOKEN}-wrong"),
        Endpoint("http://127.0.0.1:1/x1/secret-path", TOKEN),
        Endpoint("http://acme.example:port/x1/secret-path", TOKEN),
        Endpoint("ftp://acme.example/x1/secret-path", TOKEN),
    ]

    attempts: list[tuple[Endpoint, str, Act]] = [
        (one, name, act) for one in bad for name, act, _ in ACTS.values()
    ]
    attempts += [(endpoint, name, act) for name, act, _ in ACTS.values() for _ in STATUSES]
    statuses = [*STATUSES.values()] * len(ACTS)
    chained: list[BaseException | None] = []
    for (where, name, act), (status, body, _) in zip(
        attempts, [(200, "", Exception)] * len(bad) * len(ACTS) + statuses, strict=True
    ):
        site.faults.fail_next(name, status, body or TOKEN, {"Location": "http://bad:port/"})
        try:
            said.append(repr(await act(client, where)))
        except PollbotError as error:
            said += [
                sentence(error),
                repr(error),
                str(vars(error)),
                *traceback.format_exception(error),
            ]
            chained += [error.__cause__, error.__context__]

    assert [record for record in caplog.records if record.name == "httpx"], "it does log"
    assert not [error for error in chained if isinstance(error, httpx.HTTPError)]
    for text in [*said, caplog.text]:
        for secret in (TOKEN, "tv%26token", "with%3Dmarks", "token=", "secret-path", "workspace="):
            assert secret not in text
