"""What is kept of a person, and how each table forgets them.

Each table that holds a user id has its line here; tests/forgetting/ looks that none is missing,
and that nothing of somebody who was forgotten is left anywhere.
"""

from dataclasses import dataclass

from pollbot.people import Person
from pollbot.polls import person_rows
from pollbot.rights import rows as right_rows
from pollbot.store import audit
from pollbot.store.audit import What
from pollbot.store.deliveries import act
from pollbot.store.writer import Connection, Writer, reading
from pollbot.workflows import rows as workflows

DELETED = (
    ("accounts", "user_id"),
    ("grants", "user_id"),
    ("sign_ins", "user_id"),
    ("intents", "user_id"),
    ("watches", "user_id"),
    ("cast_votes", "user_id"),
    ("tries", "user_id"),
    ("muted", "user_id"),
    ("muted_reminders", "user_id"),
    ("receipts", "user_id"),
    ("waiting_polls", "user_id"),
    ("schedules", "owner"),
    ("thresholds", "owner"),
    ("poll_templates", "owner"),
    ("outbox", "reader"),
    ("deliveries", "user_id"),
)
"""Rows that are theirs alone: they go."""
NAMELESS = (
    ("cards", "posted_by"),
    ("links", "linked_by"),
    ("page_links", "linked_by"),
    ("sources", "set_by"),
    ("records", "owner"),
    ("voted_issues", "passed_over"),
)
"""Rows that others use: they stay, as nobody's."""
COUNTED = (*DELETED, *NAMELESS)
_VOTES = ("intents", "watches", "cast_votes")
OF_RUNS = (("executions", "inputs"),)
"""What workflows/rows.py forgets."""
INSTALLED = (("installations", "installed_by"),)
"""The same, of a workspace as a whole."""
_OF_RULES = (
    ("threshold_states", "threshold_id"),
    ("crossings", "threshold_id"),
    ("thresholds", "id"),
)
_UNWRITTEN = ("records",)
"""A result that is not on its issue yet would be written in their name."""
_FRAMED = ("cards",)
"""What hangs around a schedule's post says by whose schedule it is."""
OF_POLLS = (
    ("answers", "voter"),
    ("comments", "voter"),
    ("unfinished", "voter"),
    ("additions", "added_by"),
    ("polls", "created_by"),
    ("polls", "closed_by"),
    ("polls", "owners"),
)
"""What polls/person_rows.py forgets."""
NAMED_IN = (
    ("polls", "settings", "created_by"),
    ("schedules", "plan", "owner"),
    ("waiting_polls", "ask", "user_id"),
    ("poll_templates", "definition", "owner"),
)
"""JSON that may name them among others: another word takes the place of their id.

After each column stands whose the row is, since a person's own are counted as such.
"""
NOBODY = "forgotten"
"""What stands in such JSON in the place of somebody who was forgotten."""


@dataclass(frozen=True, slots=True)
class Held:
    """How much is kept of a person, by kind.

    ``answers`` are those in polls that keep names, ``open_answers`` of them in open ones.
    ``templates`` count those they share, too.
    """

    accounts: int = 0
    votes: int = 0
    schedules: int = 0
    thresholds: int = 0
    templates: int = 0
    polls: int = 0
    answers: int = 0
    open_answers: int = 0
    others: int = 0
    entries: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is kept."""
        return self == Held()


class ForgetRows:
    """Looks for a person everywhere, and forgets them in one transaction."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @reading
    def held(self, db: Connection, person: Person, now: float) -> Held:
        """Return how much is kept of the person."""
        return _held(db, person, now)

    @act
    def forget(self, db: Connection, person: Person, by: Person, now: float) -> Held:
        """Forget the person; return what there was. Once more, there is nothing left to do."""
        held = _held(db, person, now)
        mine = (person.team_id, person.user_id)
        person_rows.forget_person(db, person, now)
        rules = db.execute(
            "SELECT id FROM thresholds WHERE team_id = ? AND owner = ? ORDER BY id", mine
        ).fetchall()
        for (rule_id,) in rules:
            for table, column in _OF_RULES:
                db.execute(f"DELETE FROM {table} WHERE {column} = ?", (rule_id,))
        for table in _UNWRITTEN:
            db.execute(
                f"DELETE FROM {table} WHERE team_id = ? AND owner = ? AND state <> 'written'", mine
            )
        for table in _FRAMED:
            db.execute(f"UPDATE {table} SET frame = NULL WHERE team_id = ? AND posted_by = ?", mine)
        for table, column in DELETED:
            db.execute(f"DELETE FROM {table} WHERE team_id = ? AND {column} = ?", mine)
        for table, column in NAMELESS:
            db.execute(f"UPDATE {table} SET {column} = '' WHERE team_id = ? AND {column} = ?", mine)
        for table, column in INSTALLED:
            db.execute(f"UPDATE {table} SET {column} = '' WHERE id = ? AND {column} = ?", mine)
        right_rows.forget_person(db, person)
        quoted = f'"{person.user_id}"'
        workflows.forget_person(db, person, now)
        for table, column, _ in NAMED_IN:
            db.execute(
                f"UPDATE {table} SET {column} = replace({column}, ?, ?)"
                f" WHERE team_id = ? AND {column} LIKE ?",
                (quoted, f'"{NOBODY}"', person.team_id, f"%{quoted}%"),
            )
        audit.forget_person(db, person)
        if not held.is_nothing:
            doer = audit.nobody(by.team_id) if by == person else by
            audit.note(db, doer, What.PERSON_FORGOTTEN, "", now, themselves=by == person)
        return held


def _held(db: Connection, person: Person, now: float) -> Held:
    mine = (person.team_id, person.user_id)
    counted = {}
    for table, column in COUNTED:
        (counted[table],) = db.execute(
            f"SELECT count(*) FROM {table} WHERE team_id = ? AND {column} = ?", mine
        ).fetchone()
    for table, column, owner in NAMED_IN:
        (counted[f"{table} of others"],) = db.execute(
            f"SELECT count(*) FROM {table} WHERE team_id = ? AND {owner} <> ? AND {column} LIKE ?",
            (*mine, f'%"{person.user_id}"%'),
        ).fetchone()
    counted["executions"] = workflows.used_by(db, person)
    answers, open_answers = person_rows.answers_of(db, person, now)
    shown = ("accounts", *_VOTES, "schedules", "thresholds", "poll_templates")
    return Held(
        accounts=counted["accounts"],
        votes=sum(counted[table] for table in _VOTES),
        schedules=counted["schedules"],
        thresholds=counted["thresholds"],
        templates=counted["poll_templates"],
        polls=person_rows.polls_of(db, person),
        answers=answers,
        open_answers=open_answers,
        others=sum(number for table, number in counted.items() if table not in shown)
        + right_rows.names(db, person),
        entries=audit.entries_of(db, person),
    )
