"""Who changed what: written with the deed, shown to admins, printed by ``pollbot audit``."""

import asyncio
import csv
import io
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from pollbot.cli import main
from pollbot.people import Person
from pollbot.sandbox.slack import View
from pollbot.setup import audit_words
from pollbot.setup.audit_blocks import audit_view
from pollbot.store import audit
from pollbot.store.audit import AuditPage, Entry, Said, What
from pollbot.wiring import Pollbot
from tests.support import stored
from tests.support.cluster import Databases
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, rest
from tests.support.polls import answer, close, drawn, manage, poll, set_defaults, window
from tests.support.rights import allow, close_windows, setup_form
from tests.support.schedules import schedule

LUNCH = '"Lunch?" "Pizza" "Soup"'
Run = Callable[..., Awaitable[tuple[int, str, str]]]


@pytest.fixture
def run(
    house: House,
    engine: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> Run:
    async def printed(*words: str) -> tuple[int, str, str]:
        named = str(house.database)
        if engine == "postgresql":
            databases: Databases = request.getfixturevalue("databases")
            named = databases.at(house.database).address
        monkeypatch.setenv("POLLBOT_DATABASE", named)
        monkeypatch.chdir(tmp_path)
        code = await asyncio.to_thread(main, ["audit", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return printed


def deeds(house: House) -> list[tuple[str, str | None]]:
    """Return what was noted, and who did it."""
    return [
        (str(what), who)
        for what, who in house.rows(
            "SELECT what, user_id FROM audit LEFT JOIN audit_people ON id = who ORDER BY nth"
        )
    ]


async def test_each_deed_is_noted_with_who_did_it(house: House, pollbot: Pollbot) -> None:
    await house.connect(BEN)
    await close_windows(house, BEN)
    await house.slack.command(BEN, PLANNING, "/pollbot", "link PLAT-12")
    await house.slack.command(BEN, PLANNING, "/pollbot", "unlink")
    await set_defaults(house, visibility="afterVote")
    card = await poll(house, LUNCH, user=BEN)
    await schedule(house, card, user=BEN, every="daily", at="09:00")
    await answer(house, CLEO, card, "Pizza")
    await close(house, ADA, card)
    await close_windows(house, ADA)
    await manage(house, ADA, card, "delete_poll", "is deleted")
    await house.slack.command(BEN, PLANNING, "/pollbot", "disconnect")
    await rest(house, pollbot)

    assert deeds(house) == [
        ("account connected", BEN),
        ("channel linked", BEN),
        ("channel unlinked", BEN),
        ("setup changed", ADA),
        ("poll made", BEN),
        ("schedule made", BEN),
        ("poll closed", ADA),
        ("poll deleted", ADA),
        ("account disconnected", BEN),
    ]
    said = str(house.rows("SELECT about, fields FROM audit"))
    assert '"before": "alwaysPublic", "after": "afterVote"' in said
    assert "Lunch?" not in said, "no text that somebody wrote"
    assert "Pizza" not in said, "no option, and no answer"
    assert "token" not in said
    assert (CLEO,) not in house.rows("SELECT user_id FROM audit_people"), "no voter"


async def test_of_an_anonymous_poll_nothing_is_noted_of_who_answered_or_closed_it(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, f"anonymous {LUNCH}", user=BEN)
    await answer(house, CLEO, card, "Pizza")
    await close(house, ADA, card)
    await rest(house, pollbot)

    assert deeds(house) == [("poll made", BEN), ("poll closed", None)]


def put(house: House, count: int) -> None:
    """Note so many deeds of Ben's in Ada's workspace."""
    with stored.opened(house.database) as db:
        for nth in range(count):
            by = Person(house.slack.team_id, BEN)
            audit.note(db, by, What.POLL_MADE, f"p{nth}", house.clock() + nth, named=True)


async def audit_window(house: House, user: str = ADA) -> View:
    form = await setup_form(house, user)
    await house.slack.view_action(user, form.id, "audit:0")
    return await window(house, user, "the newest first")


@pytest.mark.usefixtures("pollbot")
async def test_admins_turn_its_pages_the_newest_first(house: House) -> None:
    put(house, 45)

    first = await audit_window(house)
    assert "p44" in drawn(first)
    assert "p24" not in drawn(first)
    await house.slack.view_action(ADA, first.id, "audit:0")
    second = await window(house, ADA, "p24")
    assert "p44" not in drawn(second)
    await house.slack.view_action(ADA, second.id, "audit:1")
    third = await window(house, ADA, "p0`")
    assert "Older" not in drawn(third)


@pytest.mark.usefixtures("pollbot")
async def test_nobody_else_sees_it(house: House) -> None:
    await audit_window(house)
    pressed = house.slack.deliveries[-1].body

    await house.slack.deliver(pressed | {"user": pressed["user"] | {"id": BEN}}, kind="interactive")

    await house.told(BEN, "Only admins")


async def test_it_is_printed_beside_a_running_pollbot(
    house: House, pollbot: Pollbot, run: Run
) -> None:
    await allow(house, projects="PLAT")
    await poll(house, LUNCH, user=BEN)
    await rest(house, pollbot)

    code, lines, _ = await run()
    assert code == 0
    assert [line.split("  ")[2:4] for line in lines.splitlines()] == [
        [ADA, "setup changed"],
        [BEN, "poll made"],
    ]
    _, told, _ = await run("--json", "--team", house.slack.team_id)
    assert [json.loads(line)["what"] for line in told.splitlines()] == [
        "setup changed",
        "poll made",
    ]
    assert (await run("--team", "T0OTHER"))[:2] == (0, "")
    assert (await run("--since", "2999-01-01"))[:2] == (0, "")
    assert len((await run("--since", "7d"))[1].splitlines()) == 2


@pytest.mark.usefixtures("pollbot")
async def test_a_spreadsheet_finds_no_formula_in_it(house: House, run: Run) -> None:
    with stored.opened(house.database) as db:
        by = Person("T1", "U0BEN")
        audit.note(db, by, What.POLL_MADE, '=cmd("x")', house.clock(), note="+1")

    _, table, _ = await run("--csv")

    _, row = csv.reader(io.StringIO(table))
    assert row[5] == '\'=cmd("x")'
    assert row[4] == "poll made"


@pytest.mark.parametrize("words", ["yesterday", "-1d", "2026-13-01", "0"])
@pytest.mark.usefixtures("pollbot")
async def test_a_time_that_is_none_is_said(house: House, run: Run, words: str) -> None:
    code, out, said = await run(f"--since={words}")

    assert (code, out) == (1, "")
    assert "is no date" in said
    assert deeds(house) == []


@pytest.mark.of_files
async def test_where_there_is_no_database_that_is_said(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, said = await run()

    assert code == 1
    assert "Nothing was done" in said


@pytest.mark.parametrize("what", [*What, "a later version's"])
def test_each_deed_has_words_and_one_of_a_later_version_its_name(what: str) -> None:
    entry = Entry(1, "T1", 0.0, "U0ADA", None, what, "about", {})

    shown = json.dumps(audit_view(AuditPage([entry], 0, 1)))

    assert (f"{what}: `about`" in shown) is (what not in list(What))


def said_of(what: str, about: str, **fields: Said) -> str:
    return audit_words.about(Entry(1, "T1", 0.0, "U0ADA", None, what, about, fields))


SET = What.SETUP_CHANGED


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            said_of(SET, "right makers", before="everybody", after="admins"),
            "*Who makes polls*: Everybody → Admins only",
        ),
        (
            said_of(SET, "right projects", before="", after="PLAT APP"),
            "*Jira projects*: all → `PLAT APP`",
        ),
        (
            said_of(SET, "right places", before="but", after="all"),
            "*Where cards may be posted*: all channels but some → all channels",
        ),
        (said_of(SET, "right people", before=0, after=3), "*People*: 0 → 3"),
        (
            said_of(SET, "days of polls", before=None, after=90),
            "*Closed polls, with their answers*: for good → 90 days",
        ),
        (
            said_of(SET, "default visibility", before="alwaysPublic", after="afterClose"),
            "*Defaults of polls*: results always visible → results when it is closed",
        ),
        (
            said_of(SET, "default lasts", before=86400.0, after=None),
            "*Defaults of polls*: an end 1 day after it is posted → no end",
        ),
        (said_of(SET, "language", before=None, after="de"), "*The language of cards*: `de`"),
        (
            said_of(SET, "answers need Jira", after=True),
            "*Only people with a Jira account answer*: yes",
        ),
        (
            said_of("poll closed", "qK2a", on="PLAT-12", named=False, by_hand=True),
            "`qK2a` · on `PLAT-12` · anonymous · by hand",
        ),
        (
            said_of(SET, "tomorrow’s", before=1, after="`x`"),
            "`tomorrow’s` · before 1 · now `'x'`",
        ),
    ],
)
def test_what_was_changed_is_said_in_words(said: str, words: str) -> None:
    assert said == words


@pytest.mark.parametrize("id_", ["CaB3dE5gH7jK", "G0123456789A"])
def test_what_is_no_channel_is_not_shown_as_one_whatever_its_id_begins_with(id_: str) -> None:
    assert said_of(What.POLL_MADE, id_) == f"`{id_}`"
    assert said_of(What.CHANNEL_LINKED, id_) == f"<#{id_}>"


@pytest.mark.parametrize("name", sorted(audit_words.SETTINGS))
@pytest.mark.parametrize("value", [None, False, True, 0, 3600.0, "", "x"])
def test_each_setting_has_words_whatever_it_was(name: str, value: Said) -> None:
    words = said_of(SET, name, before=value, after=value)

    assert " → " in words or name == "language"
    assert f"`{name}`" not in words
