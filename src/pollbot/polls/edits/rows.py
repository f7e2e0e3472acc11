"""What an edit of options does to the answers they have, and who is to hear of it."""

from collections.abc import Mapping
from dataclasses import replace

from pollbot.polls.answers import step_rows as steps
from pollbot.polls.edits.rules import moved, says_the_same
from pollbot.polls.kept import Kept
from pollbot.polls.rules import Option, Visibility
from pollbot.store import outbox
from pollbot.store.outbox import Kind
from pollbot.store.writer import Connection


def edited(
    db: Connection, kept: Kept, options: tuple[Option, ...], now: float, by: str | None
) -> tuple[Option, ...]:
    """Return the options as they are to be kept, with those that are gone but were chosen.

    Answers follow a text that stands under another id now. Of each answer whose option says
    something else now, or is gone, it is kept what it said; and whoever gave it is to hear of
    it, but for the person who edited it, ``by``. Where names are not kept, nobody can be told.
    """
    poll_id, known = kept.poll.id, {option.id: option for option in kept.poll.options}
    ways = moved(kept.poll.options, options)
    here = {option.id: option for option in options}
    changed = {
        old.id: ways.get(old.id, old.id)
        for old in kept.poll.options
        if _differ(old, here.get(ways.get(old.id, old.id)))
    }
    db.executemany(
        "UPDATE answers SET was = coalesce(was, ?) WHERE poll_id = ? AND option_id = ?",
        [(known[old_id].title, poll_id, old_id) for old_id in changed],
    )
    _follow(db, poll_id, ways)
    steps.follow(db, poll_id, ways)
    chosen = _chosen(db, kept)
    # That an option vanishes would tell that nobody chooses it any more.
    gone = tuple(
        replace(old, removed=True)
        for old in kept.poll.options
        if old.id not in here and old.id in chosen | steps.seen_options(db, poll_id)
    )
    other, again = _readers(db, poll_id, set(changed.values()), here)
    if kept.poll.settings.names:
        _tell(db, kept, other - {by}, again - {by}, now)
    marked = _marked(db, kept, options, {new: old for old, new in ways.items()}, chosen)
    return marked + gone


def asked_first(db: Connection, kept: Kept, title: str) -> str:
    """Return what the first answers were given to; empty if the question still says that."""
    first = kept.poll.asked or kept.poll.title
    return first if _chosen(db, kept) and not says_the_same(first, title) else ""


def _differ(old: Option, new: Option | None) -> bool:
    """Return whether those who chose the old one have something else now, or again."""
    if new is None:
        return not old.removed
    return old.removed or not says_the_same(old.title, new.title)


def _follow(db: Connection, poll_id: str, ways: Mapping[str, str]) -> None:
    if not ways:
        return
    marks = ", ".join("?" * len(ways))
    rows = db.execute(
        f"DELETE FROM answers WHERE poll_id = ? AND option_id IN ({marks})"
        " RETURNING voter, option_id, was",
        (poll_id, *ways),
    ).fetchall()
    db.executemany(
        "INSERT INTO answers (poll_id, voter, option_id, was) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        [(poll_id, voter, ways[option_id], was) for voter, option_id, was in rows],
    )


def _chosen(db: Connection, kept: Kept) -> set[str]:
    in_slack = db.execute(
        "SELECT DISTINCT option_id FROM answers WHERE poll_id = ?", (kept.poll.id,)
    ).fetchall()
    return {option_id for (option_id,) in in_slack} | _chosen_in_jira(kept)


def _chosen_in_jira(kept: Kept) -> set[str]:
    part = kept.jira_part
    return set() if part is None else {one for one, count in part.counts.items() if count}


def _readers(
    db: Connection, poll_id: str, changed: set[str], here: Mapping[str, Option]
) -> tuple[set[str], set[str]]:
    """Return whose options say something else than they chose, and whose are as they were again."""
    marks = ", ".join("?" * len(changed))
    rows = db.execute(
        f"SELECT voter, option_id, was FROM answers WHERE poll_id = ? AND option_id IN ({marks})"
        " AND was IS NOT NULL",
        (poll_id, *changed),
    ).fetchall()
    again = [
        (poll_id, voter, option_id)
        for voter, option_id, was in rows
        if option_id in here and says_the_same(was, here[option_id].title)
    ]
    db.executemany(
        "UPDATE answers SET was = NULL WHERE poll_id = ? AND voter = ? AND option_id = ?", again
    )
    as_it_was = {(voter, option_id) for _, voter, option_id in again}
    other = {voter for voter, option_id, _ in rows if (voter, option_id) not in as_it_was}
    return other, {voter for voter, _ in as_it_was} - other


def _tell(db: Connection, kept: Kept, other: set[str], again: set[str], now: float) -> None:
    """Have people told, once for edits in quick succession."""
    about = kept.poll.id
    outbox.recall(db, (Kind.EDITED, Kind.EDITED_BACK), about, other | again)
    again &= outbox.heard(db, Kind.EDITED, about)
    for reader in again:
        outbox.forget(db, Kind.EDITED, about, reader)
    outbox.owe_crowd(db, Kind.EDITED, about, sorted(other), kept.team_id, now)
    outbox.owe_crowd(db, Kind.EDITED_BACK, about, sorted(again), kept.team_id, now)


def _marked(
    db: Connection,
    kept: Kept,
    options: tuple[Option, ...],
    came_from: Mapping[str, str],
    chosen: set[str],
) -> tuple[Option, ...]:
    """Return the options with the mark on those that say something else than when chosen.

    Where not everybody may see what was chosen, a mark would tell of it, or one that goes:
    there all that were worded anew are marked once anybody has answered, for good.
    """
    settings, known = kept.poll.settings, {option.id: option for option in kept.poll.options}
    is_public = settings.names and settings.visibility is Visibility.ALWAYS
    meant_otherwise = {
        option_id
        for (option_id,) in db.execute(
            "SELECT DISTINCT option_id FROM answers WHERE poll_id = ? AND was IS NOT NULL",
            (kept.poll.id,),
        ).fetchall()
    }
    in_jira = _chosen_in_jira(kept)

    def is_marked(new: Option) -> bool:
        there, text = known.get(new.id), known.get(came_from.get(new.id, new.id))
        # Jira's answers stay with the id, whatever it says.
        anew_in_jira = there is not None and not says_the_same(there.title, new.title)
        if text is None:
            return False
        if says_the_same(text.title, new.title):
            return text.edited or (anew_in_jira and new.id in in_jira)
        if is_public:
            return new.id in meant_otherwise or new.id in in_jira
        return text.edited or bool(chosen)

    return tuple(replace(new, edited=is_marked(new)) for new in options)
