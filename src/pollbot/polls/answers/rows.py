"""The answers that people gave in Slack."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pollbot.errors import PollGone
from pollbot.people import Person
from pollbot.polls.answers import count_rows
from pollbot.polls.answers import step_rows as steps
from pollbot.polls.answers import unfinished_rows as unfinished
from pollbot.polls.answers.key_rows import PollKeys, voter_of
from pollbot.polls.audience.rules import Audience
from pollbot.polls.ends import all_rows as when_all
from pollbot.polls.kept import Answered, Kept
from pollbot.polls.kept_rows import find_poll, look_soon, touch
from pollbot.polls.refusals import OptionFull, PollClosed, PollKeyLost
from pollbot.polls.rules import NOTHING, Answer, Poll, Visibility
from pollbot.polls.sources.rows import needs_jira
from pollbot.polls.tally import NAMES_SHOWN, Part, Split
from pollbot.store.vault import Vault
from pollbot.store.writer import Connection, Writer, reading, transaction

_ALL = 2**62


class MustBelong(Exception):
    """Whether the person is in the poll's audience has to be asked first."""

    def __init__(self, kept: Kept) -> None:
        super().__init__(kept.poll.id)
        self.kept = kept


class MustSee(Exception):
    """Whether the person sees what the poll is about has to be asked first."""

    def __init__(self, kept: Kept) -> None:
        super().__init__(kept.poll.id)
        self.kept = kept


