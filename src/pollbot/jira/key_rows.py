"""The present key of an issue: one that moved to another project has several."""

from pollbot.store.writer import Connection

MOVED_TO = "(SELECT moved_to FROM issues WHERE issues.site = ? AND issues.issue_key = ?)"
"""SQL with two values, a site and a key: the key that took its place; NULL if none did."""


def present(db: Connection, site: str, issue_key: str) -> str:
    """Return the key that an issue has now, as far as Jira has told of it."""
    (moved_to,) = db.execute(f"SELECT {MOVED_TO}", (site, issue_key)).fetchone()
    return issue_key if moved_to is None else str(moved_to)
