"""Where polls live: in Team Voice, for a project or space that has it, or in pollbot itself."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from pollbot.accounts.rows import AccountRows
from pollbot.chance import Chance, new_id
from pollbot.errors import (
    BadInput,
    NotConnected,
    NotYours,
    OtherSite,
    SourceError,
    SourceUnavailable,
    SourceUnusable,
)
from pollbot.jira.client import Jira
from pollbot.jira.issues import find_issue, issue_url
from pollbot.jira.pages import PageRef, find_page, page_url
from pollbot.people import Account, Person
from pollbot.polls.kept import FRESH, Kept
from pollbot.polls.rows import PollRows
from pollbot.polls.rules import Draft, Kind, Option, Poll, PollSettings, Visibility
from pollbot.polls.sources.rows import DEFAULT, PageFacts, SourceRows
from pollbot.polls.sources.team_voice import Endpoint, Place, RemotePoll, TeamVoice, edited
from pollbot.store.deliveries import aside
from pollbot.store.worker import Clock
from pollbot.text.writing import echo

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class About:
    """What a poll is on, as its creator sees it; ``place`` is where Team Voice would keep it."""

    kind: Kind
    subject: str
    label: str
    url: str
    place: Place | None = None

    @property
    def workspace(self) -> str:
        """The project key or space id; empty for a plain poll."""
        return self.place.workspace if self.place is not None else ""


PLAIN = About("plain", "", "", "")


class PollSources:
    """Finds out where a poll belongs, and carries definitions there and back."""

    def __init__(
        self,
        account_rows: AccountRows,
        poll_rows: PollRows,
        source_rows: SourceRows,
        jira: Jira,
        team_voice: TeamVoice,
        default: Endpoint | None,
        site: str,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._account_rows = account_rows
        self._poll_rows = poll_rows
        self._source_rows = source_rows
        self._jira = jira
        self._team_voice = team_voice
        self._default = None if default is None else replace(default, source_id=DEFAULT)
        self._site = site
        self._clock = clock
        self._chance = chance
        self._takes_token: dict[tuple[str, Endpoint], bool] = {}
        team_voice.hear = self._hear

    @property
    def refused(self) -> int:
        """How many sources did not take their token when they were asked last."""
        return sum(not taken for taken in self._takes_token.values())

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

    async def named(self, person: Person, channel_id: str, text: str | None) -> About:
        """Return what ``text`` names, as the person sees it in Jira or Confluence.

        Blank text is the issue that the channel is linked to, else nothing: a plain
        poll, as it is with None. Raises BadInput, NotConnected, and what Jira answers.
        """
        if text is None:
            return PLAIN
        page = self._page(text)
        if page is not None:
            return await self.page(person, page.page_id)
        key = find_issue(text, self._site) or await self._account_rows.linked(
            person.team_id, channel_id, self._site
        )
        if key is None:
            return PLAIN
        account = await self.account(person)
        issue = await self._jira.issue(key, account)
        return await self.about(person.team_id, "issue", issue.key)

    def _page(self, text: str) -> PageRef | None:
        """Return the page that ``text`` names; a link to elsewhere may stand beside an issue."""
        with suppress(OtherSite):
            return find_page(text, self._site)
        return None

    async def page(self, person: Person, page_id: str) -> About:
        """Return a page as the person sees it in Confluence, and remember what it is called."""
        seen = await self._jira.page(page_id, await self.account(person))
        facts = PageFacts(seen.page_id, seen.space_id, seen.title, None)
        with aside():
            await self._source_rows.know_page(person.team_id, facts)
        return await self.about(person.team_id, "page", seen.page_id)

    async def guessed(self, person: Person, channel_id: str, text: str | None) -> About:
        """Return what ``text`` names without asking Jira, which is too slow for opening a form."""
        if text is None:
            return PLAIN
        page = self._page(text)
        if page is not None:
            return await self.about(person.team_id, "page", page.page_id)
        key = find_issue(text, self._site) or await self._account_rows.linked(
            person.team_id, channel_id, self._site
        )
        return PLAIN if key is None else await self.about(person.team_id, "issue", key)

    async def about(self, team_id: str, kind: Kind, subject: str) -> About:
        """Return the subject of a poll from what is known here."""
        if kind == "issue":
            project = subject.rpartition("-")[0]
            return About(
                kind, subject, subject, issue_url(self._site, subject), Place(project, subject)
            )
        if kind == "page":
            facts = await self._source_rows.page(team_id, subject)
            if facts is None:
                return About(kind, subject, "page", page_url(self._site, subject, None))
            return About(
                kind,
                subject,
                facts.title,
                page_url(self._site, subject, None),
                Place(facts.space_id, subject, facts.macro_id),
            )
        return PLAIN

    async def seen(self, person: Person, kind: Kind, subject: str) -> About:
        """Return the subject of a poll as the person sees it; raises what ``named`` does."""
        match kind:
            case "issue":
                return await self.named(person, "", subject)
            case "page":
                return await self.page(person, subject)
            case "plain":
                return PLAIN

    async def account(self, person: Person) -> Account:
        """Return the person's account. Raises NotConnected."""
        account = await self._account_rows.find(person, self._site)
        if account is None or account.refused:
            raise NotConnected
        return account

    async def endpoint(self, team_id: str, about: About) -> tuple[str, Endpoint] | None:
        """Return the id and address of the source for a subject; None: pollbot itself."""
        if about.place is None:
            return None
        source = await self._source_rows.of(team_id, about.place.workspace)
        if source is not None:
            return source.id, self._entered(source.url, source.token, source.id)
        # The default is for projects; a space says with its macro where its polls are.
        if about.kind != "issue" or self._default is None:
            return None
        return DEFAULT, self._default

    async def may_edit(self, person: Person, about: About) -> None:
        """Raise NotYours unless the person has *Edit* on the issue or page, or NotConnected."""
        account = await self.account(person)
        if about.kind == "issue":
            allowed = await self._jira.may_edit(about.subject, account)
        else:
            allowed = await self._jira.may_edit_page(about.subject, account)
        if not allowed:
            raise NotYours(
                f"Polls in Team Voice may be created and changed by those who may edit "
                f"{echo(about.label)}, and Jira does not let you. Nothing was changed."
            )

    async def sees(self, person: Person, kept: Kept) -> None:
        """Raise NotConnected or NotFound unless the person can see what the poll is on."""
        account = await self.account(person)
        if kept.kind == "issue":
            await self._jira.issue(kept.subject, account)
        elif kept.kind == "page":
            await self._jira.page(kept.subject, account)

    def check_draft(self, about: About, draft: Draft) -> None:
        """Raise BadInput if Team Voice cannot keep this poll as it was asked for."""
        if draft.settings.visibility is not Visibility.ALWAYS:
            raise BadInput(
                "Team Voice can only keep polls whose results are always visible, and pollbot "
                "never shows in Jira what you asked to hide. Nothing was created. Two ways out: "
                "leave the results always visible, or keep this poll in pollbot (choose that in "
                "the form, or put `local` before the question)."
            )
        if about.kind == "page" and (about.place is None or about.place.container is None):
            raise NeedsMacro

    def check_change(self, kept: Kept, draft: Draft) -> None:
        """Raise BadInput if Team Voice cannot keep this change; what it hides may stay hidden."""
        if draft.settings.visibility not in (Visibility.ALWAYS, kept.poll.settings.visibility):
            raise BadInput(
                "Team Voice can only keep polls whose results are always visible. Nothing was "
                "changed. Leave that setting as it was, or make a new poll that is kept in pollbot "
                "(choose that in the form, or put `local` before the question)."
            )

    async def look(self, about: About, endpoint: Endpoint) -> None:
        """Raise SourceError or SourceUnavailable unless Team Voice answers about this place."""
        if about.place is not None:
            await self._team_voice.polls(endpoint, about.place, results=False)

    async def create(self, kept: Kept, endpoint: Endpoint, draft: Draft) -> RemotePoll:
        """Make the poll in Team Voice."""
        return await self._team_voice.create(endpoint, _place(kept), draft)

    async def change(
        self,
        kept: Kept,
        *,
        title: str,
        description: str,
        options: list[tuple[str | None, str]],
        settings: PollSettings,
        shown: Sequence[str],
    ) -> RemotePoll:
        """Change the definition in Team Voice; what we do not know of it stays as it is.

        ``shown`` are the options that the person had before them: one that came in Jira
        meanwhile is not theirs to remove.
        """
        endpoint = await self._endpoint_of(kept)
        return await self._team_voice.change(
            endpoint,
            _place(kept),
            kept.remote_id or "",
            lambda raw: edited(
                raw,
                title=title,
                description=description,
                options=options,
                settings=settings,
                shown=shown,
                taken=[option.id for option in kept.poll.options],
            ),
        )

    async def delete(self, kept: Kept) -> None:
        """Delete the poll in Team Voice; one that is gone already is deleted."""
        await self._team_voice.delete(
            await self._endpoint_of(kept), _place(kept), kept.remote_id or ""
        )

    async def try_out(self, url: str, token: str, workspace: str) -> None:
        """Ask the endpoint for nothing in particular. Raises SourceError, SourceUnavailable."""
        space = workspace.isdigit()
        place = Place(workspace, "1", "setup") if space else Place(workspace, f"{workspace}-1")
        await self._team_voice.try_out(self._entered(url, token), place)

    async def synced(self, kept: Kept, *, fresh: float = FRESH) -> Kept:
        """Return the poll as Team Voice has it, unless it was read just now.

        If Team Voice does not answer, return what is known.
        """
        now = self._clock()
        if kept.remote_id is None or kept.poll.deleted or now - kept.read_at < fresh:
            return kept
        try:
            remotes = await self._team_voice.polls(await self._endpoint_of(kept), _place(kept))
        except (SourceError, SourceUnavailable) as error:
            log.info("a poll is shown as it was last read: %s", type(error).__name__)
            return kept
        remote = next((one for one in remotes if one.id == kept.remote_id), None)
        if remote is None:
            with aside():
                await self._poll_rows.delete(kept.team_id, kept.poll.id, now)
            return await self._poll_rows.find(kept.team_id, kept.poll.id)
        return await self._take(kept, remote, now)

    async def discover(self, person: Person, about: About) -> None:
        """Take in the polls that were made in Jira or Confluence, and drop those deleted there."""
        found = await self.endpoint(person.team_id, about)
        if found is None or about.place is None:
            return
        if about.kind == "page" and about.place.container is None:
            raise NeedsMacro
        source_id, endpoint = found
        now = self._clock()
        known = await self._known(person, about, endpoint)
        remotes = await self._team_voice.polls(endpoint, about.place)
        for gone in known.keys() - {remote.id for remote in remotes}:
            with aside():
                await self._poll_rows.delete(person.team_id, known[gone].poll.id, now)
        for remote in remotes:
            old = known.get(remote.id)
            if old is None:
                kept = self.kept(person, about, now, remote=remote, source_id=source_id)
                with aside():
                    poll_id = await self._poll_rows.add(kept)
                if poll_id == kept.poll.id:
                    continue
                old = await self._poll_rows.find(person.team_id, poll_id)
            await self._take(old, remote, now)

    async def _known(self, person: Person, about: About, endpoint: Endpoint) -> dict[str, Kept]:
        """Return what is kept here of the polls in this place of this Team Voice, by their ids."""
        known: dict[str, Kept] = {}
        for kept in await self._poll_rows.remote(person.team_id, about.subject):
            if kept.remote_id is None or _place(kept) != about.place:
                continue
            with suppress(NoSource):
                if await self._endpoint_of(kept) == endpoint:
                    known[kept.remote_id] = kept
        return known

    def kept(
        self,
        person: Person,
        about: About,
        now: float,
        *,
        draft: Draft | None = None,
        remote: RemotePoll | None = None,
        source_id: str | None = None,
    ) -> Kept:
        """Return a new poll as it is to be stored, from a draft or from Team Voice."""
        if remote is not None:
            title, description, options = remote.title, remote.description, remote.options
            settings, template = remote.settings, None
        elif draft is not None:
            title, description, settings = draft.title, draft.description, draft.settings
            options = tuple(
                Option(str(place + 1), text, place) for place, text in enumerate(draft.options)
            )
            template = draft.template
        else:
            raise ValueError("a poll comes from a draft or from Team Voice")
        place = about.place if source_id is not None else None
        return Kept(
            poll=Poll(
                id=new_id(self._chance),
                title=title,
                description=description,
                options=options,
                settings=settings,
                created_by=person.user_id,
                template=template,
            ),
            team_id=person.team_id,
            site=self._site,
            kind=about.kind,
            subject=about.subject,
            created_at=now,
            source_id=source_id,
            workspace=place.workspace if place else None,
            content=place.content if place else None,
            container=place.container if place else None,
            remote_id=remote.id if remote else None,
            raw=remote.raw if remote else None,
            jira_part=remote.answers if remote else None,
            understood=remote.understood if remote else True,
            read_at=now if remote else 0.0,
            remind_before=draft.remind_before if draft else None,
            record=draft.record if draft else False,
            found=remote is not None,
        )

    async def _take(self, kept: Kept, remote: RemotePoll, now: float) -> Kept:
        """Keep what Team Voice says now, where it differs."""
        poll = kept.poll
        live = tuple(
            Option(one.id, one.title, one.order) for one in poll.options if not one.removed
        )
        # Names once promised not to be kept stay away, whatever Jira says later.
        settings = replace(remote.settings, names=remote.settings.names and poll.settings.names)
        same = (poll.title, poll.description, live, poll.settings) == (
            remote.title,
            remote.description,
            remote.options,
            settings,
        )
        await self._poll_rows.read(
            kept, remote.answers, remote.raw, now, understood=remote.understood
        )
        if not same:
            with aside():
                await self._poll_rows.change(
                    kept,
                    now,
                    title=remote.title,
                    description=remote.description,
                    options=remote.options,
                    settings=settings,
                    raw=remote.raw,
                )
        return await self._poll_rows.find(kept.team_id, poll.id)

    def _entered(self, url: str, token: str, source_id: str = "") -> Endpoint:
        """Return the source that an admin entered; the operator's own server is the operator's."""
        known = self._default is not None and _server(url) == _server(self._default.url)
        return Endpoint(url, token, typed=not known, source_id=source_id)

    async def _endpoint_of(self, kept: Kept) -> Endpoint:
        """Return where the poll lives; a source that was set up anew serves its old polls too."""
        if kept.source_id == DEFAULT and self._default is not None:
            return self._default
        source = await self._source_rows.find(kept.team_id, kept.source_id or "")
        if source is None:
            source = await self._source_rows.of(kept.team_id, kept.workspace or "")
        if source is None:
            raise NoSource
        return self._entered(source.url, source.token, source.id)


class NeedsMacro(BadInput):
    """Team Voice keeps polls of a page under a macro's id, which only the page shows."""

    def __init__(self) -> None:
        super().__init__(
            "Team Voice keeps a page's polls under the id of its macro there, which pollbot does "
            "not know yet. Nothing was created. In Confluence, edit the page, open the Team Voice "
            "macro and copy its *Macro ID*; then run `/pollbot macro` with the page's link and "
            "that id. It is asked for once."
        )


class NoSource(SourceUnusable):
    """The poll lives in a Team Voice that was removed from /pollbot setup."""

    def __init__(self) -> None:
        super().__init__(
            "This poll lives in Team Voice, but pollbot has no address of it any more. Nothing "
            "was changed. An admin can enter it again in `/pollbot setup`.",
        )


def _server(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _place(kept: Kept) -> Place:
    return Place(kept.workspace or "", kept.content or "", kept.container)
