"""The pretended world over HTTP: what its page is told, and what people can do on it."""

import asyncio
import json
import math
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

import pollbot
from pollbot.errors import StartError
from pollbot.sandbox.world import World, demo, opened, settings_for
from pollbot.sandbox.world.seed import (
    ADA,
    BEN,
    CLEO,
    COMMANDS,
    LEADS,
    PLANNING,
    RANDOM,
    RELEASE_PLAN,
    RELEASE_PLAN_MACRO,
    TEAM_VOICE_TOKEN,
)
from pollbot.settings import Settings
from tests.support.own_time import Clock

State = dict[str, Any]
MANIFEST = Path(__file__).parents[3] / "manifest.yml"
NO_HOST = ("http://", "https://", "//")


class Page:
    """What a browser does: it posts, and it listens to the stream of states."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self.session = session
        self.address = address

    async def do(self, what: str, **body: Any) -> str | None:
        """Return the words the person is shown, None if all went well."""
        async with self.session.post(f"{self.address}/world/{what}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            said = await answer.json()
        assert said["ok"] == (said["error"] is None)
        return str(said["error"]) if said["error"] is not None else None

    async def states(self, viewer: str) -> AsyncIterator[State]:
        url = f"{self.address}/world/events"
        async with self.session.get(url, params={"viewer": viewer}) as stream:
            assert stream.content_type == "text/event-stream"
            async for line in stream.content:
                if line.startswith(b"data: "):
                    yield json.loads(line.removeprefix(b"data: "))

    async def see(
        self, viewer: str, condition: Callable[[State], Any] = lambda state: True
    ) -> State:
        """Return the first state in which the condition holds."""
        last: State = {}
        try:
            async with asyncio.timeout(5):
                async for last in self.states(viewer):
                    if condition(last):
                        return last
        except TimeoutError:
            pass
        raise AssertionError(f"never shown; last: {json.dumps(last, indent=1)[:3000]}")


@asynccontextmanager
async def page_of(world: World) -> AsyncIterator[Page]:
    # The streams are read for as long as a test likes, and a line holds a whole state.
    async with aiohttp.ClientSession(read_bufsize=2**22) as session:
        yield Page(session, world.address)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """The world without pollbot."""
    world = World(Clock())
    async with world.serving(0):
        world.start_over()
        yield world


@pytest.fixture
async def page(world: World) -> AsyncIterator[Page]:
    async with page_of(world) as page:
        yield page


@pytest.fixture
async def full_world() -> AsyncIterator[World]:
    """The world with pollbot in it."""
    async with opened(clock=Clock()) as world:
        yield world


@pytest.fixture
async def full_page(full_world: World) -> AsyncIterator[Page]:
    async with page_of(full_world) as page:
        yield page


def texts(state: State, channel: str = PLANNING) -> list[str]:
    return [message["text"] for message in state["messages"] if message["channel"] == channel]


def buttons(message: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the message's buttons by their label, each with its block_id."""
    return {
        element["text"]["text"]: element | {"block_id": block["block_id"]}
        for block in message["blocks"]
        for element in [*block.get("elements", []), block.get("accessory") or {}]
        if element.get("type") == "button"
    }


def with_button(state: State, label: str) -> dict[str, Any] | None:
    """Return the newest message that has such a button."""
    for message in reversed(state["messages"]):
        if label in buttons(message):
            return dict(message)
    return None


def votes(state: State, key: str) -> int:
    return next(int(issue["votes"]) for issue in state["jira"]["issues"] if issue["key"] == key)


def fields_of(state: State) -> list[dict[str, Any]]:
    """Return the fields of the open forms."""
    return [
        block
        for form in state["views"]
        for block in form["view"]["blocks"]
        if block["type"] == "input"
    ]


async def press(page: Page, user: str, state: State, label: str) -> str | None:
    message = with_button(state, label)
    assert message is not None
    button = buttons(message)[label]
    return await page.do(
        "press",
        user=user,
        message=message["id"],
        block_id=button["block_id"],
        action_id=button["action_id"],
        value=button.get("value"),
    )


