"""How what people ask of issues lies in its tables, and which of it may go to Jira now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pollbot.people import Person
from pollbot.store.queue import Only
from pollbot.store.vault import Vault, address_from
from pollbot.store.writer import Connection
from pollbot.votes.asked import Asked

A = TypeVar("A", bound=Asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """The columns of each such table. ``response_url`` is sealed."""

    id: str
    team_id: str
    user_id: str
    site: str
    issue_key: str
    asked_at: float
    told: bool
    channel_id: str
    response_url: str | None
    replaces: bool
    thread_ts: str | None


def read(kind: type[A], vault: Vault, row: AskedRow, *, seen: bool = False, **its_own: Any) -> A:
    """Return what a row holds, with what its kind has of its own."""
    return kind(
        id=row.id,
        person=Person(row.team_id, row.user_id),
        site=row.site,
        issue_key=row.issue_key,
        asked_at=row.asked_at,
        told=row.told,
        address=address_from(
            vault,
            row.channel_id,
            row.response_url,
            row.replaces,
            seen=seen,
            thread_ts=row.thread_ts,
        ),
        **its_own,
    )


def not_written_to(other: str, sites: Sequence[str], issues: Sequence[tuple[str, str]]) -> Only:
    """Return that none is wanted which has to go to one of these sites or issues.

    ``other`` is the condition of what goes to no issue at all.
    """
    of_sites = ", ".join("?" * len(sites))
    of_issues = ", ".join("?" * len(issues))
    return Only(
        f"{other} OR (site NOT IN ({of_sites}) AND site || ' ' || issue_key NOT IN ({of_issues}))",
        (*sites, *(f"{site} {key}" for site, key in issues)),
    )


def follow(db: Connection, table: str, site: str, before: str, key: str) -> None:
    """Have all in a table that is for an issue which has a new key go there.

    Of somebody who has asked under both keys the newer word stands.
    """
    both = (site, before, key)
    db.execute(
        f"DELETE FROM {table} WHERE site = ? AND issue_key IN (?, ?) AND EXISTS ("
        f"SELECT 1 FROM {table} AS later WHERE later.team_id = {table}.team_id"
        f" AND later.user_id = {table}.user_id AND later.site = ? AND later.issue_key IN (?, ?)"
        f" AND (later.asked_at, later.id) > ({table}.asked_at, {table}.id))",
        (*both, *both),
    )
    db.execute(
        f"UPDATE {table} SET issue_key = ? WHERE site = ? AND issue_key = ?", (key, site, before)
    )
