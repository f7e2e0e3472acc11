"""What is done for one person, or one thing, leaves alone whatever lies beside it."""

import itertools
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from pollbot.database import Store
from pollbot.jira.issues import Told
from pollbot.jira.rules import Wish
from pollbot.people import Account, Person
from pollbot.polls.answers import step_rows, unfinished_rows
from pollbot.polls.ends import rows as end_rows
from pollbot.records.rows import Record
from pollbot.store import outbox
from pollbot.store.outbox import Kind, Notice
from pollbot.store.queue import Later
from pollbot.store.writer import Connection
from pollbot.thresholds.rules import Crossing, Rule, What
from pollbot.votes.shipped.rules import CastVote, VotedIssue
from pollbot.votes.watches.rules import Watched
from tests.support import stored
from tests.support.connecting import keep_account
from tests.support.held import held
from tests.support.neighbours import (
    ADA,
    BEN,
    DAY,
    ELSEWHERE,
    NOW,
    SITE,
    TWIN,
    Row,
    columns_of,
    put,
    rows,
)

POLL = '{"draft": {"title": "Lunch?"}}'


# Rows are written by what SQLite says of its tables; servers understand the same statements.
pytestmark = pytest.mark.of_files


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    store = Store(path, [Fernet.generate_key().decode()])
    yield store
    store.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pollbot.db"


@pytest.fixture
def db(store: Store, path: Path) -> Iterator[Connection]:
    del store
    with stored.opened(path) as db:
        yield db


# An account, and what waits for it

WAITING: dict[str, tuple[str, list[Row]]] = {
    "intents": (
        "user_id",
        [{"state": state, "wish": "vote"} for state in ("queued", "unconnected", "settled")],
    ),
    "watches": ("user_id", [{"outcome": None, "parked": 1}, {"outcome": "done", "parked": 1}]),
    "cast_votes": ("user_id", [{}]),
    "waiting_polls": (
        "user_id",
        [
            {"state": state, "kind": "issue", "ask": POLL}
            for state in ("queued", "unconnected", "making", "settled")
        ],
    ),
    "records": (
        "owner",
        [{"state": state} for state in ("wanted", "unconnected", "written", "refused")],
    ),
    "schedules": ("owner", [{"paused": p, "needs_jira": j} for p, j in ((0, 0), (1, 0), (1, 1))]),
    "thresholds": ("owner", [{"paused": p, "needs_jira": j} for p, j in ((0, 0), (1, 0), (1, 1))]),
}
"""Tables with work for accounts: who it is for, and how it may stand."""

GONE: Row = {}
UNLIKE: dict[str, tuple[str, ...]] = {
    "intents": ("id", "issue_key"),
    "watches": ("id", "issue_key"),
    "cast_votes": ("id", "issue_key"),
    "waiting_polls": ("id", "stamp"),
    "records": ("poll_id",),
    "schedules": ("id", "stamp"),
    "thresholds": ("id", "stamp"),
}
"""What two rows of a table never have in common."""

BECOMES: dict[str, dict[str, list[tuple[Row, Row]]]] = {
    "connected": {
        "intents": [({"state": "unconnected"}, {"state": "queued"})],
        "watches": [({"outcome": None}, {"parked": 0})],
        "waiting_polls": [({"state": "unconnected"}, {"state": "queued"})],
        "records": [({"state": "unconnected"}, {"state": "wanted"})],
        "schedules": [({"needs_jira": 1}, {"paused": 0, "needs_jira": 0})],
        "thresholds": [({"needs_jira": 1}, {"paused": 0, "needs_jira": 0})],
    },
    "disconnected": {
        "intents": [({"state": "queued"}, GONE), ({"state": "unconnected"}, GONE)],
        "watches": [({"outcome": None}, GONE)],
        "cast_votes": [({}, GONE)],
        "waiting_polls": [({"state": "queued"}, GONE), ({"state": "unconnected"}, GONE)],
    },
    "refused": {
        "intents": [({"state": "queued"}, {"state": "unconnected"})],
        "waiting_polls": [({"state": "queued"}, {"state": "unconnected"})],
    },
}
"""What becomes of Ada's work on the site, by what became of her account; of all else nothing."""


TOLD_ON_THE_WAY = {"due_at", "version", "told", "attempts", "errand"}
"""Columns that say when it goes on and who hears of it, which stories look at."""