# The page, without pollbot


async def test_the_page_comes_with_everything_it_needs(page: Page) -> None:
    async with page.session.get(f"{page.address}/") as answer:
        html = await answer.text()

    assert answer.content_type == "text/html"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    for attribute in ('src="', 'href="'):
        for rest in html.split(attribute)[1:]:
            target = rest.partition('"')[0]
            assert not target.startswith(NO_HOST)
            if target.startswith("/"):
                async with page.session.get(page.address + target) as part:
                    assert part.status == 200, target


async def test_a_page_is_told_everything_at_once(world: World, page: Page) -> None:
    state = await page.see(ADA.user)

    assert state["viewer"] == ADA.user
    assert [person["name"] for person in state["people"]] == ["Ada", "Ben", "Cleo"]
    assert state["people"][0]["is_admin"] is True
    assert state["people"][2]["jira"] == {
        "name": CLEO.full_name,
        "email": CLEO.email,
        "token": CLEO.token,
    }
    assert {place["id"]: place["app_is_member"] for place in state["channels"]}[PLANNING] is True
    assert [message["user"] for message in state["messages"]] == [BEN.user]
    assert "/votes PLAT-12" in texts(state)[0]
    assert state["views"] == []
    assert state["switches"] == {"slack": "up", "jira": "up", "team_voice": "up"}
    assert state["log"] == []
    assert state["clock"] == {"ahead": 0.0}
    assert {person["tz"] for person in state["people"]} == {"Europe/Berlin"}


async def test_the_issues_come_with_their_votes_and_voters(world: World, page: Page) -> None:
    state = await page.see(ADA.user)

    issues = {issue["key"]: issue for issue in state["jira"]["issues"]}
    assert issues["PLAT-12"]["votes"] == 7
    assert "Ben Okri" in issues["PLAT-12"]["voters"]
    assert issues["PLAT-8"]["resolution"] == "Done"
    assert issues["PLAT-17"]["reporter"] == "Ada Lovell"
    assert issues["PLAT-23"]["seen_by"] == ["Ada Lovell", "Lena Hofmann"]
    assert {"&", "<", ">"} <= set(issues["PLAT-21"]["summary"])
    assert issues["PLAT-3"]["votes"] == len(issues["PLAT-3"]["voters"]) + 125
    async with page.session.get(issues["PLAT-12"]["url"]) as answer:
        assert "PLAT-12" in await answer.text()


async def test_the_polls_of_team_voice_come_with_their_counts_and_my_own_answer(
    world: World, page: Page
) -> None:
    polls = {poll["content"]: poll for poll in (await page.see(ADA.user))["team_voice"]["polls"]}
    columns, day = polls["PLAT-15"], polls[RELEASE_PLAN]
    assert columns["answers"] == {"1": 4, "2": 2, "3": 1, "4": 3}
    assert (columns["participants"], columns["several"], columns["mine"]) == (5, True, [])
    assert [option["title"] for option in day["options"]] == ["Tuesday", "Thursday"]

    error = await page.do("answer_inside", user=ADA.user, poll=columns["id"], options=["2", "3"])
    one_too_many = await page.do("answer_inside", user=ADA.user, poll=day["id"], options=["1", "2"])

    def counted(state: State) -> Any:
        return next(p for p in state["team_voice"]["polls"] if p["id"] == columns["id"])

    mine = counted(await page.see(ADA.user, lambda state: counted(state)["mine"]))
    bens = counted(await page.see(BEN.user))
    assert (error, one_too_many) == (None, "This poll takes one answer.")
    assert mine["answers"] == {"1": 4, "2": 3, "3": 2, "4": 3}
    assert (mine["mine"], bens["mine"], mine["participants"]) == (["2", "3"], [], 6)


