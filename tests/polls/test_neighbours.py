"""What is done for one poll leaves alone whatever lies beside it."""

import json
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from pydantic import TypeAdapter

from pollbot.cards import rows as card_rows
from pollbot.cards.rows import Wanted
from pollbot.database import Store
from pollbot.polls import kept_rows
from pollbot.polls.answers import step_rows
from pollbot.polls.kept import FRESH
from pollbot.polls.refusals import PollElsewhere, PollForgotten, PollUnknown
from pollbot.polls.rows import note_poll
from pollbot.polls.rules import Ask, Draft, Option
from pollbot.polls.saved.rules import Definition
from pollbot.polls.sources.rows import DEFAULT, of_new_poll
from pollbot.store.audit import What
from pollbot.store.writer import Connection
from tests.support import stored
from tests.support.held import held
from tests.support.neighbours import ADA, BEN, DAY, ELSEWHERE, NOW, SITE, TWIN, Row, put, rows

# Rows are written by what SQLite says of its tables; servers understand the same statements.
pytestmark = pytest.mark.of_files


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = Store(tmp_path / "pollbot.db", [Fernet.generate_key().decode()])
    yield store
    store.close()


@pytest.fixture
def db(store: Store, tmp_path: Path) -> Iterator[Connection]:
    del store
    with stored.opened(tmp_path / "pollbot.db") as db:
        yield db


def put_poll(db: Connection, id_: str, **given: Any) -> None:
    options = kept_rows.OPTIONS.dump_json(
        (Option("1", "Pizza", 0), Option("2", "Soup", 1))
    ).decode()
    usual = {"team_id": "T1", "kind": "issue", "subject": "PLAT-1", "title": "Lunch?"}
    put(db, "polls", **(usual | {"options": options, "settings": "{}", "id": id_} | given))


async def test_a_poll_is_found_by_its_id_and_in_its_team(store: Store, db: Connection) -> None:
    for id_, team in (("p1", "T1"), ("p2", "T1"), ("p3", "T2")):
        put_poll(db, id_, team_id=team)
    put(db, "forgotten_polls", id="p4", team_id="T1")

    assert [(await store.polls.find("T1", id_)).poll.id for id_ in ("p1", "p2")] == ["p1", "p2"]
    for id_, why in (("p3", PollElsewhere), ("p4", PollForgotten), ("p5", PollUnknown)):
        with pytest.raises(why):
            await store.polls.find("T1", id_)


LUNCH = Draft("Lunch?", ("Pizza", "Soup"))
ELSEWHERE_MADE: Row = {
    "created_by": "U0ADA",
    "remote_id": "7",
    "created_at": NOW + 1,
}


@pytest.mark.parametrize(
    "own", [{}, {"created_by": "U0BEN", "found": 1}, {"created_at": NOW}], ids=str
)
async def test_what_was_made_elsewhere_is_adopted_once_if_it_is_what_was_asked_for(
    store: Store, db: Connection, own: Row
) -> None:
    others: list[Row] = [
        {"created_by": "U0BEN"},
        {"created_at": NOW - 1},
        {"team_id": "T2"},
        {"subject": "PLAT-2"},
        {"title": "Dinner?"},
        {"options": "[]"},
        {"remote_id": None},
        {"deleted_at": NOW + 2},
    ]
    for nth, unlike in enumerate(others):
        put_poll(db, f"p{nth}", **(ELSEWHERE_MADE | unlike))
    adopt = partial(
        kept_rows.adopt, owner=ADA, subject="PLAT-1", draft=LUNCH, stamp="1.1", since=NOW
    )
    assert await store.outbox._writer.do(adopt) is None
    put_poll(db, "px", **(ELSEWHERE_MADE | own))
    before = rows(db, "polls")

    found = await store.outbox._writer.do(adopt)

    assert found is not None
    assert (found.poll.id, found.poll.created_by, found.found) == ("px", "U0ADA", False)
    assert await store.outbox._writer.do(adopt) is None
    *unlike_it, adopted = rows(db, "polls")
    assert [*unlike_it, adopted] == [*before[:-1], before[-1] | {"created_by": "U0ADA", "found": 0}]
    made = [(row["user_id"], row["stamp"], row["deed"]) for row in rows(db, "deliveries")]
    assert made == [("U0ADA", "1.1", "px")]


@pytest.mark.parametrize("table", ["cards", "deliveries"])
async def test_what_belongs_to_a_card_or_to_another_delivery_is_not_adopted(
    store: Store, db: Connection, table: str
) -> None:
    put_poll(db, "p1", **ELSEWHERE_MADE)
    made = {"subject": "new poll", "deed": "p1", "user_id": "U0ADA"}
    put(db, table, team_id="T1", **({"id": "c1", "poll_id": "p1"} if table == "cards" else made))

    asked = partial(
        kept_rows.adopt, owner=ADA, subject="PLAT-1", draft=LUNCH, stamp="1.1", since=NOW
    )
    assert await store.outbox._writer.do(asked) is None


@pytest.mark.parametrize(
    ("read_at", "due_at", "looked_at"),
    [
        (NOW - 60, NOW + 300, NOW),
        (NOW - 1, NOW + 300, NOW - 1 + FRESH),
        (NOW - 60, None, NOW),
        (NOW - 60, NOW - 2, NOW - 2),
    ],
)
async def test_the_source_of_a_poll_is_looked_at_soon_and_not_too_often(
    store: Store, db: Connection, read_at: float, due_at: float | None, looked_at: float
) -> None:
    home = {"source_id": "s1", "source": "team_voice", "place": '"PLAT"'}
    for id_ in ("p1", "p2"):
        put_poll(db, id_, **home, remote_id=id_, read_at=read_at, read_due_at=due_at)
    kept = await store.polls.find("T1", "p1")

    await store.outbox._writer.do(partial(kept_rows.look_soon, kept=kept, now=NOW))

    due = {row["id"]: row["read_due_at"] for row in rows(db, "polls")}
    assert due == {"p1": looked_at, "p2": due_at}


