"""Polls that live in Team Voice, for a project or space that has it."""

import json
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

from pollbot.accounts.rows import AccountRows
from pollbot.errors import NotConnected
from pollbot.jira.sites import Sites
from pollbot.people import Person
from pollbot.polls.additions.refusals import LostInSource
from pollbot.polls.kept import Home, Kept
from pollbot.polls.refusals import SameOption
from pollbot.polls.rules import Draft, Visibility
from pollbot.polls.sources.rows import DEFAULT, SourceRows
from pollbot.polls.sources.source import About, Can, Options, SourcePoll, is_as_kept
from pollbot.polls.sources.team_voice.client import Endpoint, Place, TeamVoice
from pollbot.polls.sources.team_voice.polls import Json, edited, read_poll, with_option
from pollbot.polls.sources.team_voice.refusals import (
    EditorsOnly,
    HiddenNotChanged,
    HiddenNotKept,
    NeedsMacro,
    NoSource,
)
from pollbot.slack.meanwhile import Overtaken
from pollbot.store.worker import Clock
from pollbot.text.writing import alike

log = logging.getLogger(__name__)

_TRIES = 4


class TeamVoiceSource:
    """Carries definitions to Team Voice and back; who may change a poll there, Jira says."""

    kind = "team_voice"
    can = Can(
        elsewhere=True,
        hides_results=False,
        takes_answers=True,
        shares=False,
        reuses_ids=True,
        needs_named_place=True,
    )

    def __init__(
        self,
        account_rows: AccountRows,
        source_rows: SourceRows,
        sites: Sites,
        team_voice: TeamVoice,
        default: Endpoint | None,
        clock: Clock,
    ) -> None:
        self._account_rows = account_rows
        self._source_rows = source_rows
        self._sites = sites
        self._team_voice = team_voice
        self._default = None if default is None else replace(default, source_id=DEFAULT)
        self._clock = clock
        self._takes_token: dict[tuple[str, Endpoint], bool] = {}
        team_voice.hear = self._hear

    @property
    def refused(self) -> int:
        """How many endpoints did not take their token when they were asked last."""
        return sum(not taken for taken in self._takes_token.values())

    async def home(self, team_id: str, about: About) -> Home | None:
        """Return where Team Voice would keep polls on this issue or page."""
        if not about.workspace:
            return None
        macro_id, site = None, self._sites.other(about.site)
        if about.kind == "page":
            facts = await self._source_rows.page(team_id, about.subject, site)
            macro_id = facts.macro_id if facts is not None else None
        place = written(Place(about.workspace, about.subject, macro_id), site)
        source = await self._source_rows.of(team_id, about.workspace, site)
        if source is not None:
            return Home(self.kind, source.id, place)
        # The default is for projects of the default site; a space says with its macro where its
        # polls are.
        if about.kind != "issue" or self._default is None or site:
            return None
        return Home(self.kind, DEFAULT, place)

    async def same(self, team_id: str, one: Home, other: Home) -> bool:
        """Return whether both are the same place of the same Team Voice."""
        if one.place != other.place:
            return False
        with suppress(NoSource):
            return await self._endpoint(team_id, one) == await self._endpoint(team_id, other)
        return False

    def check_draft(self, about: About, home: Home | None, draft: Draft) -> None:
        """Raise BadInput if Team Voice cannot keep this poll as it was asked for."""
        if draft.settings.visibility is not Visibility.ALWAYS:
            raise HiddenNotKept
        if about.kind == "page" and (home is None or _place(home).container is None):
            raise NeedsMacro

    def check_change(self, kept: Kept, draft: Draft) -> None:
        """Raise BadInput if Team Voice cannot keep this change; what it hides may stay hidden."""
        if draft.settings.visibility not in (Visibility.ALWAYS, kept.poll.settings.visibility):
            raise HiddenNotChanged

    async def must_make(self, person: Person, about: About) -> None:
        """Raise NotYours unless the person has *Edit* on the issue or page, or NotConnected."""
        site = self._sites.current(about.site)
        account, jira = await self._account_rows.usable(person, site), self._sites.jira(site)
        if account is None:
            raise NotConnected(self._sites.other(site))
        if about.kind == "issue":
            allowed = await jira.may_edit(about.subject, account)
        else:
            allowed = await jira.may_edit_page(about.subject, account)
        if not allowed:
            raise EditorsOnly(about.label)

    async def may_manage(self, person: Person, kept: Kept) -> bool:
        """Return True: Jira decides when it is tried."""
        return True

    async def must_manage(self, person: Person, kept: Kept, about: About) -> None:
        """Raise what ``must_make`` does."""
        await self.must_make(person, about)

    async def look(self, team_id: str, home: Home) -> None:
        """Raise SourceError or SourceUnavailable unless Team Voice answers about this place."""
        endpoint = await self._endpoint(team_id, home)
        await self._team_voice.polls(endpoint, _place(home), results=False)

    async def create(self, kept: Kept, draft: Draft) -> SourcePoll:
        """Make the poll in Team Voice."""
        home = _home(kept)
        endpoint = await self._endpoint(kept.team_id, home)
        return await self._team_voice.create(endpoint, _place(home), draft)

    async def change(
        self, kept: Kept, draft: Draft, options: Options, shown: Sequence[str]
    ) -> SourcePoll:
        """Change the definition in Team Voice; what we do not know of it stays as it is."""
        home, taken = _home(kept), [option.id for option in kept.poll.options]

        def edit(raw: Json) -> Json:
            # Whoever edited it in Jira is not to be undone by what was thought out before that.
            if not is_as_kept(kept, read_poll(raw)):
                raise Overtaken
            return edited(raw, draft, options, shown=shown, taken=taken)

        return await self._team_voice.change(
            await self._endpoint(kept.team_id, home), _place(home), home.id, edit
        )

    async def add(self, kept: Kept, title: str) -> SourcePoll:
        """Add an option in Team Voice, with the token of its source: people have no rights there.

        Whoever writes last wins there, so it is read back, and added once more if it is gone.
        """
        home = _home(kept)
        endpoint = await self._endpoint(kept.team_id, home)
        taken = [option.id for option in kept.poll.options]
        for _ in range(_TRIES):
            with suppress(SameOption):
                await self._team_voice.change(
                    endpoint, _place(home), home.id, partial(with_option, title=title, taken=taken)
                )
            back = await self._team_voice.polls(endpoint, _place(home), results=False)
            there = next((poll for poll in back if poll.id == home.id), None)
            if there is not None and any(
                alike(option.title) == alike(title) for option in there.options
            ):
                return there
        raise LostInSource("it was not there after it was added")

    async def delete(self, kept: Kept) -> None:
        """Delete the poll in Team Voice; one that is gone already is deleted."""
        home = _home(kept)
        await self._team_voice.delete(
            await self._endpoint(kept.team_id, home), _place(home), home.id
        )

    async def polls(self, team_id: str, home: Home) -> list[SourcePoll]:
        """Return the polls of an issue or page. Raises NeedsMacro of a page without its macro."""
        place = _place(home)
        if place.workspace.isdigit() and place.container is None:
            raise NeedsMacro
        return await self._team_voice.polls(await self._endpoint(team_id, home), place)

    async def try_out(self, url: str, token: str, workspace: str) -> None:
        """Ask an endpoint for nothing in particular. Raises SourceError, SourceUnavailable."""
        space = workspace.isdigit()
        place = Place(workspace, "1", "setup") if space else Place(workspace, f"{workspace}-1")
        await self._team_voice.try_out(self._entered(url, token), place)

    async def _hear(self, endpoint: Endpoint, taken: bool) -> None:
        """Have whoever set a source up hear that it does not take its token, once until it does."""
        source_id = endpoint.source_id
        if not source_id or self._takes_token.get((source_id, endpoint)) is taken:
            return
        # Of one that was set up anew the older token is of no interest.
        others = [(one, at) for one, at in self._takes_token if one == source_id and at != endpoint]
        for other in others:
            del self._takes_token[other]
        if source_id != DEFAULT:
            await self._source_rows.takes_token(source_id, self._clock(), taken=taken)
        elif not taken:
            log.error("POLLBOT_TEAM_VOICE_TOKEN: Team Voice does not take it")
        self._takes_token[source_id, endpoint] = taken

    def _entered(self, url: str, token: str, source_id: str = "") -> Endpoint:
        """Return the source that an admin entered; the operator's own server is the operator's."""
        known = self._default is not None and _server(url) == _server(self._default.url)
        return Endpoint(url, token, typed=not known, source_id=source_id)

    async def _endpoint(self, team_id: str, home: Home) -> Endpoint:
        """Return where a poll lives; a source that was set up anew serves its old polls too."""
        if home.source_id == DEFAULT and self._default is not None:
            return self._default
        source = await self._source_rows.find(team_id, home.source_id)
        if source is None:
            source = await self._source_rows.of(team_id, _place(home).workspace, _site(home))
        if source is None:
            raise NoSource
        return self._entered(source.url, source.token, source.id)


def _server(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _home(kept: Kept) -> Home:
    if kept.home is None:
        raise ValueError("this poll does not live in Team Voice")
    return kept.home


def written(place: Place, site: str = "") -> str:
    """Return the place as it is kept in a Home; ``site`` is empty for the default one."""
    parts = [place.workspace, place.content, place.container, *([site] if site else [])]
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def _place(home: Home) -> Place:
    workspace, content, container = json.loads(home.place)[:3]
    return Place(workspace, content, container)


def _site(home: Home) -> str:
    """Return the site of a place; empty for the default one."""
    return str("".join(json.loads(home.place)[3:]))