async def test_an_issue_is_resolved_and_opened_again_on_jira_s_side(page: Page) -> None:
    def issue(state: State) -> Any:
        return next(one for one in state["jira"]["issues"] if one["key"] == "PLAT-12")

    done = await page.do("resolve", issue="PLAT-12", how="Duplicate", duplicates="PLAT-15")
    again = await page.do("resolve", issue="PLAT-12", how="Done")
    closed = issue(await page.see(ADA.user, lambda state: issue(state)["resolution"]))
    opened = await page.do("reopen", issue="PLAT-12")
    open_ = issue(await page.see(ADA.user, lambda state: not issue(state)["resolution"]))

    assert (done, again, opened) == (None, "PLAT-12 is resolved already.", None)
    assert (closed["status"], closed["resolution"]) == ("Done", "Duplicate")
    assert (open_["status"], open_["resolution"]) == ("Open", None)


async def test_what_was_typed_before_a_button_of_a_form_is_kept_with_it(
    world: World, page: Page
) -> None:
    text = {"type": "plain_text", "text": "Add"}
    question = {
        "type": "input",
        "block_id": "question",
        "label": text,
        "element": {"type": "plain_text_input", "action_id": "value"},
    }
    add = {
        "type": "actions",
        "block_id": "row",
        "elements": [{"type": "button", "action_id": "add", "text": text}],
    }
    form = world.slack.open_view(
        ADA.user,
        {"type": "modal", "title": text, "submit": text, "blocks": [question, add]},
        on_top=False,
    )

    await page.do(
        "view_action",
        user=ADA.user,
        view=form.id,
        block_id="row",
        action_id="add",
        values={"question": {"value": "Lunch?"}},
    )

    [shown] = (await page.see(ADA.user))["views"]
    assert shown["values"] == {"question": {"value": "Lunch?"}}


async def test_the_page_of_confluence_is_listed_and_can_be_read(world: World, page: Page) -> None:
    [shown] = (await page.see(ADA.user))["pages"]

    assert (shown["id"], shown["title"]) == (RELEASE_PLAN, "Release plan")
    async with page.session.get(shown["url"]) as answer:
        assert "Release plan" in await answer.text()


async def test_a_call_to_team_voice_is_on_the_wire_without_its_token(
    world: World, page: Page
) -> None:
    query = {"token": TEAM_VOICE_TOKEN, "type": "polls", "workspace": "PLAT", "content": "PLAT-15"}
    async with page.session.get(world.team_voice.url, params=query) as answer:
        assert answer.status == 200

    state = await page.see(ADA.user, lambda state: state["log"])
    [line] = state["log"]
    assert (line["to"], line["what"], line["status"]) == ("Team Voice", "GET PLAT-15", "200")
    assert TEAM_VOICE_TOKEN not in json.dumps(state)


async def test_everybody_sees_their_own_channels_and_messages(world: World, page: Page) -> None:
    world.slack.post(PLANNING, world.slack.bot_user_id, "for Ada's eyes", ephemeral_for=ADA.user)

    ada, cleo = await page.see(ADA.user), await page.see(CLEO.user)

    assert "for Ada's eyes" in texts(ada)
    assert "for Ada's eyes" not in texts(cleo)
    assert LEADS in {place["id"] for place in ada["channels"]}
    assert LEADS not in {place["id"] for place in cleo["channels"]}
    assert [place["name"] for place in cleo["channels"] if place["is_im"]] == ["pollbot"]


async def test_what_somebody_says_reaches_every_open_page(world: World, page: Page) -> None:
    bens = page.states(BEN.user)
    await anext(bens)

    error = await page.do("command", user=CLEO.user, channel=PLANNING, text="Good <morning> & hi")
    state = await anext(bens)
    await bens.aclose()  # type: ignore[attr-defined]  # an async generator has it

    assert error is None
    assert texts(state)[-1] == "Good <morning> & hi"
    assert state["messages"][-1]["is_app"] is False


async def test_many_changes_make_few_states(world: World, page: Page) -> None:
    counted = 0
    states = page.states(ADA.user)
    await anext(states)

    for number in range(50):
        world.slack.say(BEN.user, PLANNING, f"message {number}")
    async for state in states:
        counted += 1
        if texts(state)[-1] == "message 49":
            break
    await states.aclose()  # type: ignore[attr-defined]  # an async generator has it

    assert counted <= 2