@pytest.mark.parametrize("event", BECOMES)
async def test_what_becomes_of_an_account_is_for_its_persons_work_on_its_site_alone(
    store: Store, db: Connection, event: str
) -> None:
    account = Account("acc-ada", "Ada", SITE, "Basic abc")
    whose = list(itertools.product((ADA, BEN, TWIN), (SITE, ELSEWHERE)))
    for person, site in whose if event != "connected" else ():
        await keep_account(store, person, site, account, NOW)
    for table, (user, states) in WAITING.items():
        for nth, ((person, site), state) in enumerate(itertools.product(whose, states)):
            if table == "records":
                put(db, "polls", id=f"{nth}", team_id=person.team_id, kind="plain")
            unlike = dict.fromkeys(UNLIKE[table], f"{nth}")
            of_whom = {"team_id": person.team_id, user: person.user_id, "site": site}
            put(db, table, **unlike, **of_whom, **state, due_at=NOW - 60)
    before = {table: rows(db, table) for table in WAITING}

    match event:
        case "connected":
            await keep_account(store, ADA, SITE, account, NOW)
        case "disconnected":
            await store.accounts.disconnect(ADA, [SITE], NOW)
        case _:
            assert await store.accounts.refused(ADA, SITE, "Basic abc", "", NOW)

    for table, (user, _) in WAITING.items():
        becomes = BECOMES[event].get(table, [])

        def is_hers(row: Row, user: str = user) -> bool:
            return (row["team_id"], row[user], row["site"]) == (ADA.team_id, ADA.user_id, SITE)

        expected = []
        for row in before[table]:
            then = [then for had, then in becomes if is_hers(row) and had.items() <= row.items()]
            if GONE not in then:
                expected.append(row | (then[0] if then else {}))
        said = TOLD_ON_THE_WAY
        assert [but_for(said, row) if is_hers(row) else row for row in rows(db, table)] == [
            but_for(said, row) if is_hers(row) else row for row in expected
        ], table


def but_for(names: set[str], row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in names}


# An issue that has a new key, and what is kept under it


def text(**said: Any) -> str:
    """Return JSON as SQLite writes it."""
    return json.dumps(said, separators=(",", ":"))


def asking(kind: str, key: str) -> str:
    return text(what="ask", ask={"kind": kind, "subject": key})


def ask(key: str) -> str:
    return text(subject=key, draft={"title": "Lunch?"})


KEPT: list[tuple[str, bool, Callable[[str], Row]]] = [
    ("intents", True, lambda key: {"issue_key": key, "wish": "vote", "state": "queued"}),
    ("watches", True, lambda key: {"issue_key": key}),
    ("cast_votes", True, lambda key: {"issue_key": key}),
    ("voted_issues", True, lambda key: {"issue_key": key}),
    ("tries", True, lambda key: {"issue_key": key, "wish": "vote"}),
    ("vote_counts", True, lambda key: {"issue_key": key}),
    ("cards", True, lambda key: {"issue_key": key}),
    ("links", True, lambda key: {"issue_key": key}),
    ("crossings", True, lambda key: {"issue_key": key}),
    ("records", True, lambda key: {"issue_key": key, "state": "wanted"}),
    ("polls", True, lambda key: {"kind": "issue", "subject": key}),
    ("polls", False, lambda key: {"kind": "page", "subject": key}),
    (
        "waiting_polls",
        True,
        lambda key: {"kind": "issue", "subject": key, "ask": ask(key), "state": "queued"},
    ),
    (
        "waiting_polls",
        False,
        lambda key: {"kind": "page", "subject": key, "ask": ask(key), "state": "queued"},
    ),
    ("schedules", True, lambda key: {"plan": text(what="issue", subject=key)}),
    ("schedules", False, lambda key: {"plan": text(what="poll", subject=key)}),
    (
        "schedules",
        True,
        lambda key: {"plan": asking("issue", key)},
    ),
    (
        "schedules",
        False,
        lambda key: {"plan": asking("page", key)},
    ),
    ("schedules", True, lambda key: {"plan": text(what="top"), "snapshot": json.dumps({key: 3})}),
    ("thresholds", True, lambda key: {"what": "issue", "subject": key}),
    ("threshold_states", True, lambda key: {"issue_key": key}),
]
"""Rows that are about an issue, and whether they are about it by its key."""

