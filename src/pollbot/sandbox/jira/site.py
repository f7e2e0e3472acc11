"""What there is on the pretended site: people, issues, pages, and who may see and do what."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

from aiohttp import web

from pollbot.sandbox.jira.calls import Asked
from pollbot.sandbox.jira.limits import Limits
from pollbot.sandbox.jira.people import Comment, Issue, JiraPerson
from pollbot.sandbox.jira.scopes import CLASSIC_SCOPES
from pollbot.sandbox.jira.spaces import Confluence
from pollbot.sandbox.serving import Watched


class Site(Watched):
    """Keeps votes the way Jira does: one per account and issue, always the caller's own."""

    def __init__(self, *, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.now = now
        self.cloud_id = "7d1c3f5e-0000-4000-8000-5a4db0c5a4db"
        self.people: dict[str, JiraPerson] = {}
        self.issues: dict[str, Issue] = {}
        self.confluence = Confluence()
        self.voting_enabled = True
        self.watching_enabled = True
        self.reporters_may_vote = True
        self.anonymous_may_browse = False
        self.resolved_may_vote = False
        self.unvoted_delete_is_404 = False
        self.enforce_limits = True
        self.base_url = ""
        self._limits = Limits(now)
        self._ids = itertools.count(10001)

    @property
    def site_url(self) -> str:
        return self.base_url

    @property
    def gateway_url(self) -> str:
        """What stands for https://api.atlassian.com; ``/ex/jira/{cloudId}`` comes after it."""
        return self.base_url

    def add_person(
        self,
        account_id: str,
        name: str,
        email: str,
        *,
        token: str | None = None,
        scoped_token: str | None = None,
        scopes: frozenset[str] = CLASSIC_SCOPES,
        projects: set[str] | None = None,
        may_edit: set[str] | None = None,
        may_comment: set[str] | None = None,
        sees_voters: bool = True,
        locale: str = "en_US",
    ) -> JiraPerson:
        """Add an account; ``projects`` limits what it may browse, ``None`` shows it everything.

        ``may_edit`` and ``may_comment`` limit the projects whose issues it may edit, and
        comment on, in the same way.
        """
        person = JiraPerson(
            account_id,
            name,
            email,
            projects=projects,
            may_edit=may_edit,
            may_comment=may_comment,
            sees_voters=sees_voters,
            locale=locale,
        )
        if token is not None:
            person.tokens[token] = None
        if scoped_token is not None:
            person.tokens[scoped_token] = scopes
        self.people[account_id] = person
        return person

    def add_issue(
        self,
        key: str,
        summary: str,
        *,
        reporter: str | None = None,
        status: str = "Open",
        category: str = "new",
        resolution: str | None = None,
        type: str = "Story",
        other_votes: int = 0,
        voters: set[str] | None = None,
        seen_by: set[str] | None = None,
    ) -> Issue:
        """Add an issue; ``other_votes`` count without being anybody known here."""
        issue = Issue(
            id=self.next_id(),
            key=key,
            summary=summary,
            type=type,
            status=status,
            category=category,
            resolution=resolution,
            reporter=reporter,
            voters=set(voters or ()),
            other_votes=other_votes,
            seen_by=seen_by,
        )
        self.issues[key] = issue
        return issue

    def move(self, key: str, new_key: str) -> None:
        """Give the issue a new key, as a move to another project does; the old one still leads."""
        issue = self.issues.pop(key)
        issue.old_keys.add(key)
        issue.key = new_key
        self.issues[new_key] = issue
        self.changed()

    def resolve(self, key: str, how: str = "Done", *, duplicates: str = "") -> None:
        """Resolve the issue, perhaps as a duplicate of another one."""
        issue = self._found(key)
        issue.resolution, issue.status, issue.category = how, "Done", "done"
        if duplicates:
            issue.duplicates.append(duplicates)
        self.changed()

    def reopen(self, key: str) -> None:
        """Take back that the issue is resolved."""
        issue = self._found(key)
        issue.resolution, issue.status, issue.category = None, "Open", "new"
        self.changed()

    def votes(self, key: str) -> int:
        """Return the issue's count, whatever anybody may see of it."""
        return self._found(key).votes

    def voters(self, key: str) -> list[JiraPerson]:
        """Return those who voted and have an account here, by name."""
        known = [self.people[who] for who in self._found(key).voters if who in self.people]
        return sorted(known, key=lambda person: person.name)

    def comments(self, key: str) -> list[Comment]:
        """Return the issue's comments, the oldest first, whoever may see them."""
        return list(self._found(key).comments)

    def name_of(self, account_id: str | None) -> str | None:
        """Return the name behind an account, if anybody's."""
        person = self.people.get(account_id or "")
        return person.name if person else None

    def revoke(self, account_id: str) -> None:
        """End all tokens of the account, as its owner or an admin can at any time."""
        self.people[account_id].tokens.clear()

    def visible(self, asked: Asked, key: str | None = None) -> Issue | None:
        """Return the issue, by default the one in the path, unless the caller may not see it."""
        issue = self.find(asked.request.match_info["key"] if key is None else key)
        return issue if issue is not None and self.shows(issue, asked.person) else None

    def shows(self, issue: Issue, person: JiraPerson | None) -> bool:
        """Return whether that person, or nobody, may see the issue."""
        if person is None:
            return self.anonymous_may_browse and issue.seen_by is None
        if person.projects is not None and issue.project not in person.projects:
            return False
        return issue.seen_by is None or person.account_id in issue.seen_by

    def too_many_writes(self, issue: Issue) -> web.Response | None:
        """Count one write to the issue; return the 429 when there were too many."""
        return self._limits.write(issue.id) if self.enforce_limits else None

    def next_id(self) -> str:
        """Return an id that nothing has yet."""
        return str(next(self._ids))

    def find(self, id_or_key: str) -> Issue | None:
        """Return the issue with that id, key or former key."""
        wanted = id_or_key.upper()
        if wanted in self.issues:
            return self.issues[wanted]
        for issue in self.issues.values():
            if wanted == issue.id or wanted in issue.old_keys:
                return issue
        return None

    def _found(self, key: str) -> Issue:
        issue = self.find(key)
        if issue is None:
            raise KeyError(key)
        return issue


Answering = Callable[[Site, Asked], web.Response]
"""How one endpoint answers a call."""