async def test_a_switch_is_turned_and_shown(world: World, page: Page) -> None:
    error = await page.do("switch", service="jira", mode="down")

    state = await page.see(ADA.user)
    assert error is None
    assert state["switches"] == {"slack": "up", "jira": "down", "team_voice": "up"}
    assert world.jira.faults.mode == "down"


async def test_the_clock_is_moved_for_everybody(world: World, page: Page) -> None:
    world.slack.say(BEN.user, PLANNING, "before")
    error = await page.do("move", seconds=3600)
    await page.do("move", seconds=86400)
    world.slack.say(BEN.user, PLANNING, "after")

    state = await page.see(ADA.user, lambda state: state["clock"]["ahead"])
    [before, after] = [float(message["ts"]) for message in state["messages"][-2:]]
    assert error is None
    assert state["clock"] == {"ahead": 90_000.0}
    assert after - before == pytest.approx(90_000, abs=60)
    for service in (world.slack, world.jira, world.team_voice):
        assert service.now() - time.time() == pytest.approx(90_000, abs=60)


async def test_the_clock_stops_on_its_way_where_something_falls_due(
    world: World, page: Page
) -> None:
    start, stops = world.clock(), list[float]()
    due = [start + 600, start + 1200, start + 7200]
    world.next_due = lambda: next((at for at in due if at > world.clock()), None)
    world.clock.on_move.append(lambda: stops.append(world.clock() - start))

    error = await page.do("move", seconds=3600)

    assert error is None
    assert stops == pytest.approx([0, 600, 1200, 3600], abs=30)
    assert world.clock.ahead == 3600


async def test_the_clock_arrives_even_if_pollbot_is_never_done(
    world: World, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pollbot.sandbox.world.doings.LONGEST_MOVE", 0.1)
    world.next_due = world.clock

    error = await page.do("move", seconds=3600)

    assert error is None
    assert world.clock.ahead == 3600


@pytest.mark.parametrize(
    "seconds", [None, "3600", True, 0, -1, 1e10, 10**400, math.nan, math.inf, [3600]], ids=str
)
async def test_the_clock_goes_only_forward_and_not_for_ever(
    world: World, page: Page, seconds: Any
) -> None:
    error = await page.do("move", seconds=seconds)

    assert error is not None
    assert error.endswith(".")
    assert world.clock.ahead == 0.0


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("move", {}),
        ("command", {}),
        ("command", {"user": "U0NOBODY", "channel": PLANNING, "text": "/vote"}),
        ("command", {"user": CLEO.user, "channel": LEADS, "text": "/vote"}),
        ("command", {"user": CLEO.user, "channel": "C0NOWHERE", "text": "/vote"}),
        ("command", {"user": ADA.user, "channel": PLANNING, "text": "  "}),
        ("command", {"user": ADA.user, "channel": PLANNING, "text": "/nonsense PLAT-12"}),
        ("command", {"user": ADA.user, "channel": PLANNING, "text": ["/vote"]}),
        ("press", {"user": ADA.user, "message": "m999", "action_id": "vote"}),
        ("press", {"user": ADA.user, "message": None, "action_id": "vote"}),
        ("choose", {"user": ADA.user, "message": "m999", "action_id": "vote", "value": 7}),
        ("view_action", {"user": ADA.user, "view": "V999", "action_id": "x"}),
        ("submit", {"user": ADA.user, "view": "V999", "values": {}}),
        ("submit", {"user": ADA.user, "view": "V999", "values": [1]}),
        ("close", {"user": ADA.user, "view": "V999"}),
        ("switch", {"service": "jira", "mode": "sideways"}),
        ("switch", {"service": "weather", "mode": "up"}),
        ("answer_inside", {"user": ADA.user, "poll": "nobody", "options": ["1"]}),
        ("answer_inside", {"user": ADA.user, "poll": "nobody", "options": "1"}),
        ("answer_inside", {"user": ADA.user, "poll": "nobody", "options": [1]}),
        ("answer_inside", {"user": "U0NOBODY", "poll": "nobody", "options": []}),
        ("resolve", {"issue": "PLAT-999", "how": "Done"}),
        ("resolve", {"issue": "PLAT-12", "how": "Eaten"}),
        ("resolve", {"issue": "PLAT-12", "how": "Duplicate"}),
        ("resolve", {"issue": "PLAT-12", "how": "Duplicate", "duplicates": "PLAT-999"}),
        ("resolve", {"issue": "PLAT-12", "how": "Duplicate", "duplicates": "PLAT-12"}),
        ("resolve", {"issue": ["PLAT-12"], "how": "Done"}),
        ("reopen", {"issue": "PLAT-12"}),
        ("reopen", {}),
    ],
    ids=str,
)
async def test_what_cannot_be_done_is_said_in_a_sentence(
    page: Page, what: str, body: dict[str, Any]
) -> None:
    error = await page.do(what, **body)

    assert error is not None
    assert error.endswith(".")


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'"x"', b"\xff"], ids=repr)
async def test_broken_json_is_no_crash(page: Page, raw: bytes) -> None:
    async with page.session.post(f"{page.address}/world/command", data=raw) as answer:
        said = await answer.json()

    assert (answer.status, said["ok"]) == (200, False)
    assert said["error"].endswith(".")