SEEN_ANEW = {"changes", "due_at", "errand", "issue", "read_at"}
"""Columns of what is to be drawn or looked at once more, which stories look at."""


async def test_an_issue_that_moves_takes_along_what_is_its_own(
    store: Store, db: Connection
) -> None:
    places = list(itertools.product((SITE, ELSEWHERE), ("OLD-1", "OLD-2")))
    for entry, (table, _, made) in enumerate(KEPT):
        columns = columns_of(db, table)
        for nth, (site, key) in enumerate(places):
            id_ = f"{entry}-{nth}"
            if table == "records":
                put(db, "polls", id=id_, team_id="T1", kind="plain")
            if table == "threshold_states":
                put(db, "thresholds", id=id_, team_id="T1", site=site, stamp=id_)
            unlike = dict.fromkeys(columns & {"id", "poll_id", "stamp", "channel_id"}, id_)
            of = {"team_id": "T1", "site": site, "threshold_id": id_}
            put(
                db, table, **unlike, **{name: of[name] for name in columns & of.keys()}, **made(key)
            )
    before = {table: rows(db, table) for table, *_ in KEPT}

    await store.issues.learn(Told(SITE, (("10001", "OLD-1"),), 1))
    assert {table: rows(db, table) for table in before} == before
    await store.issues.learn(Told(SITE, (("10001", "NEW-1"),), 2))

    for table, had in before.items():
        of_table = [(follows, made) for name, follows, made in KEPT if name == table]
        moved = []
        for row in had:
            own = any(
                follows and made("OLD-1").items() <= row.items() and is_of(db, row, SITE)
                for follows, made in of_table
            )
            moved.append(json.loads(json.dumps(row).replace("OLD-1", "NEW-1")) if own else row)
        moved.sort(key=lambda row: [*row.values()][:3])
        assert [but_for(SEEN_ANEW, row) for row in rows(db, table)] == [
            but_for(SEEN_ANEW, row) for row in moved
        ], table


def is_of(db: Connection, row: Row, site: str) -> bool:
    if "site" in row:
        return bool(row["site"] == site)
    of = db.execute("SELECT site FROM thresholds WHERE id = ?", (row["threshold_id"],)).fetchone()
    return bool(of[0] == site)


# One thing of several alike


@pytest.mark.parametrize(
    ("kind", "readers"),
    [
        (Kind.ANNOUNCEMENT, {"c1": "U0ADA", "c2": "U0BEN", "c3": "U0CLEO"}),
        (Kind.OUTSIDE, {"c1": "U0DORA", "c2": "U0DORA", "c3": "U0CLEO"}),
    ],
)
async def test_a_word_about_a_card_is_for_whoever_it_belongs_to(
    store: Store, db: Connection, kind: Kind, readers: dict[str, str]
) -> None:
    for poll, user in (("p1", "U0ADA"), ("p2", "U0BEN")):
        put(db, "polls", id=poll, team_id="T1", kind="plain", created_by=user)
        put(db, "cards", id=f"c{poll[1]}", team_id="T1", poll_id=poll, posted_by="U0DORA")
    put(db, "cards", id="c3", team_id="T1", posted_by="U0CLEO")

    for card in readers:
        owe = partial(outbox.owe, notice=Notice(kind, card), team_id="T1", now=NOW)
        await store.outbox._writer.do(owe)

    words = [one.work for one in await held(store.outbox.work, NOW + 60)]
    assert {one.notice.about: one.reader.user_id for one in words} == readers


