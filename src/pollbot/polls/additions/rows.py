"""Options that people added to polls of others: who did, and that one is on its way."""

from dataclasses import dataclass, replace

from pollbot.chance import Chance, new_id
from pollbot.errors import PollGone
from pollbot.people import Person
from pollbot.polls.additions.refusals import ManyAdded
from pollbot.polls.additions.rules import MOST_ADDED, checked_option
from pollbot.polls.answers.key_rows import PollKeys, voter_of
from pollbot.polls.answers.rows import Told, must_be_told
from pollbot.polls.kept import Kept
from pollbot.polls.kept_rows import OPTIONS, find_poll, touch
from pollbot.polls.refusals import SameOption
from pollbot.polls.rules import Option
from pollbot.store import audit
from pollbot.store.audit import What
from pollbot.store.deliveries import act
from pollbot.store.writer import Connection, Writer, reading, transaction
from pollbot.text.writing import alike

_AT_MOST = 60.0
"""Seconds after which an option that is on its way to its source was left there by a crash."""
_KEPT_FOR = 3600.0
"""Seconds for which it is known who asked for what a crash left there: they may ask again."""
_ON_ITS_WAY = "poll_id = ? AND option_id = '' AND added_at > ? AND added_at <= ?"


@dataclass(frozen=True, slots=True)
class Begun:
    """An option that is on its way: the id of its row, its poll, and its text."""

    id: str
    kept: Kept
    title: str


@dataclass(frozen=True, slots=True)
class Settled:
    """An option that reached its poll, which has it under that id."""

    person: Person
    begun: Begun
    option_id: str


class AdditionRows:
    """One row per option. Of an anonymous poll they name nobody, and go at its close.

    ```
        begin ──▶ on its way ──▶ settle: its poll has it      add: both at once
                   │   │  ▲ └── drop: its source did not take it
             crash ▼   ▼  │ begin, by the same person
                  left behind: in nobody's way
    ```
    """

    def __init__(self, writer: Writer, keys: PollKeys, chance: Chance) -> None:
        self._writer = writer
        self._keys = keys
        self._chance = chance

    @act
    def add(
        self, db: Connection, person: Person, poll_id: str, text: str, now: float, told: Told
    ) -> Kept:
        """Add an option to a poll that lives here, unless the person did so already."""
        return self._add(db, person, poll_id, text, now, told)

    @transaction
    def add_unnamed(
        self, db: Connection, person: Person, poll_id: str, text: str, now: float, told: Told
    ) -> Kept:
        """Do the same to an anonymous poll, of which nobody is to know who did what when."""
        return self._add(db, person, poll_id, text, now, told)

    def _add(
        self, db: Connection, person: Person, poll_id: str, text: str, now: float, told: Told
    ) -> Kept:
        kept = _found(db, person, poll_id)
        if self._is_theirs(db, kept, person, text):
            return kept
        title = self._checked(db, kept, person, text, now, told)
        live = kept.poll.live
        new = Option(new_id(self._chance), title, live[-1].order + 1 if live else 0)
        options = (*kept.poll.options, new)
        # An average means something only while the scale is as it was.
        db.execute(
            "UPDATE polls SET options = ?, template = NULL WHERE id = ?",
            (OPTIONS.dump_json(options).decode(), poll_id),
        )
        begun = Begun(self._keep(db, kept, person, title, now), kept, title)
        settle(db, self._keys, Settled(person, begun, new.id), now)
        touch(db, poll_id)
        return replace(kept, poll=replace(kept.poll, options=options, template=None))

    @transaction
    def begin(
        self, db: Connection, person: Person, poll_id: str, text: str, now: float, told: Told
    ) -> Begun | Kept | None:
        """Keep that the person adds an option to a poll that lives elsewhere.

        The poll itself, if they did so already; None while another one is on its way there: each
        is told to the source after the one before, so that none is lost. One that is on its way
        goes there once more if the same person asks for it again, since a crash may have left it.
        """
        kept = _found(db, person, poll_id)
        if self._is_theirs(db, kept, person, text):
            return kept
        db.execute(
            "DELETE FROM additions WHERE poll_id = ? AND option_id = '' AND added_at <= ?",
            (poll_id, now - _KEPT_FOR),
        )
        mine = self._left(db, kept, person, text)
        if mine is None:
            title = self._checked(db, kept, person, text, now, told)
        else:
            # It may have got there, and fill the last place.
            title = checked_option(replace(kept.poll, options=()), text, now)
            must_be_told(db, kept, person, told)
        busy = db.execute(
            f"SELECT 1 FROM additions WHERE {_ON_ITS_WAY} AND id <> ?",
            (poll_id, *_while(now), mine or ""),
        ).fetchone()
        if busy is not None:
            return None
        if mine is None:
            return Begun(self._keep(db, kept, person, title, now), kept, title)
        db.execute("UPDATE additions SET added_at = ? WHERE id = ?", (now, mine))
        return Begun(mine, kept, title)

    @transaction
    def take_up(self, db: Connection, now: float) -> None:
        """Let nobody wait for what an earlier run left on its way."""
        db.execute(
            "UPDATE additions SET added_at = ? WHERE option_id = '' AND added_at > ?",
            (now - _AT_MOST, now - _AT_MOST),
        )

    @transaction
    def drop(self, db: Connection, begun: Begun) -> None:
        """Forget an option that its source did not take."""
        db.execute("DELETE FROM additions WHERE id = ? AND option_id = ''", (begun.id,))

    @reading
    def by_option(self, db: Connection, kept: Kept) -> dict[str, str]:
        """Return who added which options, by their ids; nobody where names are not kept."""
        if not kept.poll.settings.names:
            return {}
        rows = db.execute(
            "SELECT option_id, added_by FROM additions WHERE poll_id = ? AND option_id <> ''"
            " ORDER BY added_at, id",
            (kept.poll.id,),
        ).fetchall()
        return {str(option_id): str(user_id) for option_id, user_id in rows}

    def _checked(
        self, db: Connection, kept: Kept, person: Person, text: str, now: float, told: Told
    ) -> str:
        title = checked_option(kept.poll, text, now)
        must_be_told(db, kept, person, told)
        (mine,) = db.execute(
            "SELECT count(*) FROM additions WHERE poll_id = ? AND added_by = ?",
            (kept.poll.id, voter_of(db, self._keys, kept, person)),
        ).fetchone()
        if mine >= MOST_ADDED:
            raise ManyAdded(MOST_ADDED)
        for (other,) in db.execute(
            f"SELECT title FROM additions WHERE {_ON_ITS_WAY}", (kept.poll.id, *_while(now))
        ).fetchall():
            if alike(other) == alike(title):
                raise SameOption(title)
        return title

    def _is_theirs(self, db: Connection, kept: Kept, person: Person, text: str) -> bool:
        """Return whether the person has added that option: Slack may bring the same form twice."""
        if not kept.poll.settings.addable:
            return False
        live = {option.id: option.title for option in kept.poll.live}
        rows = db.execute(
            "SELECT option_id FROM additions WHERE poll_id = ? AND added_by = ?",
            (kept.poll.id, voter_of(db, self._keys, kept, person)),
        ).fetchall()
        return any(alike(live.get(one, "")) == alike(text) for (one,) in rows if one in live)

    def _left(self, db: Connection, kept: Kept, person: Person, text: str) -> str | None:
        """Return the row of what the person began to add, and may not have heard of."""
        rows = db.execute(
            "SELECT id, title FROM additions WHERE poll_id = ? AND option_id = '' AND added_by = ?",
            (kept.poll.id, voter_of(db, self._keys, kept, person)),
        ).fetchall()
        return next((str(row) for row, title in rows if alike(title) == alike(text)), None)

    def _keep(self, db: Connection, kept: Kept, person: Person, title: str, now: float) -> str:
        row = new_id(self._chance)
        who = voter_of(db, self._keys, kept, person)
        db.execute(
            "INSERT INTO additions (id, team_id, poll_id, option_id, title, added_by, added_at)"
            " VALUES (?, ?, ?, '', ?, ?, ?)",
            (row, kept.team_id, kept.poll.id, title, who, now),
        )
        return row


