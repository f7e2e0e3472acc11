"""Who may make polls in a workspace, on which projects, and where its cards may be posted."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pollbot.rights.refusals import (
    ChannelNotAllowed,
    ManyProjects,
    NoChannels,
    NoGroup,
    NoPeople,
    NotAProject,
    ProjectNotAllowed,
)
from pollbot.slack.kit import is_direct

MOST_PROJECTS = MOST_CHANNELS = MOST_PEOPLE = 50
"""As many as fit into what Slack keeps for a form."""
_PROJECT = re.compile(r"[A-Z][A-Z0-9_]{1,9}", re.ASCII)
_BETWEEN = re.compile(r"[\s,;]+")


class Makers(StrEnum):
    """Who may make polls, beside admins, who always may."""

    EVERYBODY = "everybody"
    ADMINS = "admins"
    GROUP = "group"
    PEOPLE = "people"


class Places(StrEnum):
    """In which channels cards may be posted."""

    ALL = "all"
    ONLY = "only"
    BUT = "but"


@dataclass(frozen=True, slots=True)
class Rights:
    """What admins allow; as it stands here, everything.

    ``group`` is a user group of Slack, ``handle`` how it was called when it was chosen;
    ``people`` are user ids. Without ``projects`` all are allowed. ``channels`` are those of
    ``places``.
    """

    makers: Makers = Makers.EVERYBODY
    group: str = ""
    handle: str = ""
    people: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    places: Places = Places.ALL
    channels: tuple[str, ...] = ()

    def check_issue(self, key: str) -> None:
        """Raise ProjectNotAllowed unless the issue's project is allowed."""
        self.check_project(key.rpartition("-")[0])

    def check_project(self, project: str) -> None:
        """Raise ProjectNotAllowed unless the project is allowed."""
        if self.projects and project.upper() not in self.projects:
            raise ProjectNotAllowed(project.upper(), self.projects)

    def allows(self, key: str) -> bool:
        """Return whether the issue's project is allowed."""
        return not self.projects or key.rpartition("-")[0].upper() in self.projects

    def check_channel(self, channel_id: str) -> None:
        """Raise ChannelNotAllowed unless cards may be posted there; where two talk they may."""
        if not self.has_place(channel_id):
            raise ChannelNotAllowed(channel_id, only=self.places is Places.ONLY)

    def has_place(self, channel_id: str) -> bool:
        """Return whether cards may be posted there."""
        if self.places is Places.ALL or not channel_id or is_direct(channel_id):
            return True
        return (channel_id in self.channels) is (self.places is Places.ONLY)


ALL = Rights()


def read_projects(text: str) -> tuple[str, ...]:
    """Return the project keys that somebody typed, in upper case and once each.

    Raises NotAProject and ManyProjects.
    """
    words = [word for word in _BETWEEN.split(text.strip()) if word]
    for word in words:
        if not _PROJECT.fullmatch(word.upper()):
            raise NotAProject(word)
    projects = tuple(dict.fromkeys(word.upper() for word in words))
    if len(projects) > MOST_PROJECTS:
        raise ManyProjects(len(projects), MOST_PROJECTS)
    return projects


def checked(rights: Rights) -> Rights:
    """Return the rights without what their rule does not ask for.

    Raises NoGroup, NoPeople and NoChannels where it lacks what it asks for.
    """
    if rights.makers is Makers.GROUP and not rights.group:
        raise NoGroup
    if rights.makers is Makers.PEOPLE and not rights.people:
        raise NoPeople
    if rights.places is not Places.ALL and not rights.channels:
        raise NoChannels
    is_group = rights.makers is Makers.GROUP
    return Rights(
        rights.makers,
        rights.group if is_group else "",
        rights.handle if is_group else "",
        _once(rights.people) if rights.makers is Makers.PEOPLE else (),
        rights.projects,
        rights.places,
        _once(rights.channels) if rights.places is not Places.ALL else (),
    )


def _once(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(ids)))