async def test_keys_that_may_be_one_issue_are_those_of_a_persons_votes_under_way(
    store: Store, db: Connection
) -> None:
    told = itertools.count()
    for person, site, key, state in (
        (ADA, SITE, "PLAT-1", "queued"),
        (ADA, SITE, "PLAT-2", "queued"),
        (ADA, SITE, "PLAT-3", "unconnected"),
        (ADA, SITE, "PLAT-4", "settled"),
        (ADA, ELSEWHERE, "PLAT-5", "queued"),
        (BEN, SITE, "PLAT-6", "queued"),
        (TWIN, SITE, "PLAT-7", "queued"),
        (ADA, SITE, "PLAT-8", "queued"),
    ):
        whose = {"team_id": person.team_id, "user_id": person.user_id, "site": site}
        id_ = f"{next(told)}"
        put(db, "intents", **whose, id=id_, issue_key=key, state=state, wish="vote")
    for key, wish, answered_at in (
        ("OPS-1", "withdraw", None),
        ("OPS-2", "vote", NOW),
        ("OPS-3", "watch", None),
    ):
        whose = {"team_id": ADA.team_id, "user_id": ADA.user_id, "site": SITE}
        put(db, "tries", **whose, id=key, issue_key=key, wish=wish, answered_at=answered_at)
    for site, key in ((SITE, "PLAT-8"), (ELSEWHERE, "PLAT-1")):
        put(db, "issues", site=site, issue_key=key)

    doubt = await store.tries.doubt(ADA, SITE, "PLAT-1", Wish.VOTE, NOW)

    assert doubt.unknown == ("OPS-1", "PLAT-1", "PLAT-2")


@pytest.mark.parametrize(
    ("of_row", "of_rule"),
    [
        ({"done": 1}, {}),
        ({"id": "gone"}, {}),
        ({}, {"paused": 1}),
        ({}, {"votes": 6}),
        ({}, {"channel_id": "C2"}),
    ],
)
async def test_what_is_not_to_be_told_any_more_is_not_claimed(
    store: Store, db: Connection, of_row: Row, of_rule: Row
) -> None:
    for rule, changed in (("r1", of_rule), ("r2", {})):
        usual = {"votes": 5, "channel_id": "C1", "stamp": rule}
        put(db, "thresholds", **({"id": rule, "team_id": "T1"} | usual | changed))
    for id_, rule, changed in (("x1", "r1", of_row), ("x2", "r2", {})):
        put(db, "crossings", **({"id": id_, "team_id": "T1", "threshold_id": rule} | changed))
    one, other = (Crossing(f"x{nth}", f"r{nth}", ADA, SITE, "PLAT-1", 5, "C1") for nth in (1, 2))

    assert await store.thresholds.claim([one, other], None, NOW) == {"x1"}
    assert rows(db, "outbox") == [], "none, if any is not"
    assert await store.thresholds.claim([other], None, NOW) == set()


async def test_how_much_is_kept_of_a_person_is_theirs_and_of_their_workspace(
    store: Store, db: Connection
) -> None:
    for team, poll, named in (
        ("T1", "p1", {"created_by": "U0ADA"}),
        ("T1", "p2", {"created_by": "U0BEN", "closed_by": "U0ADA"}),
        ("T1", "p3", {"created_by": "U0BEN", "owners": '["U0BEN", "U0ADA"]'}),
        ("T1", "p4", {"created_by": "U0BEN", "owners": '["U0ADAM"]'}),
        ("T2", "p5", {"created_by": "U0ADA", "closed_by": "U0ADA", "owners": '["U0ADA"]'}),
    ):
        put(db, "polls", id=poll, team_id=team, kind="plain", **named)
        for voter in ("U0ADA", "U0BEN"):
            put(db, "answers", poll_id=poll, voter=voter, option_id="1")

    assert [(await store.forgetting.held(one, NOW)).polls for one in (ADA, BEN, TWIN)] == [3, 3, 1]
    mine = await store.forgetting.held(ADA, NOW)
    assert (mine.answers, mine.open_answers) == (4, 4)


async def test_a_vote_that_may_have_left_is_named_where_its_account_goes(
    store: Store, db: Connection
) -> None:
    whose = {"team_id": ADA.team_id, "user_id": ADA.user_id, "site": SITE, "wish": "vote"}
    of_each: list[list[Row]] = [
        [],
        [{"answered_at": None}],
        [{"answered_at": NOW + 1}],
        [{"answered_at": NOW - 1}],
        [{"answered_at": None, "wish": "withdraw"}],
        [{"answered_at": None, "user_id": BEN.user_id}],
        [{"answered_at": None, "site": ELSEWHERE}],
    ]
    for nth, tries in enumerate(of_each):
        key = f"PLAT-{nth}"
        put(db, "intents", **whose, id=key, issue_key=key, state="queued", asked_at=NOW)
        for one in tries:
            put(db, "tries", **(whose | {"id": key, "issue_key": key} | one))

    (gone,) = await store.accounts.disconnect(ADA, [SITE], NOW + 2)

    assert [vote.may_land for vote in gone.dropped.votes] == [False, True, True, *[False] * 4]