async def test_a_button_that_is_not_there_cannot_be_pressed(world: World, page: Page) -> None:
    message = world.slack.say(BEN.user, PLANNING, "no buttons here")

    error = await page.do("press", user=ADA.user, message=message.id, action_id="vote")

    assert error is not None


async def test_nobody_watches_as_a_stranger(page: Page) -> None:
    async with page.session.get(f"{page.address}/world/events?viewer=U0NOBODY") as answer:
        assert answer.status == 404


async def test_who_does_not_say_who_they_are_is_the_first(page: Page) -> None:
    state = await page.see("")

    assert state["viewer"] == ADA.user


async def test_without_pollbot_slack_says_that_nobody_answered(page: Page) -> None:
    error = await page.do("command", user=ADA.user, channel=PLANNING, text="/vote PLAT-12")

    assert error is not None


async def test_the_first_free_port_is_taken_and_a_taken_one_is_an_error() -> None:
    first, second, third = World(), World(), World()

    async with first.serving(None), second.serving(None):
        taken = int(first.address.rpartition(":")[2])
        with pytest.raises(StartError, match=str(taken)):
            async with third.serving(taken):
                pass

        assert first.address.startswith("http://127.0.0.1:")
        assert first.address != second.address


async def test_a_port_that_cannot_be_is_an_error() -> None:
    with pytest.raises(StartError, match="99999"):
        async with World().serving(99999):
            pass


async def test_no_setting_of_the_environment_gets_into_the_world(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("POLLBOT_ADMINS=U0BEN\nPOLLBOT_LOG_FORMAT=weird\n")

    settings = settings_for(world, tmp_path / "pollbot.db", http=True)

    assert settings.model_fields_set == set(Settings.model_fields)
    assert (settings.admins, settings.log_format) == (frozenset(), "text")


def test_the_commands_on_offer_are_the_manifests() -> None:
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))

    registered = [
        {name: command[name] for name in ("command", "description", "usage_hint")}
        for command in manifest["features"]["slash_commands"]
    ]

    assert list(COMMANDS) == registered


def test_every_emoji_that_pollbot_writes_is_drawn_on_the_page() -> None:
    sources = Path(pollbot.__file__).parent
    picture = re.compile(r"^  \"?([\w+-]+)\"?: \[", re.MULTILINE)
    drawn = set(picture.findall((sources / "sandbox" / "page" / "emoji.js").read_text("utf-8")))

    written = {
        name
        for path in sources.rglob("*.py")
        if not {"sandbox", "web"} & {*path.parts}
        for name in re.findall(r":([a-z][a-z0-9_]*):(?![\w-])", path.read_text("utf-8"))
    }

    assert {"warning", "lock"} <= written
    sqlites = {"memory"}  # ":memory:" is its name for a database in no file
    assert written - drawn == sqlites