Rule = Callable[[Poll, Answer], Answer]
"""The poll and an answer so far in, the new answer out."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is done to an answer: the rule, and a comment that is given with it.

    ``switch``: the rule adds one option or takes it back.
    """

    rule: Rule
    comment: str | None = None
    switch: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What was asked about who answers: that they see the issue, and are in this audience."""

    sees: bool = False
    belongs: Audience | None = None


ALL_TOLD = Told(sees=True)


class AnswerRows:
    """One row per person and chosen option."""

    def __init__(self, writer: Writer, vault: Vault, keys: PollKeys) -> None:
        self._writer = writer
        self._vault = vault
        self._keys = keys

    @transaction
    def answer(
        self,
        db: Connection,
        person: Person,
        poll_id: str,
        change: Change,
        now: float,
        *,
        action_ts: str | None = None,
        told: Told = ALL_TOLD,
    ) -> Answered:
        """Change the person's answer, in one transaction with reading it.

        Raises MustSee unless it was ``told`` that the person sees the issue, where the team's
        admins have said that this is needed; and MustBelong unless it was that they are in the
        poll's audience, or they only take something back.

        ``action_ts`` is Slack's time of the click: the same click again changes
        nothing, nor does one that comes after a newer one. Only where several
        answers are allowed, and the change is a switch, both of two clicks count,
        whichever comes first. Of a comment it is the name of its delivery, of which
        none is older or newer. The poll's cards are marked as changed only if the
        answer did.
        """
        comment = change.comment
        kept = find_poll(db, person.team_id, poll_id)
        if kept.poll.deleted:
            raise PollGone
        _must_see(db, kept, person, told)
        try:
            voter = voter_of(db, self._keys, kept, person)
        except PollKeyLost:
            if kept.poll.is_open(now):
                raise
            raise PollClosed(kept.poll.title) from None
        counted, edited = _answer(db, poll_id, voter)
        begun = unfinished.begun(db, poll_id, voter)
        before = counted | begun
        said = _comment(db, poll_id, voter)
        look_soon(db, kept, now)
        switch = change.switch and kept.poll.settings.several
        mine = (person.team_id, voter, f"poll {poll_id}")
        deed = "comment" if comment is not None else "switch" if switch else "answer"
        if action_ts and not _keep_delivery(db, mine, action_ts, now, deed):
            return Answered(
                kept, before, before, said, repeated=True, edited=edited, counts=not begun
            )
        loose = begun | edited.keys()
        poll = replace(kept.poll, loose=loose) if loose else kept.poll
        after = change.rule(poll, before)
        if comment is not None or not after <= before:
            _must_belong(kept, person, told)
        _must_be_free(db, kept, after - before)
        counts = after == before == counted or len(after) >= kept.poll.settings.least
        now_counted = after if counts else NOTHING
        if edited and after == before and comment is None:
            # Whoever chooses it again chooses what it says now.
            _choose_anew(db, poll_id, voter)
            edited = {}
        db.executemany(
            "DELETE FROM answers WHERE poll_id = ? AND voter = ? AND option_id = ?",
            [(poll_id, voter, option_id) for option_id in counted - now_counted],
        )
        db.executemany(
            "INSERT INTO answers (poll_id, voter, option_id) VALUES (?, ?, ?)",
            [(poll_id, voter, option_id) for option_id in now_counted - counted],
        )
        unfinished.keep(db, poll_id, voter, begun, NOTHING if counts else after)
        count_rows.moved(
            db,
            poll_id,
            dict.fromkeys(now_counted - counted, 1) | dict.fromkeys(counted - now_counted, -1),
            people=bool(now_counted) - bool(counted),
        )
        if comment is not None:
            if comment != said:
                _say(db, poll_id, voter, comment)
                touch(db, poll_id)
            said = comment
        if after != before:
            touch(db, poll_id)
        if bool(now_counted) > bool(counted):
            when_all.look(db, kept.team_id, kept.poll, now)
        edited = {one: was for one, was in edited.items() if one in after}
        return Answered(kept, before, after, said, edited=edited, counts=counts or not after)

    @transaction
    def mine(self, db: Connection, person: Person, poll_id: str) -> Answered:
        """Return the person's answer; it is not known where nothing ties it to them any more.

        An anonymous poll forgets at its close. Raises PollGone; PollKeyLost while it
        is open and its key is lost.
        """
        kept = find_poll(db, person.team_id, poll_id)
        try:
            voter = voter_of(db, self._keys, kept, person)
        except PollClosed:
            return Answered(kept, NOTHING, NOTHING, "", known=False)
        mine, edited = _answer(db, poll_id, voter)
        begun = unfinished.begun(db, poll_id, voter)
        mine, said = mine | begun, _comment(db, poll_id, voter)
        return Answered(kept, mine, mine, said, edited=edited, counts=not begun)

    @transaction
    def seen(
        self, db: Connection, kept: Kept, now: float, *, answered: bool = False
    ) -> tuple[Part, Split | None]:
        """Return the answers given in Slack, and of an open anonymous poll what may be seen.

        Looking is what moves that on. Of its comments only those are in the part that may be
        seen, by whoever ``answered`` or by everybody: where they are hidden, no new ones join
        them. Of each option's names only the first are in it, as a message shows no more.
        """
        part = _counted(db, kept, NAMES_SHOWN)
        settings, is_open = kept.poll.settings, kept.poll.closed_since(now) is None
        if settings.names or not is_open or settings.visibility is Visibility.AFTER_CLOSE:
            return part, None
        split = steps.look(db, kept, part)
        waits = settings.visibility is Visibility.AFTER_VOTE and not answered
        if waits or split.hides(part, kept.jira_part):
            return replace(part, comments=()), split
        return replace(part, comments=steps.look_at_comments(db, kept.poll.id)), split

    @reading
    def counted(self, db: Connection, kept: Kept) -> Part:
        """Return the answers given in Slack; user ids only where the poll keeps names.

        Those who commented on an anonymous poll are no user ids.
        """
        return _counted(db, kept, None)


def _counted(db: Connection, kept: Kept, most_names: int | None) -> Part:
    poll_id, part = kept.poll.id, count_rows.counted(db, kept.poll.id)
    names: dict[str, tuple[str, ...]] = {}
    if kept.poll.settings.names:
        for option_id in part.counts:
            voters = db.execute(
                "SELECT voter FROM answers WHERE poll_id = ? AND option_id = ? ORDER BY voter"
                " LIMIT ?",
                (poll_id, option_id, _ALL if most_names is None else most_names),
            ).fetchall()
            names[option_id] = tuple(str(voter) for (voter,) in voters)
    comments = db.execute(
        "SELECT voter, comment FROM comments WHERE poll_id = ? ORDER BY voter", (poll_id,)
    ).fetchall()
    return replace(
        part,
        names=names,
        unfinished=unfinished.people(db, poll_id),
        held=unfinished.held(db, poll_id),
        comments=tuple((str(voter), str(comment)) for voter, comment in comments),
    )


def must_be_told(db: Connection, kept: Kept, person: Person, told: Told) -> None:
    """Raise MustSee or MustBelong unless it is known that the person may answer."""
    _must_see(db, kept, person, told)
    _must_belong(kept, person, told)


def _must_see(db: Connection, kept: Kept, person: Person, told: Told) -> None:
    if not told.sees and kept.kind != "plain" and needs_jira(db, person.team_id):
        raise MustSee(kept)


def _must_belong(kept: Kept, person: Person, told: Told) -> None:
    audience = kept.poll.settings.audience
    if not audience.names(person.user_id) and audience != told.belongs:
        raise MustBelong(kept)


def _must_be_free(db: Connection, kept: Kept, options: Answer) -> None:
    """Raise OptionFull for one of which no place is left."""
    places = kept.poll.settings.places
    if places is None:
        return
    for option in kept.poll.live:
        if option.id in options and unfinished.taken(db, kept, option.id) >= places:
            raise OptionFull(option.title, places)


def _keep_delivery(
    db: Connection, mine: tuple[str, str, str], stamp: str, now: float, deed: str
) -> bool:
    """Keep what was delivered; return False for a repeat, and where something newer settled it."""
    settled = db.execute(
        "SELECT 1 FROM deliveries WHERE team_id = ? AND user_id = ? AND subject = ?"
        " AND (stamp = ? OR (stamp > ? AND deed <> 'comment' AND (deed = 'answer' OR ? = 'answer')"
        " AND ? <> 'comment')) LIMIT 1",
        (*mine, stamp, stamp, deed, deed),
    ).fetchone()
    if settled is not None:
        return False
    db.execute(
        "INSERT INTO deliveries (team_id, user_id, subject, stamp, deed, seen_at, told)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        # A comment's receipt is the answer to its form.
        (*mine, stamp, deed, now, int(deed == "comment")),
    )
    return True


def _answer(db: Connection, poll_id: str, voter: str) -> tuple[Answer, Mapping[str, str]]:
    """Return what somebody chose, and what those of it said then that say something else now."""
    rows = db.execute(
        "SELECT option_id, was FROM answers WHERE poll_id = ? AND voter = ?", (poll_id, voter)
    ).fetchall()
    mine = frozenset(option_id for option_id, _ in rows)
    return mine, {option_id: was for option_id, was in rows if was is not None}


def _choose_anew(db: Connection, poll_id: str, voter: str) -> None:
    db.execute("UPDATE answers SET was = NULL WHERE poll_id = ? AND voter = ?", (poll_id, voter))


def _comment(db: Connection, poll_id: str, voter: str) -> str:
    row = db.execute(
        "SELECT comment FROM comments WHERE poll_id = ? AND voter = ?", (poll_id, voter)
    ).fetchone()
    return "" if row is None else str(row[0])


def _say(db: Connection, poll_id: str, voter: str, comment: str) -> None:
    db.execute("DELETE FROM comments WHERE poll_id = ? AND voter = ?", (poll_id, voter))
    if comment:
        db.execute(
            "INSERT INTO comments (poll_id, voter, comment) VALUES (?, ?, ?)",
            (poll_id, voter, comment),
        )
