"""The pretended Team Voice answers as the real one is described to."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.sandbox.team_voice.polls import SHAPES
from pollbot.sandbox.team_voice.stand_in import UnknownError

Ask = Callable[..., Any]
POLL = {
    "title": "Lunch?",
    "description": "",
    "options": [
        {"id": "1", "title": "Pizza", "order": 0},
        {"id": "2", "title": "Soup", "order": 1},
    ],
    "settings": {"resultsVisibility": "alwaysPublic", "mood": "hungry"},
    "colour": {"of": ["the", 1]},
}
ON_ISSUE = {"type": "polls", "workspace": "PLAT", "content": "PLAT-12"}
ON_PAGE = {"type": "polls", "workspace": "65601", "content": "98305", "container": "macro"}


@pytest.fixture
async def team_voice() -> AsyncIterator[TeamVoiceStandIn]:
    team_voice = TeamVoiceStandIn(now=lambda: 1_700_000_000.0)
    team_voice.add_token("any")
    team_voice.add_token("plat", {"PLAT"})
    await team_voice.start()
    yield team_voice
    await team_voice.stop()


@pytest.fixture
async def ask(team_voice: TeamVoiceStandIn) -> AsyncIterator[Ask]:
    async with aiohttp.ClientSession() as session:

        async def ask(method: str, body: Any = None, **query: str) -> tuple[int, Any]:
            given = {"token": "any"} | ON_ISSUE | query
            params = {name: value for name, value in given.items() if value}
            async with session.request(method, team_voice.url, params=params, json=body) as answer:
                is_json = answer.content_type == "application/json"
                return answer.status, await (answer.json() if is_json else answer.text())

        yield ask


@pytest.mark.parametrize("place", [ON_ISSUE, ON_PAGE], ids=["an issue", "a page"])
async def test_a_poll_keeps_whatever_json_it_was_given(
    team_voice: TeamVoiceStandIn, ask: Ask, place: dict[str, str]
) -> None:
    status, made = await ask("POST", POLL, **place)
    changed = made | {"title": "Dinner?", "more": None}

    assert (status, made) == (200, POLL | {"id": made["id"]})
    assert await ask("GET", **place) == (200, [made])
    assert await ask("PUT", changed, pollId=made["id"], **place) == (200, changed)
    assert await ask("GET", **place) == (200, [changed])
    assert await ask("DELETE", pollId=made["id"], **place) == (200, "")
    assert await ask("GET", **place) == (200, [])


async def test_a_poll_is_only_found_where_it_is(ask: Ask) -> None:
    _, made = await ask("POST", POLL)

    assert await ask("GET", content="PLAT-13") == (200, [])
    for method in ("PUT", "DELETE"):
        for wrong in ({"content": "PLAT-13"}, {"pollId": "nobody"}):
            query = {"pollId": made["id"]} | wrong
            status, _ = await ask(method, POLL, **query)
            assert status == 404


async def test_a_list_that_names_a_poll_which_is_not_there_is_not_found(ask: Ask) -> None:
    _, made = await ask("POST", POLL)

    assert await ask("GET", pollId=made["id"]) == (200, [made])
    for wrong in ({"pollId": "nobody"}, {"pollId": made["id"], "content": "PLAT-13"}):
        assert (await ask("GET", **wrong))[0] == 404


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_nobody_gets_in_without_a_token(ask: Ask, token: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        status, _ = await ask(method, POLL, token=token, pollId="1")
        assert status == 403


async def test_a_token_opens_its_own_projects_and_spaces_alone(ask: Ask) -> None:
    assert (await ask("GET", token="plat"))[0] == 200
    assert (await ask("GET", token="plat", workspace="APP", content="APP-1"))[0] == 403
    assert (await ask("POST", POLL, token="plat", **ON_PAGE))[0] == 403


@pytest.mark.parametrize(
    ("method", "missing"),
    [
        ("GET", {"type": ""}),
        ("GET", {"type": "votes"}),
        ("GET", {"workspace": ""}),
        ("POST", {"content": ""}),
        ("GET", ON_PAGE | {"container": ""}),
        ("PUT", {"pollId": ""}),
        ("DELETE", {"pollId": ""}),
    ],
)
async def test_a_required_field_that_is_missing_is_a_bad_request(
    ask: Ask, method: str, missing: dict[str, str]
) -> None:
    status, _ = await ask(method, POLL, **missing)

    assert status == 400


@pytest.mark.parametrize("body", [None, [], "x", {"title": "?"}, {"options": ["a"]}])
async def test_a_body_that_is_no_poll_is_not_kept(
    team_voice: TeamVoiceStandIn, ask: Ask, body: Any
) -> None:
    status, _ = await ask("POST", body)

    assert status == 400
    assert team_voice.polls == {}


@pytest.mark.parametrize("shape", SHAPES)
async def test_results_come_only_where_they_are_asked_for_in_the_shape_that_was_set(
    team_voice: TeamVoiceStandIn, ask: Ask, shape: str
) -> None:
    kept = team_voice.add_poll("PLAT", "PLAT-12", "Lunch?", ("Pizza", "Soup"))
    team_voice.answer_inside(kept.id, "ada", ["2"])
    team_voice.results_shape = shape

    _, plain = await ask("GET")
    _, expanded = await ask("GET", expand="results")

    assert plain == [kept.poll]
    assert expanded == [kept.poll | SHAPES[shape](kept)]
    assert (expanded == plain) is (shape == "none")


def test_answers_inside_are_set_changed_and_withdrawn_by_whoever_gives_them() -> None:
    team_voice = TeamVoiceStandIn()
    changes: list[str] = []
    kept = team_voice.add_poll("PLAT", "PLAT-12", "Lunch?", ("Pizza", "Soup"))
    team_voice.on_change.append(lambda: changes.append("x"))

    team_voice.answer_inside(kept.id, "ada", ["1"])
    team_voice.answer_inside(kept.id, "ada", ["2"])
    team_voice.answer_inside(kept.id, "ben", ["2"])
    assert (kept.count("1"), kept.count("2"), len(kept.answers)) == (0, 2, 2)
    team_voice.answer_inside(kept.id, "ada", [])

    assert kept.answers == {"ben": {"2"}}
    assert len(changes) == 4
    with pytest.raises(ValueError, match="one answer"):
        team_voice.answer_inside(kept.id, "ada", ["1", "2"])
    for poll_id, option in ((kept.id, "9"), ("nobody", "1")):
        with pytest.raises(UnknownError):
            team_voice.answer_inside(poll_id, "ada", [option])
    assert kept.answers == {"ben": {"2"}}


async def test_an_option_that_is_removed_takes_its_answers_with_it(
    team_voice: TeamVoiceStandIn, ask: Ask
) -> None:
    kept = team_voice.add_poll("PLAT", "PLAT-12", "Lunch?", ("Pizza", "Soup"))
    team_voice.answer_inside(kept.id, "ada", ["2"])

    await ask("PUT", kept.poll | {"options": kept.poll["options"][:1]}, pollId=kept.id)

    assert (kept.count("1"), len(kept.answers)) == (0, 0)


async def test_in_html_mode_every_answer_is_a_login_page_and_nothing_changes(
    team_voice: TeamVoiceStandIn, ask: Ask
) -> None:
    team_voice.html_mode = True

    for method in ("GET", "POST", "PUT", "DELETE"):
        status, text = await ask(method, POLL, pollId="1")
        assert (status, "Log in" in text) == (200, True)
    assert team_voice.polls == {}


async def test_faults_hit_one_verb_and_calls_are_noted_without_the_token(
    team_voice: TeamVoiceStandIn, ask: Ask
) -> None:
    team_voice.faults.fail_next("GET polls", 500)
    team_voice.faults.lose_next_answer("POST polls")

    assert (await ask("GET", expand="results"))[0] == 500
    with pytest.raises(aiohttp.ClientError):
        await ask("POST", POLL)
    team_voice.faults.mode = "429"
    assert (await ask("DELETE", pollId="7"))[0] == 429

    noted = [(c.method, c.content, c.poll_id, c.expand, c.status) for c in team_voice.calls]
    assert noted == [
        ("GET", "PLAT-12", None, "results", 500),
        ("POST", "PLAT-12", None, None, 0),
        ("DELETE", "PLAT-12", "7", None, 429),
    ]
    assert team_voice.calls[1].body == POLL
    assert len(team_voice.polls) == 1, "the answer was lost, not the poll"
    assert "any" not in repr(team_voice.calls)