# The page, with pollbot behind it


async def test_at_the_start_ada_and_ben_are_connected_and_nothing_shows_it(
    full_world: World, full_page: Page
) -> None:
    state = await full_page.see(ADA.user)

    accounts = {call.account_id for call in full_world.jira.calls if call.path.endswith("/myself")}
    assert {ADA.account_id, BEN.account_id} <= accounts
    assert CLEO.account_id not in accounts
    assert len(state["messages"]) == 1
    assert state["views"] == []
    assert state["log"] == []


async def test_polls_of_one_project_live_in_team_voice_and_those_of_another_in_pollbot(
    full_world: World, full_page: Page
) -> None:
    before = len(full_world.team_voice.polls)

    for key in ("APP-1", "PLAT-12"):
        error = await full_page.do(
            "command", user=ADA.user, channel=PLANNING, text=f'/poll {key} "On {key}?" "Yes" "No"'
        )
        await full_page.see(
            ADA.user,
            lambda state: any(f"On {key}?" in text for text in texts(state)),  # noqa: B023  awaited here
        )
        assert error is None

    assert len(full_world.team_voice.polls) == before + 1
    assert [kept.title for kept in full_world.team_voice.polls_on("PLAT-12")] == ["On PLAT-12?"]
    assert full_world.team_voice.polls_on("APP-1") == []


async def test_the_space_has_team_voice_too(full_world: World, full_page: Page) -> None:
    [shown] = (await full_page.see(ADA.user))["pages"]

    for command in (
        f"/pollbot macro {shown['url']} {RELEASE_PLAN_MACRO}",
        f'/poll {shown["url"]} "At noon?" "Yes" "No"',
    ):
        assert await full_page.do("command", user=BEN.user, channel=PLANNING, text=command) is None
    await full_page.see(BEN.user, lambda state: any("At noon?" in text for text in texts(state)))

    assert "At noon?" in [kept.title for kept in full_world.team_voice.polls_on(RELEASE_PLAN)]


async def test_a_vote_is_cast_from_the_page_and_taken_back(
    full_world: World, full_page: Page
) -> None:
    asked = await full_page.do("command", user=ADA.user, channel=PLANNING, text="/votes plat-12")
    card = await full_page.see(ADA.user, lambda state: with_button(state, "Vote"))
    pressed = await press(full_page, ADA.user, card, "Vote")
    voted = await full_page.see(ADA.user, lambda state: votes(state, "PLAT-12") == 8)
    card = await full_page.see(ADA.user, lambda state: with_button(state, "Withdraw"))
    withdrawn = await press(full_page, ADA.user, card, "Withdraw")
    state = await full_page.see(ADA.user, lambda state: votes(state, "PLAT-12") == 7)

    assert (asked, pressed, withdrawn) == (None, None, None)
    assert ADA.full_name in str(voted["jira"]["issues"])
    log = [(line["from"], line["to"], line["what"], line["status"]) for line in state["log"]]
    assert ("Slack", "pollbot", "/votes", "ok") in log
    assert ("pollbot", "Jira", "POST /rest/api/3/issue/PLAT-12/votes", "204") in log
    assert ("pollbot", "Slack", "chat.postMessage", "ok") in log
    assert sorted(line["at"] for line in state["log"]) == [line["at"] for line in state["log"]]


async def test_the_log_holds_sixty_lines_and_no_secret(full_world: World, full_page: Page) -> None:
    for _ in range(70):
        async with full_page.session.get(
            f"{full_world.jira.site_url}/rest/api/3/myself?secret=word"
        ) as answer:
            assert answer.status in (401, 429)

    state = await full_page.see(ADA.user, lambda state: len(state["log"]) == 60)

    log = json.dumps(state["log"])
    for secret in (ADA.token, full_world.slack.bot_token, full_world.slack.app_token, "secret"):
        assert secret not in log
    assert "?" not in log


