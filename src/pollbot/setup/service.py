"""What admins set up: where polls live, and who may answer."""

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from pollbot.errors import (
    BadField,
    BadInput,
    NotSaved,
    SourceError,
    SourceRefused,
    SourceUnavailable,
)
from pollbot.people import Person
from pollbot.polls.sources.rows import PageFacts, SourceRows
from pollbot.polls.sources.service import PollSources
from pollbot.polls.sources.team_voice.source import TeamVoiceSource
from pollbot.setup.blocks import TOKEN, URL, WORKSPACE
from pollbot.slack.users import People
from pollbot.store.worker import Clock

_PATIENCE = 2.0
_PROJECT = re.compile(r"[A-Z][A-Z0-9_]{1,9}")
_SPACE_ID = re.compile(r"[0-9]{1,20}")
_MACRO = re.compile(r"[A-Za-z0-9-]{4,64}")


@dataclass(frozen=True, slots=True)
class Known:
    """What the form shows: project keys and space ids by source id, and the team's rule."""

    sources: dict[str, str]
    needs_jira: bool


class Setup:
    """Everything here is for admins, except a page's macro id. Raises NotYours for others."""

    def __init__(
        self,
        source_rows: SourceRows,
        sources: PollSources,
        team_voice: TeamVoiceSource,
        people: People,
        clock: Clock,
    ) -> None:
        self._source_rows = source_rows
        self._sources = sources
        self._team_voice = team_voice
        self._people = people
        self._clock = clock

    async def known(self, person: Person) -> Known:
        """Return what is set up; no address and no token is in it."""
        await self._people.must_be_admin(person)
        found = await self._source_rows.all(person.team_id)
        return Known(
            {source.id: source.workspace for source in found},
            await self._source_rows.needs_jira(person.team_id),
        )

    async def add(self, person: Person, workspace: str, url: str, token: str) -> None:
        """Keep an endpoint for a project or space, once it has answered a harmless question.

        Raises BadField that names what cannot be used.
        """
        await self._people.must_be_admin(person)
        workspace = workspace.strip()
        if _PROJECT.fullmatch(workspace.upper()):
            workspace = workspace.upper()
        elif not _SPACE_ID.fullmatch(workspace):
            raise NotSaved(
                WORKSPACE,
                "That is no project or space.",
                "Give a Jira project's key, such as PLAT, or a Confluence space's id, a number.",
            )
        if not _is_address(url):
            raise NotSaved(
                URL,
                "That is no address.",
                "Paste the one from Team Voice's settings, from https:// up to the “?”.",
            )
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise NotSaved(
                TOKEN, "This cannot be one.", "Paste the whole token from Team Voice's settings."
            )
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._team_voice.try_out(url, token, workspace)
        except TimeoutError:
            raise NotSaved(
                URL, "Team Voice did not answer within 2 s.", "Please try again."
            ) from None
        except SourceRefused as error:
            raise NotSaved(
                TOKEN,
                "Team Voice does not accept this token for this project or space: it is wrong, "
                "was revoked, or is meant for others.",
                "Copy it from Team Voice's settings of this one.",
            ) from error
        except (SourceError, SourceUnavailable) as error:
            raise BadField(URL, str(error)) from error
        await self._source_rows.set(person, workspace, url, token, self._clock())

    async def remove(self, person: Person, source_id: str) -> None:
        """Forget an endpoint and its token."""
        await self._people.must_be_admin(person)
        await self._source_rows.remove(person.team_id, source_id)

    async def know_macro(self, person: Person, page_text: str, macro_id: str) -> str:
        """Remember the macro of a page that the person can see; return the page's title."""
        if not page_text or not _MACRO.fullmatch(macro_id):
            raise BadInput(
                "Give the page's link and the macro's id, as in "
                "`/pollbot macro https://acme.atlassian.net/wiki/spaces/DOCS/pages/123 4f1c9b7e`. "
                "Nothing was changed."
            )
        try:
            async with asyncio.timeout(_PATIENCE):
                about = await self._sources.named(person, "", page_text)
        except TimeoutError:
            raise BadInput(
                "Confluence did not answer within 2 s, so nothing was changed. Try again in a "
                "minute."
            ) from None
        if about.kind != "page" or not about.workspace:
            raise BadInput("That is no link to a Confluence page. Nothing was changed.")
        await self._source_rows.know_page(
            person.team_id,
            PageFacts(about.subject, about.workspace, about.label, macro_id),
        )
        return about.label


def _is_address(url: str) -> bool:
    try:
        port = urlsplit(url).port
    except ValueError:
        return False
    return port != 0 and re.fullmatch(r"https?://[^\s?#@]+", url) is not None