def settle(db: Connection, keys: PollKeys, settled: Settled, now: float) -> None:
    """Keep who added an option that its poll has now."""
    person, begun, option_id = settled.person, settled.begun, settled.option_id
    db.execute("DELETE FROM additions WHERE id = ?", (begun.id,))
    kept = _found(db, person, begun.kept.poll.id)
    here = db.execute(
        "SELECT 1 FROM additions WHERE poll_id = ? AND option_id = ?", (kept.poll.id, option_id)
    ).fetchone()
    if here is not None or not (kept.poll.settings.names or kept.poll.is_open(now)):
        return
    # What it says is the poll's now, and nobody is to find it here once it is deleted there.
    db.execute(
        "INSERT INTO additions (id, team_id, poll_id, option_id, title, added_by, added_at)"
        " VALUES (?, ?, ?, ?, '', ?, ?)",
        (begun.id, kept.team_id, kept.poll.id, option_id, voter_of(db, keys, kept, person), now),
    )
    if kept.poll.settings.names:
        audit.note(db, person, What.OPTION_ADDED, kept.poll.id, now)


def forget(db: Connection, poll_id: str) -> None:
    """Forget who added options to a poll: it is deleted, or nobody is to know it any more."""
    db.execute("DELETE FROM additions WHERE poll_id = ?", (poll_id,))


def _while(now: float) -> tuple[float, float]:
    """Return between which moments something began that is on its way; clocks are set back."""
    return now - _AT_MOST, now + _AT_MOST


def _found(db: Connection, person: Person, poll_id: str) -> Kept:
    kept = find_poll(db, person.team_id, poll_id)
    if kept.poll.deleted:
        raise PollGone
    return kept