async def test_cleo_connects_by_the_form_on_the_page(full_world: World, full_page: Page) -> None:
    await full_page.do("command", user=CLEO.user, channel=PLANNING, text="/pollbot connect")
    form = (await full_page.see(CLEO.user, lambda state: state["views"]))["views"][-1]
    fields = fields_of({"views": [form]})
    wrong = dict(zip((field["block_id"] for field in fields), (CLEO.email, "wrong"), strict=True))
    right = dict(
        zip((field["block_id"] for field in fields), (CLEO.email, CLEO.token), strict=True)
    )
    action_ids = {field["block_id"]: field["element"]["action_id"] for field in fields}

    def filled(values: dict[str, str]) -> dict[str, dict[str, str]]:
        return {block: {action_ids[block]: value} for block, value in values.items()}

    await full_page.do("submit", user=CLEO.user, view=form["id"], values=filled(wrong))
    refused = await full_page.see(
        CLEO.user, lambda state: state["views"] and state["views"][-1]["errors"]
    )
    await full_page.do("submit", user=CLEO.user, view=form["id"], values=filled(right))
    await full_page.see(CLEO.user, lambda state: not fields_of(state))

    assert set(refused["views"][-1]["errors"]) <= set(action_ids)
    assert not (await full_page.see(BEN.user))["views"]
    await full_page.do("command", user=CLEO.user, channel=PLANNING, text="/vote PLAT-12")
    await full_page.see(CLEO.user, lambda state: votes(state, "PLAT-12") == 8)


async def test_a_form_can_be_closed(full_page: Page) -> None:
    await full_page.do("command", user=CLEO.user, channel=RANDOM, text="/pollbot connect")
    form = (await full_page.see(CLEO.user, lambda state: state["views"]))["views"][-1]

    stranger = await full_page.do("close", user=BEN.user, view=form["id"])
    error = await full_page.do("close", user=CLEO.user, view=form["id"])

    assert stranger is not None
    assert error is None
    assert (await full_page.see(CLEO.user))["views"] == []


async def test_what_falls_due_happens_as_soon_as_the_clock_is_moved(
    full_world: World, full_page: Page
) -> None:
    soon = datetime.fromtimestamp(full_world.clock() + 1800, UTC).isoformat(timespec="minutes")
    await full_page.do(
        "command", user=ADA.user, channel=PLANNING, text=f'/poll until {soon} "Lunch?" "Yes" "No"'
    )
    card = await full_page.see(ADA.user, lambda state: with_button(state, "Yes"))
    await full_page.do("move", seconds=3600)

    await full_page.see(ADA.user, lambda state: not with_button(state, "Yes"))

    late = await press(full_page, ADA.user, card, "Yes")
    assert late is not None


async def test_the_same_over_http_and_a_week_later() -> None:
    async with opened(http=True, clock=Clock()) as world, page_of(world) as page:
        error = await page.do("command", user=ADA.user, channel=PLANNING, text="/vote PLAT-12")
        await page.see(ADA.user, lambda state: votes(state, "PLAT-12") == 8)

        await page.do("move", seconds=7 * 86400)
        later = await page.do("command", user=ADA.user, channel=PLANNING, text="/unvote PLAT-12")
        await page.see(ADA.user, lambda state: votes(state, "PLAT-12") == 7)

    assert (error, later) == (None, None)
    assert world.slack.events_url is not None
    assert not any(call.method == "apps.connections.open" for call in world.slack.calls)


async def test_the_database_may_be_kept(tmp_path: Path) -> None:
    database = tmp_path / "kept.db"

    for _ in range(2):
        async with opened(database=database, clock=Clock()) as world:
            assert len(world.slack.messages) == 1

    assert database.exists()


async def test_the_demo_announces_one_address_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    said: list[str] = []
    running = asyncio.create_task(demo(port=0, announce=said.append))
    async with asyncio.timeout(10):
        while not said and not running.done():
            await asyncio.sleep(0.01)
    kept_meanwhile = list(tmp_path.iterdir())

    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert len(said) == 1
    assert said[0].count("http://127.0.0.1:") == 1
    assert kept_meanwhile
    assert list(tmp_path.iterdir()) == []