async def test_which_sources_take_their_token_is_known_of_each(
    store: Store, db: Connection
) -> None:
    for team, project in (("T1", "WEB"), ("T1", "APP"), ("T1", "OPS"), ("T2", "LAB")):
        put(db, "sources", id=project, team_id=team, workspace=project)
    for kind, about in ((Kind.SOURCE_REFUSED, "OPS"), (Kind.GONE, "WEB")):
        owe = partial(outbox.owe, notice=Notice(kind, about), team_id="T1", now=NOW)
        await store.outbox._writer.do(owe)

    told = await store.home.sources("T1")

    assert list(told.items()) == [("APP", True), ("OPS", False), ("WEB", True)]


async def test_another_rule_for_one_threshold_is_none_for_another(
    store: Store, db: Connection
) -> None:
    made = [
        await store.thresholds.add(person, site, Rule(What.ISSUE, "PLAT-1", 5, "C1"), stamp, NOW)
        for person, site, stamp in (
            (ADA, SITE, "1"),
            (ADA, ELSEWHERE, "2"),
            (BEN, SITE, "1"),
            (TWIN, SITE, "1"),
        )
    ]
    before = {row["id"]: row for row in rows(db, "thresholds")}
    rule = Rule(What.ISSUE, "PLAT-2", 9, "C2")

    changed = await store.thresholds.change(made[0], rule, NOW + 1)

    assert changed.rule == rule
    after = {row["id"]: row for row in rows(db, "thresholds")}
    assert {id_ for id_ in after if after[id_] != before[id_]} == {made[0].id}


async def test_an_issue_is_looked_at_as_its_own_voters_one_after_the_other(
    store: Store, db: Connection
) -> None:
    for person, site, refused_at in (
        (ADA, SITE, None),
        (BEN, SITE, None),
        (Person("T1", "U0CLEO"), SITE, NOW),
        (Person("T2", "U0ABE"), SITE, None),
        (Person("T1", "U0ABE"), SITE, None),
        (Person("T1", "U0ABE"), ELSEWHERE, None),
    ):
        of = {"team_id": person.team_id, "user_id": person.user_id, "site": site}
        put(db, "accounts", **of, refused_at=refused_at)
        key = "PLAT-2" if (person.team_id, person.user_id, site) == ("T1", "U0ABE", SITE) else None
        put(db, "cast_votes", **of, id="/".join(of.values()), issue_key=key or "PLAT-1")
    issues = [VotedIssue(f"v{nth}", "T1", SITE, f"PLAT-{nth}") for nth in (1, 2, 3)]
    for issue in issues:
        put(db, "voted_issues", id=issue.id, team_id="T1", site=SITE, issue_key=issue.issue_key)
    db.execute("UPDATE cast_votes SET resolved = 1 WHERE issue_key = 'PLAT-1' AND team_id = 'T2'")

    looks = []
    for _ in range(3):
        readers = await store.shipped.readers(issues)
        looks.append({id_: person.user_id for id_, person in readers.items()})
        await store.shipped.passed_over(["v1"], readers["v1"])

    passed = {row["id"]: row["passed_over"] for row in rows(db, "voted_issues")}
    assert passed == {"v1": "U0ADA", "v2": "", "v3": ""}
    assert looks == [
        {"v1": "U0ADA", "v2": "U0ABE"},
        {"v1": "U0BEN", "v2": "U0ABE"},
        {"v1": "U0ADA", "v2": "U0ABE"},
    ]


async def test_what_somebody_wants_to_hear_nothing_of_is_theirs(
    store: Store, db: Connection
) -> None:
    for team, user, project in (
        ("T1", "U0ADA", "WEB"),
        ("T1", "U0ADA", "APP"),
        ("T1", "U0BEN", "OPS"),
        ("T2", "U0ADA", "LAB"),
    ):
        put(db, "muted", team_id=team, user_id=user, site=SITE, project=project)

    assert [one.project for one in await store.shipped.muted(ADA)] == ["APP", "WEB"]


