"""Who and what the pretended Jira site knows: accounts, issues, and its own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

# Jira answers in the language of the account, so nobody can match on its words.
WORDS: dict[str, dict[str, str]] = {
    "missing": {
        "en": "Issue does not exist or you do not have permission to see it.",
        "pl": "Zgłoszenie nie istnieje lub nie masz uprawnień, aby je zobaczyć.",
        "de": "Der Vorgang existiert nicht oder Sie sind nicht berechtigt, ihn zu sehen.",
    },
    "voting off": {
        "en": "Voting for issues is currently not enabled for this JIRA instance.",
        "pl": "Głosowanie na zgłoszenia nie jest obecnie włączone w tej instancji JIRA.",
        "de": "Das Abstimmen über Vorgänge ist in dieser JIRA-Instanz nicht aktiviert.",
    },
    "reporter": {
        "en": "You cannot vote for an issue you have reported.",
        "pl": "Nie możesz głosować na zgłoszenie, które sam utworzyłeś.",
        "de": "Sie können nicht für einen Vorgang stimmen, den Sie selbst erstellt haben.",
    },
    "resolved": {
        "en": "You cannot vote or change your vote on resolved issues.",
        "pl": "Nie można głosować na rozwiązane zgłoszenia ani zmieniać głosu.",
        "de": "Für erledigte Vorgänge können Sie nicht stimmen.",
    },
    "not voted": {
        "en": "Cannot remove a vote for an issue that the user has not voted for.",
        "pl": "Nie można usunąć głosu, którego użytkownik nie oddał.",
        "de": "Die Stimme kann nicht entfernt werden: Der Benutzer hat nicht abgestimmt.",
    },
    "anonymous": {
        "en": "You must log in to vote for an issue.",
        "pl": "Aby zagłosować na zgłoszenie, musisz się zalogować.",
        "de": "Sie müssen sich anmelden, um für einen Vorgang zu stimmen.",
    },
    "anonymous comment": {
        "en": "You must log in to comment on an issue.",
        "pl": "Aby skomentować zgłoszenie, musisz się zalogować.",
        "de": "Sie müssen sich anmelden, um einen Vorgang zu kommentieren.",
    },
    "watching off": {
        "en": "Watching issues is currently not enabled for this JIRA instance.",
        "pl": "Obserwowanie zgłoszeń nie jest obecnie włączone w tej instancji JIRA.",
        "de": "Das Beobachten von Vorgängen ist in dieser JIRA-Instanz nicht aktiviert.",
    },
    "may not comment": {
        "en": "You do not have the permission to comment on this issue.",
        "pl": "Nie masz uprawnień do komentowania tego zgłoszenia.",
        "de": "Sie sind nicht berechtigt, diesen Vorgang zu kommentieren.",
    },
    "may not edit comment": {
        "en": "You do not have the permission to edit this comment.",
        "pl": "Nie masz uprawnień do edycji tego komentarza.",
        "de": "Sie sind nicht berechtigt, diesen Kommentar zu bearbeiten.",
    },
}


@dataclass
class JiraPerson:
    """An account. A token without scopes works on the site, one with scopes on the gateway."""

    account_id: str
    name: str
    email: str
    tokens: dict[str, frozenset[str] | None] = field(default_factory=dict)
    projects: set[str] | None = None
    may_edit: set[str] | None = None
    may_comment: set[str] | None = None
    sees_voters: bool = True
    locale: str = "en_US"
    time_zone: str = "Europe/Berlin"

    def edits_in(self, issue: Issue) -> bool:
        """Return whether the project lets this person edit its issues."""
        return self.may_edit is None or issue.project in self.may_edit

    def comments_in(self, issue: Issue) -> bool:
        """Return whether the project lets this person comment, and edit those comments."""
        return self.may_comment is None or issue.project in self.may_comment


@dataclass
class Comment:
    """A comment: its author's account id, its ADF document, and when, in unix seconds."""

    id: str
    author: str
    body: dict[str, Any]
    created: float
    updated: float


@dataclass
class Issue:
    """An issue. ``seen_by`` is its security level; ``None`` lets everyone in the project see it."""

    id: str
    key: str
    summary: str
    type: str = "Story"
    status: str = "Open"
    category: str = "new"
    resolution: str | None = None
    reporter: str | None = None
    voters: set[str] = field(default_factory=set)
    other_votes: int = 0
    old_keys: set[str] = field(default_factory=set)
    seen_by: set[str] | None = None
    comments: list[Comment] = field(default_factory=list)
    project_type: str = "software"
    duplicates: list[str] = field(default_factory=list)
    watchers: set[str] = field(default_factory=set)

    @property
    def project(self) -> str:
        return self.key.rpartition("-")[0]

    @property
    def number(self) -> int:
        return int(self.key.rpartition("-")[2])

    @property
    def votes(self) -> int:
        return len(self.voters) + self.other_votes


