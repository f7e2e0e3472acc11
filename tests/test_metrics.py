"""GET /metrics: what it tells after what happened, in what time, and what it never tells."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from pollbot.sandbox.slack.delivery import sign
from pollbot.wiring import Pollbot
from tests.support import schedules
from tests.support.house import ADA, BEN, EMAILS, PLANNING, TOKENS, House
from tests.support.numbers import (
    JIRA_IS_BUSY,
    SLACK_IS_BUSY,
    Seen,
    another_cast,
    at_rest,
    numbers,
    story,
)
from tests.support.own_time import own_time
from tests.support.polls import answer, poll
from tests.support.team_voice import VOICE_TOKEN, by_default, connect, team_voice

OPENMETRICS = "application/openmetrics-text; version=1.0.0"


@pytest.mark.parametrize("socket", [False, True], ids=["http", "socket"])
async def test_answers_to_slack_are_counted_and_timed_by_what_slack_brought(
    house: House, *, socket: bool
) -> None:
    async with house.program(socket=socket) as pollbot:
        await house.connect(ADA)
        await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")
        card = await house.card("PLAT-13")
        await house.slack.press(ADA, card.id, "vote")
        seen = await numbers(pollbot)

    for kind, count in (("command", 2), ("form", 1), ("button", 1)):
        assert seen("pollbot_ack_seconds_count", kind=kind, outcome="ok") == count
        assert seen("pollbot_ack_seconds_bucket", kind=kind, le="3.0") == count
        assert 0 < seen("pollbot_ack_seconds_sum", kind=kind) < 3
    assert seen("pollbot_ack_seconds_count") == 4
    assert seen("pollbot_info", mode="socket" if socket else "http") == 1
    assert seen("pollbot_sockets_open") == (2 if socket else 0)


async def test_a_delivery_that_comes_again_and_one_that_fails_are_told_apart(
    house: House, pollbot: Pollbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.slack.command(ADA, PLANNING, "/pollbot", "help")
    body = house.slack.deliveries[-1].body
    await house.slack.deliver(body, kind="slash_commands")

    def broken(_: object) -> None:
        raise RuntimeError

    assert pollbot.desk is not None
    monkeypatch.setattr(pollbot.desk, "_first", broken)
    await house.slack.command(ADA, PLANNING, "/pollbot", "help")
    seen = await numbers(pollbot)

    assert seen("pollbot_ack_seconds_count", kind="command", outcome="ok") == 1
    assert seen("pollbot_ack_seconds_count", kind="command", outcome="repeated") == 1
    assert seen("pollbot_ack_seconds_count", kind="command", outcome="failed") == 1


Fault = Callable[[House], None]


def of_slack(status: int, body: Any, headers: dict[str, str] | None = None) -> Fault:
    return lambda house: house.slack.faults.fail_next("chat.postMessage", status, body, headers)


def of_jira(status: int, headers: dict[str, str] | None = None) -> Fault:
    return lambda house: house.jira.faults.fail_next("GET issue", status, "", headers)


@pytest.mark.parametrize(
    ("fault", "to", "outcome", "cause"),
    [
        (of_slack(429, SLACK_IS_BUSY, {"Retry-After": "1"}), "slack", "limited", "ratelimited"),
        (of_slack(429, "busy", {"Retry-After": "1"}), "slack", "limited", "unsaid"),
        (of_slack(503, "<html>"), "slack", "away", None),
        (of_slack(200, {"ok": False, "error": "internal_error"}), "slack", "away", None),
        (of_slack(200, {"ok": False, "error": "msg_too_long"}), "slack", "refused", None),
        (of_slack(200, {"ok": False, "error": "token_revoked"}), "slack", "token refused", None),
        (of_jira(429, JIRA_IS_BUSY), "jira", "limited", "jira-burst-based"),
        (of_jira(429, {"RateLimit-Reason": "PLAT-13 of Ada"}), "jira", "limited", "unsaid"),
        (of_jira(502), "jira", "away", None),
        (of_jira(0), "jira", "away", None),
        (of_jira(403), "jira", "refused", None),
        (of_jira(401), "jira", "token refused", None),
        (of_jira(301, {"Location": "https://elsewhere.example/"}), "jira", "moved", None),
    ],
)
async def test_a_call_is_counted_by_what_became_of_it(
    house: House, pollbot: Pollbot, fault: Fault, to: str, outcome: str, cause: str | None
) -> None:
    await house.connect(ADA)
    fault(house)

    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")
    stand_in = house.slack if to == "slack" else house.jira
    what = "chat.postMessage" if to == "slack" else "GET issue"
    await stand_in.until(lambda: not stand_in.faults._failures[what], what="the call that fails")
    for _ in range(100):
        seen = await numbers(pollbot)
        if seen("pollbot_calls_total", to=to, what=what, outcome=outcome):
            break

    assert seen("pollbot_calls_total", to=to, what=what, outcome=outcome) == 1
    assert seen("pollbot_call_seconds_count", to=to) == seen("pollbot_calls_total", to=to)
    assert seen("pollbot_limited_total") == (cause is not None)
    assert cause is None or seen("pollbot_limited_total", to=to, what=what, cause=cause) == 1


async def test_calls_to_team_voice_are_counted_by_their_verb(house: House) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)) as pollbot:
        await connect(house, ADA)
        await poll(house, 'PLAT-12 "Where?" "Here" "There"')
        seen = await numbers(pollbot)

    assert seen("pollbot_calls_total", to="team voice", what="POST", outcome="ok") == 1


async def test_votes_that_wait_for_jira_are_counted_and_grow_old_over_restarts(
    house: House,
) -> None:
    async with house.program() as pollbot:
        await house.connect(ADA)
        before = await at_rest(house, pollbot)
        house.jira.faults.mode = "down"
        await house.vote(ADA, "PLAT-13")
        await house.told(ADA, "PLAT-13")
        seen = await at_rest(house, pollbot)
        house.clock.ahead += 600
        later = await at_rest(house, pollbot)
    house.clock.ahead += 600
    async with house.program() as pollbot:
        latest = await at_rest(house, pollbot)
        house.jira.faults.mode = "up"
        await house.jira.until(lambda: house.jira.votes("PLAT-13") == 1, 120, what="the vote")
        after = await at_rest(house, pollbot)

    for one in (seen, later, latest):
        assert one("pollbot_work", kind="votes") == 1
        assert one("pollbot_work", kind="votes", state="retrying") == 1
    ages = [one("pollbot_work_age_seconds", kind="votes") for one in (seen, later, latest)]
    assert 0 <= ages[0] < 300
    assert 600 <= ages[1] < 1000
    assert 1200 <= ages[2] < 2000
    for one in (before, after):
        assert one("pollbot_work", kind="votes") == 0
        assert one("pollbot_work_age_seconds", kind="votes") == 0


async def test_a_card_that_cannot_be_drawn_is_dirty_and_one_that_can_is_not(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    # What was still to be drawn of it is drawn, and the second after that is over, too.
    for seconds in (5000, 2):
        house.clock.ahead += seconds
        before = await at_rest(house, pollbot)
    for method in ("chat.update", "response_url"):
        house.slack.faults.fail_next(method, 503, "", times=1000)
    await answer(house, BEN, card, "Soup")
    seen = await at_rest(house, pollbot)
    house.clock.ahead += 600
    later = await at_rest(house, pollbot)
    for method in ("chat.update", "response_url"):
        house.slack.faults.mend(method)
    await house.slack.until(lambda: "1 answer" in card.text, 15, what="the card's count")
    after = await at_rest(house, pollbot)

    assert [one("pollbot_cards_dirty") for one in (before, seen, later, after)] == [0, 1, 1, 0]
    ages = [one("pollbot_cards_dirty_age_seconds") for one in (before, seen, later, after)]
    assert (ages[0], ages[3]) == (0, 0)
    assert 0 < ages[1] < 300, "it was clean for the hour before"
    assert 600 <= ages[2] < 1000


async def test_a_schedule_that_has_not_posted_in_time_is_late(
    house: House, pollbot: Pollbot
) -> None:
    house.slack.channels[PLANNING].app_is_member = True
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    await schedules.schedule(house, card, channel=PLANNING)
    in_time = await at_rest(house, pollbot)
    due_at = await schedules.next_at(house)
    assert due_at is not None
    house.slack.faults.mode = "down"
    house.clock.ahead += due_at - house.clock() + 120
    seen = await at_rest(house, pollbot)

    assert (in_time("pollbot_schedules_late"), in_time("pollbot_schedules_late_seconds")) == (0, 0)
    assert seen("pollbot_schedules_late") == 1
    assert 120 <= seen("pollbot_schedules_late_seconds") < 240


async def test_slack_that_is_away_and_comes_back_shows(house: House) -> None:
    async def shows(pollbot: Pollbot, up: float) -> Seen:
        async with asyncio.timeout(20):
            while True:
                seen = await numbers(pollbot)
                if seen("pollbot_up", part="slack") == up and seen("pollbot_calls_total"):
                    return seen

    house.slack.faults.mode = "down"
    async with house.program() as pollbot:
        away = await shows(pollbot, 0)
        house.slack.faults.mode = "up"
        back = await shows(pollbot, 1)

    assert away("pollbot_calls_total", to="slack", what="auth.test", outcome="away") > 0
    assert away("pollbot_calls_total", outcome="ok") == 0
    assert back("pollbot_calls_total", to="slack", what="auth.test", outcome="ok") == 1


async def test_what_is_turned_away_is_counted(
    house: House, pollbot: Pollbot, http: httpx.AsyncClient
) -> None:
    assert house.slack.events_url is not None
    stamp = {"X-Slack-Request-Timestamp": f"{time.time():.0f}"}
    await http.post(house.slack.events_url, content=b"{}", headers=stamp)
    forged = {**stamp, "X-Slack-Signature": "v0=00"}
    await http.post(house.slack.events_url, content=b"{}", headers=forged)
    signed = sign(house.slack.signing_secret, stamp["X-Slack-Request-Timestamp"], b"{}")
    await http.post(
        house.slack.events_url, content=b"{}", headers={**stamp, "X-Slack-Signature": signed}
    )

    seen = await numbers(pollbot)

    assert seen("pollbot_turned_away_total") == 3
    for why in ("unsigned", "forged", "no payload"):
        assert seen("pollbot_turned_away_total", why=why) == 1
    assert seen("pollbot_ack_seconds_count") == 0


# Beside the writer


async def test_a_look_waits_for_no_writer_and_no_click_for_a_look(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    await numbers(pollbot)
    with closing(sqlite3.connect(house.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        clicks = [asyncio.create_task(house.vote(ADA, "PLAT-13")) for _ in range(5)]
        with own_time() as passed:
            seen = await numbers(pollbot)
        took = passed()
        waited = [click for click in clicks if not click.done()]
        other.execute("ROLLBACK")
    answers = await asyncio.gather(*clicks)

    assert len(waited) == 5, "the writer was busy all the time"
    assert took < 1.0
    assert seen("pollbot_tables_read") == 1
    assert [one.error for one in answers] == [None] * 5


async def test_a_database_that_takes_nothing_shows(house: House, pollbot: Pollbot) -> None:
    await house.connect(ADA)
    before = await numbers(pollbot)
    with closing(sqlite3.connect(house.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await house.vote(ADA, "PLAT-13")
        seen = await numbers(pollbot)
        other.execute("ROLLBACK")
    await house.vote(ADA, "PLAT-13")
    after = await numbers(pollbot)

    assert before("pollbot_commit_seconds_count", outcome="failed") == 0
    assert before("pollbot_commit_seconds_count", outcome="ok") > 0
    assert seen("pollbot_up", part="database") == 0
    assert seen("pollbot_commit_seconds_count", outcome="failed") > 0
    assert seen("pollbot_changes_total", outcome="failed") > 0
    assert seen("pollbot_tables_read") == 1
    assert after("pollbot_up", part="database") == 1


async def test_a_disk_that_does_not_answer_holds_up_no_answer(
    house: House, pollbot: Pollbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.connect(ADA)
    looks = []

    async def never(_: float) -> None:
        looks.append("begun")
        await asyncio.Event().wait()

    monkeypatch.setattr(pollbot._store, "look", never)
    with own_time() as passed:
        seen, again, _ = await asyncio.gather(*(numbers(pollbot) for _ in range(3)))

    assert passed() < 4.0
    assert looks == ["begun"], "who asks meanwhile waits for the same look"
    assert (seen("pollbot_tables_read"), again("pollbot_tables_read")) == (0, 0)
    assert seen("pollbot_ack_seconds_count", kind="form") == 1
    assert "pollbot_work" not in seen.kinds


@pytest.mark.parametrize("looked", [False, True], ids=["at first", "as before"])
async def test_a_database_that_is_gone_is_not_made_anew_by_a_look(
    house: House, pollbot: Pollbot, *, looked: bool
) -> None:
    if looked:
        assert (await numbers(pollbot))("pollbot_tables_read") == 1
    house.database.rename(house.database.with_name("away.db"))

    seen = await numbers(pollbot)

    assert seen("pollbot_tables_read") == 0
    assert seen("pollbot_info") == 1
    assert not house.database.exists()


# What it never tells


def private(house: House, folder: Path) -> list[str]:
    """Return what no number may be about."""
    slack, jira = house.slack, house.jira
    return [
        *(slack.bot_token, slack.app_token, slack.signing_secret, slack.team_id, VOICE_TOKEN),
        *TOKENS.values(),
        *EMAILS.values(),
        *slack.people,
        *(person.name for person in slack.people.values()),
        *slack.channels,
        *(channel.name for channel in slack.channels.values() if len(channel.name) > 4),
        *jira.issues,
        *(key.partition("-")[0] for key in jira.issues),
        *("Pizza", "Soup", "Lunch", "Snack", "http:", "https:", "127.0.0.1", "localhost"),
        *(str(folder), "pollbot.db"),
    ]


async def test_no_number_names_anybody_and_their_number_does_not_grow(
    house: House, tmp_path: Path
) -> None:
    async with (
        team_voice(house) as voice,
        house.program(**by_default(voice)) as pollbot,
    ):
        voice.add_token(VOICE_TOKEN, {"PLAT", "MORE1", "MORE2", "MORE3"})
        await story(house)
        first = await at_rest(house, pollbot)
        for number in range(1, 4):
            await story(house, another_cast(house, number))
        second = await at_rest(house, pollbot)

    told = {value for _, labels in second.series for _, value in labels} | set(second.kinds)
    assert len(told) > 50
    secrets = [*private(house, tmp_path), voice.url]
    assert [one for one in secrets if any(one in value for value in told)] == []
    assert [one for one in secrets if one in second.text] == []
    assert second("pollbot_ack_seconds_count") > 3 * first("pollbot_ack_seconds_count")
    grown = {one[0] for one in second.series.keys() - first.series.keys()}
    assert grown <= {"pollbot_calls_total"}, "but for a call that only chance makes"
    assert len(second.series) - len(first.series) < 4


@pytest.mark.parametrize("accept", ["", OPENMETRICS])
async def test_the_answer_is_what_prometheus_reads(
    house: House, pollbot: Pollbot, accept: str, http: httpx.AsyncClient
) -> None:
    answer = await http.get(f"http://127.0.0.1:{pollbot.port}/metrics", headers={"Accept": accept})

    kind = answer.headers["Content-Type"]
    assert kind.startswith("application/openmetrics-text" if accept else "text/plain; version=")
    assert answer.text.endswith("# EOF\n") == bool(accept)
    assert "_created" not in answer.text