@pytest.mark.parametrize(
    ("of_other", "is_owed"),
    [
        ({}, False),
        ({"team_id": "T2"}, True),
        ({"channel_id": "C2"}, True),
        ({"posted_by": "U0BEN"}, True),
        ({"poll_id": "p1"}, True),
    ],
)
async def test_what_does_not_work_in_a_channel_is_told_there_once(
    store: Store, db: Connection, of_other: Row, *, is_owed: bool
) -> None:
    for id_, other in (("c1", of_other), ("c2", {})):
        of = {"team_id": "T1", "channel_id": "C1", "posted_by": "U0ADA", "site": SITE}
        put(db, "cards", **(of | {"id": id_, "issue_key": "PLAT-1", "changes": 4} | other))
    owe = partial(outbox.owe, notice=Notice(Kind.OUTSIDE, "c1"), team_id="T1", now=NOW)
    await store.outbox._writer.do(owe)
    card = await store.cards.find("T1", "c2", NOW)
    assert card is not None

    await store.cards.posted_by_url(card, NOW, is_to_hear=True)

    owed = {row["about"] for row in rows(db, "outbox") if row["owed"]}
    assert owed == ({"c1", "c2"} if is_owed else {"c1"})
    said = {
        row["id"]: (row["drawn"], row["posted"], row["only_by_url"]) for row in rows(db, "cards")
    }
    assert said == {"c1": (0, 0, 0), "c2": (4, 1, 1)}


async def test_a_wish_that_jira_has_not_taken_yet_is_its_persons(
    store: Store, db: Connection
) -> None:
    for nth, (person, site, key, state) in enumerate(
        (
            (ADA, SITE, "PLAT-1", "queued"),
            (ADA, SITE, "PLAT-2", "settled"),
            (ADA, SITE, "PLAT-3", "unconnected"),
            (BEN, SITE, "PLAT-4", "queued"),
            (TWIN, SITE, "PLAT-4", "queued"),
            (ADA, ELSEWHERE, "PLAT-4", "queued"),
        )
    ):
        of = {"team_id": person.team_id, "user_id": person.user_id, "site": site}
        put(db, "intents", **of, id=f"{nth}", issue_key=key, state=state, wish="withdraw")

    said = [await store.intents.waiting(ADA, SITE, f"PLAT-{nth}") for nth in (1, 2, 3, 4)]

    assert said == [Wish.WITHDRAW, None, Wish.WITHDRAW, None]


async def test_only_a_card_that_is_over_is_forgotten_by_age(store: Store, db: Connection) -> None:
    put(db, "retention", team_id="T1", work=30)
    over = {"team_id": "T1", "posted": 1, "changes": 2, "drawn": 2, "made_at": NOW - 31 * DAY}
    of_each: dict[str, Row] = {
        "over": {},
        "of a poll": {"poll_id": "p1"},
        "not posted": {"posted": 0},
        "not drawn": {"drawn": 1},
        "young": {"made_at": NOW - 29 * DAY},
        "of others": {"team_id": "T2"},
        "owed": {},
    }
    for id_, unlike in of_each.items():
        put(db, "cards", **(over | {"id": id_} | unlike))
    owe = partial(outbox.owe, notice=Notice(Kind.GONE, "owed"), team_id="T1", now=NOW)
    await store.outbox._writer.do(owe)

    gone = await store.retention.forget("T1", NOW)

    assert {row["id"] for row in rows(db, "cards")} == of_each.keys() - {"over"}
    assert (gone.work, gone.polls, gone.more) == (1, 0, False)


async def test_only_a_watch_that_nobody_connected_for_in_time_is_over(
    store: Store, db: Connection
) -> None:
    for id_, outcome, asked_at in (
        ("late", None, NOW - DAY),
        ("young", None, NOW - DAY + 1),
        ("done", "done", NOW - DAY),
    ):
        put(db, "watches", id=id_, issue_key=id_, outcome=outcome, asked_at=asked_at)

    await store.watches.tidy(NOW)

    became = {row["id"]: row["outcome"] for row in rows(db, "watches")}
    assert became == {"late": Watched.EXPIRED, "young": None, "done": "done"}