def in_language(what: str, locale: str) -> str:
    """Return the sentence in the locale's language, in English where there is no translation."""
    words = WORDS[what]
    return words.get(locale.split("_")[0], words["en"])


def user_json(person: JiraPerson, site: str) -> dict[str, Any]:
    """Return the person as Jira shows others: no e-mail address."""
    return {
        "self": f"{site}/rest/api/3/user?accountId={person.account_id}",
        "accountId": person.account_id,
        "accountType": "atlassian",
        "displayName": person.name,
        "active": True,
        "timeZone": person.time_zone,
    }


def votes_json(issue: Issue, viewer: JiraPerson | None, site: str) -> dict[str, Any]:
    """Return ``fields.votes``: the count and the viewer's own vote, without the names."""
    return {
        "self": f"{site}/rest/api/3/issue/{issue.key}/votes",
        "votes": issue.votes,
        "hasVoted": viewer is not None and viewer.account_id in issue.voters,
    }


def issue_json(
    issue: Issue,
    viewer: JiraPerson | None,
    *,
    people: dict[str, JiraPerson],
    site: str,
    asked: Iterable[str],
    linked: Iterable[Issue] = (),
) -> dict[str, Any]:
    """Return the issue with the fields asked for; an unknown name is passed over as in Jira.

    ``linked`` are issues that it duplicates, as far as the viewer may see them.
    """
    reporter = people.get(issue.reporter or "")
    make: dict[str, Callable[[], Any]] = {
        "summary": lambda: issue.summary,
        "status": lambda: {
            "name": issue.status,
            "statusCategory": {"key": issue.category, "name": issue.category.title()},
        },
        "votes": lambda: votes_json(issue, viewer, site),
        "issuetype": lambda: {"name": issue.type, "subtask": False},
        "project": lambda: {
            "key": issue.project,
            "name": f"{issue.project} project",
            "projectTypeKey": issue.project_type,
        },
        "resolution": lambda: {"name": issue.resolution} if issue.resolution else None,
        "reporter": lambda: user_json(reporter, site) if reporter else None,
        "issuelinks": lambda: [_duplicates(other) for other in linked],
    }
    names = [name.strip() for name in asked if name.strip()]
    wanted = {name for name in names if not name.startswith("-")} or {"*all"}
    if wanted & {"*all", "*navigable"}:
        wanted = set(make)
    wanted -= {name[1:] for name in names if name.startswith("-")}
    return {
        "expand": "renderedFields,names,schema,operations,editmeta,changelog",
        "id": issue.id,
        "self": f"{site}/rest/api/3/issue/{issue.id}",
        "key": issue.key,
        "fields": {name: value() for name, value in make.items() if name in wanted},
    }


def _duplicates(other: Issue) -> dict[str, Any]:
    """Return a link to an issue that this one duplicates, of the type that Jira begins with."""
    return {
        "type": {"name": "Duplicate", "inward": "is duplicated by", "outward": "duplicates"},
        "outwardIssue": {
            "id": other.id,
            "key": other.key,
            "fields": {"summary": other.summary, "status": {"name": other.status}},
        },
    }


def permissions_json(issue: Issue, viewer: JiraPerson | None, wanted: list[str]) -> web.Response:
    """Return what of this the viewer may do with the issue; Jira wants the names of each."""
    may = {
        "BROWSE_PROJECTS": True,
        "EDIT_ISSUES": viewer is not None and viewer.edits_in(issue),
        "ADD_COMMENTS": viewer is not None and viewer.comments_in(issue),
        "EDIT_OWN_COMMENTS": viewer is not None and viewer.comments_in(issue),
    }
    unknown = [name for name in wanted if name not in may]
    if unknown or not wanted:
        said = f"Unrecognized permissions: {', '.join(unknown)}" if unknown else "No permissions"
        return web.json_response({"errorMessages": [said], "errors": {}}, status=400)
    return web.json_response(
        {
            "permissions": {
                name: {
                    "key": name,
                    "name": name.replace("_", " ").title(),
                    "type": "PROJECT",
                    "havePermission": may[name],
                }
                for name in wanted
            }
        }
    )