async def test_comments_that_were_seen_with_names_are_those_of_the_poll_that_gives_names_up(
    store: Store, db: Connection
) -> None:
    for id_ in ("p1", "p2"):
        put_poll(db, id_)
        put(db, "comments", poll_id=id_, voter="U0BEN", comment="Why not?")
        put(db, "counts", poll_id=id_, option_id="1", answers=3)
    kept = await store.polls.find("T1", "p1")

    await store.outbox._writer.do(partial(step_rows.keep, kept=kept))

    assert [(row["poll_id"], row["shown"]) for row in rows(db, "comments")] == [
        ("p1", 1),
        ("p2", 0),
    ]


async def test_whoever_is_reminded_on_a_date_is_reminded_on_that_date(
    store: Store, db: Connection
) -> None:
    put_poll(db, "p1", remind_due_at=NOW + 2 * DAY)

    assert await held(store.endings.reminders, NOW) == []
    [one] = await held(store.endings.reminders, NOW + 2 * DAY)
    assert one.work.poll.id == "p1"


async def test_a_template_is_kept_once_for_each_delivery_of_each_person(store: Store) -> None:
    keep = partial(store.saved_polls.keep, title="Lunch?", definition=Definition(LUNCH), now=NOW)
    asked = [(ADA, "1"), (ADA, "2"), (BEN, "1"), (TWIN, "1")]

    made = [(await keep(person, stamp=stamp)).id for person, stamp in asked]
    again = [(await keep(person, stamp=stamp)).id for person, stamp in asked]

    assert again == made
    assert len(set(made)) == 4


async def test_where_a_poll_will_live_is_known_by_its_project_or_space(
    store: Store, db: Connection
) -> None:
    for id_, team, site, workspace in (
        ("s1", "T1", "", "PLAT"),
        ("s2", "T1", "", "77"),
        ("s3", "T1", ELSEWHERE, "OPS"),
        ("s4", "T2", "", "WEB"),
    ):
        put(db, "sources", id=id_, team_id=team, site=site, workspace=workspace)
    for page, space, site in (("5", "77", ""), ("6", "78", ""), ("5", "78", ELSEWHERE)):
        put(db, "pages", team_id="T1", site=site, page_id=page, space_id=space)
    lives = "SELECT " + of_new_poll("'T1'", "?1")

    def lives_in(kind: str, subject: str, *, site: str = "", local: bool = False) -> str | None:
        ask = json.dumps({"kind": kind, "subject": subject, "site": site, "local": local})
        return db.execute(lives, (ask,)).fetchone()[0]  # type: ignore[no-any-return]

    assert lives_in("issue", "PLAT-12") == "s1"
    assert lives_in("issue", "PLAT-12", local=True) is None
    assert lives_in("issue", "PLAT-12", site=ELSEWHERE) is None
    assert lives_in("issue", "OPS-1", site=ELSEWHERE) == "s3"
    assert [lives_in("issue", key) for key in ("OPS-1", "WEB-1", "PLATO-1")] == [DEFAULT] * 3
    assert [lives_in("page", page) for page in ("5", "6", "7")] == ["s2", None, None]
    assert lives_in("page", "5", site=ELSEWHERE) is None
    assert lives_in("plain", "") is None


async def test_a_card_that_is_wanted_is_no_news_of_another(store: Store, db: Connection) -> None:
    put(db, "cards", id="c1", team_id="T1", channel_id="C1", issue_key="PLAT-1", due_at=None)
    before = rows(db, "cards")
    want = partial(
        card_rows.want,
        vault=store.cards._vault,
        chance=store.cards._chance,
        person=ADA,
        wanted=Wanted("C1", SITE, None, "1", "PLAT-2"),
        now=NOW,
    )

    await store.outbox._writer.do(want)
    await store.outbox._writer.do(want)

    [new] = [row for row in rows(db, "cards") if row["id"] != "c1"]
    assert (new["issue_key"], new["due_at"]) == ("PLAT-2", NOW)
    assert [row for row in rows(db, "cards") if row["id"] == "c1"] == before


async def test_a_poll_that_waits_is_found_by_its_id_and_in_its_team(
    store: Store, db: Connection
) -> None:
    for nth, (team, subject) in enumerate((("T1", "PLAT-1"), ("T1", "PLAT-2"), ("T2", "PLAT-3"))):
        ask = TypeAdapter(Ask).dump_json(Ask(LUNCH, "issue", subject)).decode()
        about = {"kind": "issue", "subject": subject, "ask": ask, "stamp": f"{nth}"}
        put(db, "waiting_polls", id=f"w{nth}", team_id=team, **about, state="queued")

    found = [await store.waiting_polls.find("T1", f"w{nth}", NOW) for nth in range(4)]

    assert [one and one.ask.subject for one in found] == ["PLAT-1", "PLAT-2", None, None]


async def test_what_an_entry_of_the_log_says_of_a_poll_is_what_it_is_on(
    store: Store, db: Connection
) -> None:
    for id_, kind, subject in (("p1", "issue", "PLAT-1"), ("p2", "plain", "")):
        put_poll(db, id_, kind=kind, subject=subject)
        kept = await store.polls.find("T1", id_)
        note = partial(note_poll, by="U0ADA", what=What.POLL_CLOSED, kept=kept, now=NOW)
        await store.outbox._writer.do(note)

    said = {row["about"]: json.loads(row["fields"]) for row in rows(db, "audit")}
    assert said["p1"]["on"] == "PLAT-1"
    assert not said["p2"].get("on")
