"""What admins have set up, and may type: a project or space, a source's address and token."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pollbot.errors import BadField
from pollbot.polls.defaults.rules import USUAL, Defaults
from pollbot.retention.rules import FOR_GOOD, Retention
from pollbot.rights.rules import ALL, Rights
from pollbot.setup.refusals import NoProjectOrSpace, NoSourceToken, NotAnAddress

SITE, WORKSPACE, URL, TOKEN = "site", "workspace", "url", "token"  # the fields of the form

AUDIT_SIZE = 20
"""Entries of the audit log on a page."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is set up in a workspace: project keys and space ids by source id, and its rules.

    ``languages`` are what languages are called, by their codes; ``language`` is the one of cards.
    ``sites`` are all of ours; ``defaults`` is what polls begin with, ``rights`` what is allowed.
    """

    sources: Mapping[str, str]
    needs_jira: bool
    languages: Mapping[str, str]
    language: str
    sites: Sequence[str] = ()
    defaults: Defaults = USUAL
    rights: Rights = ALL
    retention: Retention = FOR_GOOD


_PROJECT = re.compile(r"[A-Z][A-Z0-9_]{1,9}")
_SPACE_ID = re.compile(r"[0-9]{1,20}")
_MACRO = re.compile(r"[A-Za-z0-9-]{4,64}")


def checked_workspace(text: str) -> str:
    """Return the project's key in upper case, or the space's id. Raises BadField."""
    workspace = text.strip()
    if _PROJECT.fullmatch(workspace.upper()):
        return workspace.upper()
    if not _SPACE_ID.fullmatch(workspace):
        raise BadField(WORKSPACE, NoProjectOrSpace())
    return workspace


def check_typed(url: str, token: str) -> None:
    """Raise BadField for what can be no address, or no token."""
    if not _is_address(url):
        raise BadField(URL, NotAnAddress())
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise BadField(TOKEN, NoSourceToken())


def is_macro(text: str) -> bool:
    """Return whether the text may be the id of a macro on a page."""
    return _MACRO.fullmatch(text) is not None


def _is_address(url: str) -> bool:
    try:
        port = urlsplit(url).port
    except ValueError:
        return False
    return port != 0 and re.fullmatch(r"https?://[^\s?#@]+", url) is not None