@pytest.mark.parametrize("connected", [True, False])
async def test_a_record_waits_for_its_owners_account_alone(
    store: Store, db: Connection, *, connected: bool
) -> None:
    for nth, (person, state) in enumerate(
        ((ADA, "wanted"), (ADA, "wanted"), (BEN, "wanted"), (ADA, "written"))
    ):
        put(db, "polls", id=f"p{nth}", team_id="T1", kind="plain")
        of = {"team_id": person.team_id, "owner": person.user_id, "site": SITE}
        put(db, "records", poll_id=f"p{nth}", **of, state=state, due_at=None)
    for person, site, refused_at in (
        (ADA, SITE, None if connected else NOW),
        (ADA, ELSEWHERE, None),
        (BEN, SITE, None),
        (TWIN, SITE, None),
    ):
        of = {"team_id": person.team_id, "user_id": person.user_id, "site": site}
        put(db, "accounts", **of, refused_at=refused_at)
    before = rows(db, "records")

    for nth in (0, 3):
        record = Record(f"p{nth}", ADA, SITE, "PLAT-1", "wanted", None, tried=False, closed_at=NOW)
        await store.records.unconnected(record, NOW)

    first, *others = rows(db, "records")
    assert first["state"] == ("wanted" if connected else "unconnected")
    assert first["due_at"] == NOW
    assert others == before[1:]


async def test_what_somebody_withdrew_lately_is_what_they_last_pressed(
    store: Store, db: Connection
) -> None:
    for team, user, subject, deed, at in (
        ("T1", "U0ADA", "both", "vote", 1),
        ("T1", "U0ADA", "both", "withdraw", 2),
        ("T1", "U0ADA", "back", "withdraw", 1),
        ("T1", "U0ADA", "back", "vote", 2),
        ("T1", "U0ADA", "watched", "watch", 1),
        ("T1", "U0ADA", "old", "withdraw", -1),
        ("T1", "U0BEN", "another's", "withdraw", 1),
        ("T2", "U0ADA", "elsewhere", "withdraw", 1),
    ):
        of = {"team_id": team, "user_id": user, "subject": subject, "deed": deed}
        put(db, "deliveries", **of, stamp=f"{at + 1}", seen_at=NOW + at)

    assert await store.home.withdrawn(ADA, NOW) == {"both"}


async def test_reminders_of_a_workspace_that_leaves_are_left_out_and_no_others(
    store: Store, db: Connection
) -> None:
    for id_, team, at in (("p1", "T1", NOW - 1), ("p2", "T1", NOW + 1), ("p3", "T2", NOW - 1)):
        put(db, "polls", id=id_, team_id=team, kind="plain", remind_due_at=at)
        put(db, "endings", poll_id=id_, team_id=team)

    await store.outbox._writer.do(lambda db: end_rows.leave_out_team(db, "T1", NOW))

    due = {row["id"]: row["remind_due_at"] for row in rows(db, "polls")}
    assert due == {"p1": None, "p2": NOW + 1, "p3": NOW - 1}
    assert [row["poll_id"] for row in rows(db, "endings")] == ["p3"]


async def test_what_was_seen_of_a_poll_follows_its_own_texts(store: Store, db: Connection) -> None:
    for poll in ("p1", "p2"):
        put(db, "polls", id=poll, team_id="T1", kind="plain")
        for place, part in enumerate(("slack", "slack", "jira")):
            counts = json.dumps({"1": place + 1, poll: 7})
            put(db, "steps", poll_id=poll, part=part, place=place, counts=counts)
    before = rows(db, "steps")

    await store.outbox._writer.do(lambda db: step_rows.follow(db, "p1", {"1": "2"}))

    seen = {(row["poll_id"], row["place"]): row["counts"] for row in rows(db, "steps")}
    had = {(row["poll_id"], row["place"]): row["counts"] for row in before}
    assert seen == had | {("p1", nth): json.dumps({"2": nth + 1, "p1": 7}) for nth in (0, 1)}


async def test_an_answer_that_does_not_count_yet_is_what_was_chosen_last(
    store: Store, db: Connection
) -> None:
    both = list(itertools.product(("p1", "p2"), ("U0ADA", "U0BEN")))
    for poll in ("p1", "p2"):
        put(db, "polls", id=poll, team_id="T1", kind="plain")
    for poll, voter in both:
        for option in ("1", "2"):
            put(db, "unfinished", poll_id=poll, voter=voter, option_id=option)
    had, has = frozenset({"1", "2"}), frozenset({"2", "3"})

    await store.outbox._writer.do(
        lambda db: unfinished_rows.keep(db, "p1", "U0ADA", before=had, after=has)
    )

    begun = [
        await store.outbox._writer.do(partial(unfinished_rows.begun, poll_id=poll, voter=voter))
        for poll, voter in both
    ]
    assert begun == [has, had, had, had]


