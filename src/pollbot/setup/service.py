"""What admins set up: where polls live, who may answer, and what polls begin with."""

import asyncio
from functools import partial

from pollbot.errors import (
    BadField,
    PollbotError,
    SourceError,
    SourceRefused,
    SourceUnavailable,
    StaleForm,
)
from pollbot.jira.sites import Sites
from pollbot.people import Person
from pollbot.polls.defaults.rows import DefaultRows
from pollbot.polls.defaults.rules import Defaults
from pollbot.polls.sources.rows import PageFacts, Source, SourceRows
from pollbot.polls.sources.service import PollSources
from pollbot.polls.sources.team_voice.source import TeamVoiceSource
from pollbot.retention.rows import RetentionRows
from pollbot.retention.rules import Retention
from pollbot.retention.rules import changed as changed_retention
from pollbot.rights.rows import RightRows
from pollbot.rights.rules import Rights
from pollbot.setup.defaults_rules import changed
from pollbot.setup.refusals import NoMacro, NoPage, PageUnread, SourceSlow, TokenOfOthers
from pollbot.setup.rights_rules import changed as changed_rights
from pollbot.setup.rules import (
    AUDIT_SIZE,
    TOKEN,
    URL,
    Known,
    check_typed,
    checked_workspace,
    is_macro,
)
from pollbot.slack.client import UserGroup
from pollbot.slack.languages import Languages
from pollbot.slack.members import Members
from pollbot.slack.users import People
from pollbot.store.audit import AuditPage, AuditRows
from pollbot.store.worker import Clock

_PATIENCE = 2.0
_UNTIL_FORM = 1.2
"""Seconds: Slack opens a form within three of the click."""


class Setup:
    """Everything here is for admins, except a page's macro id. Raises NotYours for others."""

    def __init__(
        self,
        source_rows: SourceRows,
        sources: PollSources,
        team_voice: TeamVoiceSource,
        sites: Sites,
        people: People,
        languages: Languages,
        default_rows: DefaultRows,
        right_rows: RightRows,
        audit_rows: AuditRows,
        retention_rows: RetentionRows,
        members: Members,
        clock: Clock,
    ) -> None:
        self._source_rows = source_rows
        self._sources = sources
        self._team_voice = team_voice
        self._sites = sites
        self._people = people
        self._languages = languages
        self._default_rows = default_rows
        self._right_rows = right_rows
        self._audit_rows = audit_rows
        self._retention_rows = retention_rows
        self._members = members
        self._clock = clock

    async def known(self, person: Person) -> Known:
        """Return what is set up; no address and no token is in it."""
        await self._people.must_be_admin(person)
        found = await self._source_rows.all(person.team_id)
        return Known(
            {source.id: self._called(source) for source in found},
            await self._source_rows.needs_jira(person.team_id),
            self._languages.codes,
            (await self._languages.of_team(person.team_id)).code,
            self._sites.all,
            await self._default_rows.of(person.team_id),
            await self._right_rows.of(person.team_id),
            await self._retention_rows.of(person.team_id),
        )

    def _called(self, source: Source) -> str:
        host = self._sites.named(source.site or self._sites.default)
        return f"{source.workspace} ({host})" if host else source.workspace

    async def choose_language(self, person: Person, code: str) -> None:
        """Have what everybody in the workspace reads be in that language from now on."""
        await self._people.must_be_admin(person)
        await self._languages.choose(person, code)

    async def change_defaults(self, person: Person, began: Defaults, chosen: Defaults) -> None:
        """Have new polls of the workspace begin with what was chosen. Raises BadField."""
        await self._people.must_be_admin(person)
        rule = partial(changed, began=began, chosen=chosen)
        await self._default_rows.change(person, rule, self._clock())

    async def rights(self, person: Person) -> tuple[Rights, tuple[UserGroup, ...] | None]:
        """Return what is allowed, and the user groups to choose from; None if Slack tells none."""
        await self._people.must_be_admin(person)
        rights = await self._right_rows.of(person.team_id)
        try:
            async with asyncio.timeout(_UNTIL_FORM):
                groups = await self._members.groups(person.team_id)
        except (PollbotError, TimeoutError):
            return rights, None
        return rights, tuple(sorted(groups, key=lambda one: one.handle))

    async def audit(self, person: Person, page: int) -> AuditPage:
        """Return a page of who changed what in the workspace, the newest first."""
        await self._people.must_be_admin(person)
        return await self._audit_rows.page(person.team_id, page, AUDIT_SIZE)

    async def change_retention(self, person: Person, began: Retention, chosen: Retention) -> None:
        """Have the workspace keep what is over for so long from now on. Raises BadField."""
        await self._people.must_be_admin(person)
        rule = partial(changed_retention, began=began, chosen=chosen)
        await self._retention_rows.change(person, rule, self._clock())

    async def change_rights(self, person: Person, began: Rights, chosen: Rights) -> None:
        """Have the workspace allow this from now on. Raises BadField."""
        await self._people.must_be_admin(person)
        rule = partial(changed_rights, began=began, chosen=chosen)
        await self._right_rows.change(person, rule, self._clock())

    async def add(
        self, person: Person, workspace: str, url: str, token: str, site: str = ""
    ) -> None:
        """Keep an endpoint for a project or space, once it has answered a harmless question.

        ``site`` is where that is, empty for the default one. Raises BadField that names what
        cannot be used, and StaleForm for a site that is none of ours.
        """
        if site and site not in self._sites.all:
            raise StaleForm
        await self._people.must_be_admin(person)
        workspace = checked_workspace(workspace)
        check_typed(url, token)
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._team_voice.try_out(url, token, workspace)
        except TimeoutError:
            raise BadField(URL, SourceSlow("slow")) from None
        except SourceRefused as error:
            raise BadField(TOKEN, TokenOfOthers()) from error
        except (SourceError, SourceUnavailable) as error:
            raise BadField(URL, error) from error
        site = self._sites.other(site)
        await self._source_rows.set(person, workspace, url, token, self._clock(), site)

    async def remove(self, person: Person, source_id: str) -> None:
        """Forget an endpoint and its token."""
        await self._people.must_be_admin(person)
        await self._source_rows.remove(person, source_id, self._clock())

    async def know_macro(self, person: Person, page_text: str, macro_id: str) -> str:
        """Remember the macro of a page that the person can see; return the page's title."""
        if not page_text or not is_macro(macro_id):
            raise NoMacro
        try:
            async with asyncio.timeout(_PATIENCE):
                about = await self._sources.named(person, "", page_text)
        except TimeoutError:
            raise PageUnread from None
        if about.kind != "page" or not about.workspace:
            raise NoPage
        await self._source_rows.tell_macro(
            person,
            PageFacts(about.subject, about.workspace, about.label, macro_id),
            self._clock(),
            self._sites.other(about.site),
        )
        return about.label
