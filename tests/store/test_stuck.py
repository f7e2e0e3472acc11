"""An issue that Jira hangs on, or a Team Voice, holds some of each queue and never the rest."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pollbot.database import Store
from pollbot.store.queue import Work
from pollbot.store.writer import Connection
from tests.support import stored

SITE, NOW, MANY = "https://acme.atlassian.net", 1_700_000_000.0, 40
STUCK, OTHER = "PLAT-1", "PLAT-2"

Make = Callable[[Connection, int, str], None]


def row(db: Connection, table: str, **columns: object) -> None:
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  names of ours
    db.execute(insert, tuple(columns.values()))


def wished(db: Connection, n: int, issue: str) -> None:
    row(
        db,
        "intents",
        id=f"i{n}",
        team_id="T",
        user_id=f"U{n}",
        site=SITE,
        issue_key=issue,
        wish="vote",
        state="queued",
        asked_at=NOW,
        channel_id=f"C{n}",
        due_at=NOW - MANY + n,
    )


def card(db: Connection, n: int, issue: str) -> None:
    row(
        db,
        "cards",
        id=f"c{n}",
        team_id="T",
        channel_id=f"C{n}",
        site=SITE,
        issue_key=issue,
        posted_by=f"U{n}",
        made_at=NOW,
        due_at=NOW - MANY + n,
    )


def poll(db: Connection, n: int, issue: str) -> None:
    row(
        db,
        "polls",
        id=f"p{n}",
        team_id="T",
        site=SITE,
        kind="issue",
        subject=issue,
        title="Which?",
        description="",
        options="[]",
        settings="{}",
        created_by=f"U{n}",
        created_at=NOW,
        closed_at=NOW,
    )


def record(db: Connection, n: int, issue: str) -> None:
    poll(db, n, issue)
    row(
        db,
        "records",
        poll_id=f"p{n}",
        team_id="T",
        site=SITE,
        issue_key=issue,
        owner=f"U{n}",
        state="wanted",
        closed_at=NOW,
        due_at=NOW - MANY + n,
    )


def schedule(db: Connection, n: int, what: str, subject: str) -> None:
    row(
        db,
        "schedules",
        id=f"s{n}",
        team_id="T",
        site=SITE,
        owner=f"U{n}",
        plan=json.dumps({"what": what, "subject": subject, "channel_id": f"C{n}"}),
        made_at=NOW,
        next_at=NOW,
        due_at=NOW - MANY + n,
    )


def votes_posted(db: Connection, n: int, issue: str) -> None:
    schedule(db, n, "issue", issue)


def results_posted(db: Connection, n: int, issue: str) -> None:
    poll(db, n, issue)
    schedule(db, n, "poll", f"p{n}")


def waiting_poll(db: Connection, n: int, issue: str) -> None:
    row(
        db,
        "waiting_polls",
        id=f"w{n}",
        team_id="T",
        user_id=f"U{n}",
        site=SITE,
        kind="issue",
        subject=issue,
        ask=json.dumps({"kind": "issue", "subject": issue, "local": True}),
        stamp="",
        channel_id=f"C{n}",
        state="queued",
        asked_at=NOW,
        due_at=NOW - MANY + n,
    )


def source(db: Connection, workspace: str) -> None:
    """Have a Team Voice for the polls of a project or space, unless there is one."""
    db.execute(
        "INSERT INTO sources (id, team_id, workspace, url, token, set_by, set_at)"
        " VALUES (?, 'T', ?, '', '', '', 0) ON CONFLICT DO NOTHING",
        (f"of {workspace}", workspace),
    )


def asked_on_issue(db: Connection, n: int, issue: str) -> None:
    project = "STUCK" if issue == STUCK else "OTHER"
    source(db, project)
    asked(db, n, "issue", f"{project}-{n}")


def asked_on_page(db: Connection, n: int, issue: str) -> None:
    space = "1001" if issue == STUCK else "1002"
    source(db, space)
    row(db, "pages", team_id="T", page_id=f"{n}", space_id=space, title="")
    asked(db, n, "page", f"{n}")


def asked(db: Connection, n: int, kind: str, subject: str) -> None:
    schedule(db, n, "ask", "")
    ask = {"kind": kind, "subject": subject, "local": False}
    db.execute(
        "UPDATE schedules SET plan = json_patch(plan, ?) WHERE id = ?",
        (json.dumps({"ask": ask}), f"s{n}"),
    )


def waits_for_team_voice(db: Connection, n: int, issue: str) -> None:
    project = "STUCK" if issue == STUCK else "OTHER"
    source(db, project)
    waits_for_the_default(db, n, f"{project}-{n}")


def waits_for_the_default(db: Connection, n: int, issue: str) -> None:
    """Have a poll wait for the default Team Voice; one on the other issue lives in pollbot."""
    waiting_poll(db, n, f"PLAT-{n}" if issue == STUCK else issue)
    if issue != OTHER:
        db.execute(
            "UPDATE waiting_polls SET ask = json_patch(ask, '{\"local\": false}') WHERE id = ?",
            (f"w{n}",),
        )


def asked_of_the_default(db: Connection, n: int, issue: str) -> None:
    """Have a new poll be scheduled at the default Team Voice, or an issue's votes."""
    if issue == STUCK:
        asked(db, n, "issue", f"PLAT-{n}")
    else:
        votes_posted(db, n, issue)


def of_source(make: Make) -> Make:
    """Return the same for a poll that lives in a Team Voice, on an issue of its own."""

    def made(db: Connection, n: int, source: str) -> None:
        make(db, n, f"ISSUE-{n}")
        db.execute("UPDATE polls SET source_id = ? WHERE id = ?", (source, f"p{n}"))

    return made


@pytest.mark.parametrize(
    ("work", "make"),
    [
        (lambda store: store.intents.work, wished),
        (lambda store: store.cards.work, card),
        (lambda store: store.records.work, record),
        (lambda store: store.schedules.work, votes_posted),
        (lambda store: store.schedules.work, results_posted),
        (lambda store: store.waiting_polls.work, waiting_poll),
        (lambda store: store.records.work, of_source(record)),
        (lambda store: store.schedules.work, of_source(results_posted)),
        (lambda store: store.schedules.work, asked_on_issue),
        (lambda store: store.schedules.work, asked_on_page),
        (lambda store: store.schedules.work, asked_of_the_default),
        (lambda store: store.waiting_polls.work, waits_for_team_voice),
        (lambda store: store.waiting_polls.work, waits_for_the_default),
    ],
    ids=[
        "votes",
        "cards",
        "records",
        "schedules of issues",
        "schedules of polls on issues",
        "waiting polls",
        "records of polls in a Team Voice",
        "schedules of polls in a Team Voice",
        "schedules of new polls on issues in a Team Voice",
        "schedules of new polls on pages in a Team Voice",
        "schedules of new polls in the default Team Voice",
        "waiting polls in a Team Voice",
        "waiting polls in the default Team Voice",
    ],
)
async def test_a_stuck_issue_or_source_delays_no_other(
    tmp_path: Path, work: Callable[[Store], Work[Any]], make: Make
) -> None:
    store = Store(tmp_path / "pollbot.db", [])
    try:
        with stored.opened(tmp_path / "pollbot.db") as db:
            for n in range(MANY):
                make(db, n, STUCK)
            make(db, MANY, OTHER)
        queue = work(store)
        # What only stands in the row matters here, and not what a worker would read of it.
        queue._read = lambda found, _: found

        held = (await queue.claim(NOW, 12)).held

        assert any(one.work[0].endswith(str(MANY)) for one in held)
        assert 1 < len(held) <= 12
    finally:
        store.close()