@pytest.mark.parametrize(
    ("of_wish", "says"),
    [
        ({}, "over"),
        ({"user_id": "U0BEN"}, "say"),
        ({"team_id": "T2"}, "say"),
        ({"site": ELSEWHERE}, "say"),
        ({"issue_key": "PLAT-2"}, "say"),
        ({"wish": "vote"}, "say"),
        ({"state": "settled"}, "say"),
    ],
)
async def test_who_takes_a_vote_back_is_not_told_what_became_of_it(
    store: Store, db: Connection, of_wish: Row, says: str
) -> None:
    vote = {"team_id": "T1", "user_id": "U0ADA", "site": SITE, "issue_key": "PLAT-1"}
    put(db, "cast_votes", **vote, id="v1", resolved=1)
    put(db, "intents", **(vote | {"id": "i1", "wish": "withdraw", "state": "queued"} | of_wish))

    assert await store.shipped.claim(CastVote("v1", ADA, SITE, "PLAT-1"), NOW) == says


async def test_what_people_are_only_to_be_told_delays_no_vote_of_their_channel_or_team(
    store: Store, db: Connection
) -> None:
    for nth in range(48):
        of = {"team_id": "T1", "site": f"{SITE}/{nth % 3}", "channel_id": "C1", "wish": "vote"}
        put(db, "intents", **of, id=f"v{nth}", user_id=f"U{nth}", issue_key="A-1", state="queued")
    for nth in range(12):
        of = {"team_id": "T1", "site": SITE, "channel_id": "C1", "wish": "vote"}
        at = {"id": f"w{nth}", "user_id": f"W{nth}", "issue_key": "A-1", "first_key": "A-1"}
        put(db, "intents", **of, **at, state="unconnected")
    db.execute("UPDATE intents SET issue_key = id")

    claimed = await held(store.intents.work, NOW, 99)

    assert Counter(one.work.state for one in claimed) == {"queued": 48, "unconnected": 8}


async def test_words_to_a_person_are_put_together_but_for_answers_to_their_own_message(
    store: Store, db: Connection
) -> None:
    of = {"team_id": "T1", "user_id": "U0ADA", "site": SITE, "state": "unconnected"}
    of_each: list[Row] = [
        {},
        {},
        {"replaces": 1},
        {"channel_id": "C2"},
        {"told": 1},
        {"user_id": "U0BEN"},
    ]
    for nth, own in enumerate(of_each):
        usual = {"channel_id": "C1", "wish": "vote", "issue_key": f"A-{nth}"}
        put(db, "intents", **(of | usual | {"id": f"i{nth}", "due_at": NOW - 9 + nth} | own))
    [first] = await held(store.intents.work, NOW, 1)

    words = await store.intents.claim(first.work, "", NOW)

    assert [one.id for one in words.intents] == ["i0", "i1"]


async def test_an_issue_that_is_looked_at_again_and_again_is_never_late_for_that(
    store: Store, db: Connection
) -> None:
    put(db, "voted_issues", id="v1", team_id="T1", site=SITE, issue_key="A-1", due_at=NOW)
    for nth in range(3):
        [one] = await held(store.shipped.looks, NOW + 600 * nth)
        await store.shipped.looks.put_back(one, Later(NOW + 600 * (nth + 1)), NOW + 600 * nth + 5)

    amounts = await store.outbox._writer.do(
        lambda db: store.shipped.looks.amounts(db, NOW + 600 * 3 + 1)
    )
    assert {state: amount.since for state, amount in amounts.items()} == {"due": NOW + 1800}


async def test_an_account_that_jira_takes_no_more_is_not_used(store: Store) -> None:
    account = Account("acc-ada", "Ada", SITE, "Basic abc")
    used = [await store.accounts.usable(ADA, SITE)]
    await keep_account(store, ADA, SITE, account, NOW)
    used.append(await store.accounts.usable(ADA, SITE))
    await store.accounts.refused(ADA, SITE, "Basic abc", "", NOW)
    used.append(await store.accounts.usable(ADA, SITE))

    assert used == [None, account, None]
    assert await store.accounts.find(ADA, SITE) == replace(account, refused=True)
