"""Polls: created, answered, edited, closed, deleted, shown."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from pollbot.cards.rows import CardRows, Wanted
from pollbot.errors import PollbotError, PollGone, SourceUnavailable
from pollbot.people import Person
from pollbot.polls.additions.refusals import NotAddable
from pollbot.polls.audience.service import Audiences
from pollbot.polls.edits.rules import Edit, Options, matched
from pollbot.polls.kept import Home, Kept
from pollbot.polls.refusals import (
    BadPart,
    CannotReopen,
    EditedTooOften,
    EditsClash,
    NotEditable,
    PollClosed,
)
from pollbot.polls.rows import PollRows
from pollbot.polls.rules import (
    Ask,
    Draft,
    Kind,
    Poll,
    Posting,
    check_end,
    check_reminder,
    checked,
    one_line,
)
from pollbot.polls.sources.service import PollSources
from pollbot.polls.sources.source import About, Can
from pollbot.rights.service import Permits
from pollbot.slack.meanwhile import AGAIN, Overtaken
from pollbot.store.worker import Clock
from pollbot.store.writer import IsAsked


@dataclass(frozen=True, slots=True)
class Ready:
    """What a poll is on, and where it will live; None: in pollbot itself.

    ``is_asked`` says whether it is still asked for by the time that it is kept.
    """

    about: About
    home: Home | None
    is_asked: IsAsked | None = None


class Polls:
    """What listeners ask for. Everything here raises PollbotError."""

    def __init__(
        self,
        card_rows: CardRows,
        poll_rows: PollRows,
        sources: PollSources,
        permits: Permits,
        audiences: Audiences,
        clock: Clock,
    ) -> None:
        self._card_rows = card_rows
        self._poll_rows = poll_rows
        self._sources = sources
        self._permits = permits
        self._audiences = audiences
        self._clock = clock

    async def guessed(self, person: Person, channel_id: str, where: str | None) -> About:
        """Return what a form for a new poll is on; Jira is asked when the form is submitted."""
        return await self._sources.guessed(person, channel_id, where)

    async def known(self, person: Person, kind: Kind, subject: str, site: str = "") -> About:
        """Return what a poll is on from what is known here."""
        return await self._sources.about(person.team_id, kind, subject, site)

    async def channel_of(self, person: Person, card_id: str) -> str:
        """Return the channel that a card hangs in, empty if it is not known."""
        return await self._card_rows.channel_of(person.team_id, card_id)

    async def source_of(self, person: Person, about: About) -> Can | None:
        """Return what the source can do in which polls on this live; None if in pollbot itself."""
        home = await self._sources.home(person.team_id, about)
        return self._sources.of(home).can if home is not None else None

    async def must_make(self, person: Person) -> None:
        """Raise MayNotMake unless admins let the person make polls.

        Raises MakersUnread and NotLookedUp while nobody can tell.
        """
        await self._permits.must_make(person)

    async def checked(self, person: Person, ask: Ask, channel_id: str = "") -> Ask:
        """Return the ask as it can be kept, as far as that is known here.

        Raises BadInput, and NotYours where admins allow none, or none in that channel.
        """
        await self._permits.must_use(person, "", channel_id)
        now = self._clock()
        draft = _recordable(checked(ask.draft, now), ask.kind)
        audience = await self._audiences.looked_up(person.team_id, draft.settings.audience)
        draft = replace(draft, settings=replace(draft.settings, audience=audience))
        check_reminder(draft, now)
        ask = replace(ask, draft=draft)
        await self.checked_place(person, ask)
        return ask

    async def checked_place(self, person: Person, ask: Ask) -> None:
        """Raise BadInput if its source could not keep the poll, as far as that is known here.

        Raises NotYours where admins do not let the person make it.
        """
        await self._permits.must_make(person)
        await self._permits.must_use(person, ask.subject if ask.kind == "issue" else "")
        about = await self._sources.about(person.team_id, ask.kind, ask.subject, ask.site)
        home = await self._sources.home(person.team_id, about, local=ask.local)
        self._sources.of(home).check_draft(about, home, ask.draft)

    async def ready(self, person: Person, ask: Ask) -> Ready:
        """Return where the poll is to be made, once all that has a say in that was asked.

        Nothing was changed before, so what this raises can be asked again.
        """
        about = await self._sources.seen(person, ask.kind, ask.subject, ask.site)
        home = await self._sources.home(person.team_id, about, local=ask.local)
        await self._sources.must_make(person, about, home, ask.draft)
        if home is not None:
            await self._sources.of(home).look(person.team_id, home)
        return Ready(about, home)

    async def made_by(self, person: Person, stamp: str) -> Kept | None:
        """Return the poll for which that delivery asked, perhaps half made; None if there is none.

        It is there for certain unless it ``is_half_made``.
        """
        return await self._poll_rows.made_by(person, stamp)

    async def make(
        self,
        person: Person,
        about: About,
        draft: Draft,
        stamp: str | None,
        posting: Posting | None = None,
        *,
        local: bool,
    ) -> Kept:
        """Make the poll, and with it ask for its card if it is to have one; return it.

        The same ``stamp`` again makes nothing. Of a poll that lives elsewhere the row is
        there first, so that a crash in between can be told.
        """
        await self._permits.must_make(person)
        draft = _recordable(checked(draft, self._clock()), about.kind)
        home = await self._sources.home(person.team_id, about, local=local)
        await self._sources.must_make(person, about, home, draft)
        return await self.make_ready(person, Ready(about, home), draft, stamp, posting)

    async def make_ready(
        self,
        person: Person,
        ready: Ready,
        draft: Draft,
        stamp: str | None,
        posting: Posting | None = None,
        *,
        keep_lost: bool = False,
    ) -> Kept:
        """Make the poll as ``make`` does, where everybody has been asked already.

        ``keep_lost``: of one that its source may have made all the same the row stays, for
        whoever looks for it there. Raises AskedNoMore.
        """
        draft = _for_members_there(draft, "" if posting is None else posting.channel_id)
        kept = self._sources.new(person, ready.about, self._clock(), draft, ready.home)
        source = self._sources.of(ready.home)
        if not source.can.elsewhere:
            made = await self._poll_rows.add(kept, stamp, _card(kept, posting), ready.is_asked)
            return await self._poll_rows.find(person.team_id, made)
        made = await self._poll_rows.start(kept, stamp, ready.is_asked)
        if made == kept.poll.id:
            try:
                there = await source.create(kept, draft)
            except PollbotError as error:
                is_lost = isinstance(error, SourceUnavailable) and error.perhaps
                if not (keep_lost and is_lost):
                    await self._poll_rows.drop(kept.poll.id)
                raise
            await self._poll_rows.made(kept, there, self._clock(), _card(kept, posting))
        return await self._poll_rows.find(person.team_id, made)

    async def post(self, person: Person, poll_id: str, posting: Posting) -> None:
        """Ask for a card of the poll in a channel."""
        kept = await self._poll_rows.find(person.team_id, poll_id)
        if kept.poll.deleted:
            raise PollGone
        await self._poll_rows.touched(kept, self._clock())
        wanted = Wanted(
            posting.channel_id,
            kept.site,
            posting.response_url,
            posting.stamp,
            poll_id=poll_id,
            poll_issues=kept.about_issues,
            thread_ts=posting.thread_ts,
        )
        await self._card_rows.want(person, wanted, self._clock())

    async def find(self, person: Person, poll_id: str) -> Kept:
        """Return a poll of the person's team. Raises PollGone."""
        kept = await self._poll_rows.find(person.team_id, poll_id)
        if kept.poll.deleted:
            raise PollGone
        return kept

    async def edit(self, person: Person, poll_id: str, edit: Callable[[Kept], Edit]) -> Kept:
        """Change the definition; answers stay with the options whose id is kept.

        ``edit`` makes of the poll as it is what is to be; it is asked anew where another change
        came before this one. Raises what it raises, and EditsClash for what does not go with what
        others changed.
        """
        async with self._sources.alone(await self.managed(person, poll_id)):
            for _ in range(AGAIN):
                kept = await self.find(person, poll_id)
                if not kept.poll.is_open(self._clock()):
                    raise NotEditable(kept.poll.title)
                try:
                    return await self._edit(person, kept, edit(kept))
                except Overtaken:
                    await self._sources.synced(kept, fresh=0.0)
        raise EditedTooOften

    async def _edit(self, person: Person, kept: Kept, edit: Edit) -> Kept:
        """Keep an edit of the poll as it was ``kept``. Raises Overtaken."""
        live, now = kept.poll.live, self._clock()
        options: Options = [(option.id, option.title) for option in live]
        if edit.options is not None:
            options = [(old, title) for old, text in edit.options if (title := one_line(text))]
        source = self._sources.of(kept.home)
        # Else the id of what was removed there may be another one's by now.
        known = live if source.can.reuses_ids else kept.poll.options
        options = matched(known, options)
        options = [*options, *_came_meanwhile(kept.poll, options, edit.shown)]
        draft = replace(edit.draft, options=tuple(title for _, title in options))
        try:
            draft = _recordable(_checked_change(draft, kept.poll, now), kept.kind)
        except BadPart as error:
            if edit.overtaken:
                raise EditsClash(error) from error
            raise
        draft = _for_members_there(draft, await self._poll_rows.posted_first(kept.poll.id))
        source.check_change(kept, draft)
        there = await source.change(kept, draft, options, [option.id for option in live])
        settings = there.settings.with_own_of(draft.settings)
        return await self._poll_rows.change(
            kept,
            now,
            replace(there.definition, settings=settings),
            sent=there.sent or None,
            draft=draft,
            by=person.user_id,
        )

    async def close(self, person: Person, poll_id: str) -> Kept:
        """Close the poll: no more answers, the result stays. A closed one stays as it is."""
        kept = await self.managed(person, poll_id)
        try:
            return await self._poll_rows.close(
                person.team_id, poll_id, self._clock(), person.user_id
            )
        except PollClosed:
            return kept

    async def to_reopen(self, person: Person, poll_id: str) -> Kept:
        """Return the poll that the person may open again, or that is open.

        Raises CannotReopen for an anonymous one.
        """
        kept = await self.managed(person, poll_id)
        if not kept.poll.is_open(self._clock()) and not kept.poll.settings.names:
            raise CannotReopen(kept.poll.title)
        return kept

    async def reopen(self, person: Person, poll_id: str, ends_at: float | None) -> Kept:
        """Let the poll take answers again, until it closes at ``ends_at``; None for by hand.

        An open one stays as it is. Raises BadInput, or CannotReopen for an anonymous one.
        """
        kept, now = await self.to_reopen(person, poll_id), self._clock()
        if kept.poll.is_open(now):
            return kept
        check_end(ends_at, now, undone="changed")
        async with self._sources.alone(kept):
            await self._end_otherwise(kept, ends_at)
        # With that it is read anew from its source, in case more of it has changed there.
        return await self._poll_rows.reopen(person.team_id, poll_id, now, ends_at, person.user_id)

    async def to_copy(self, person: Person, poll_id: str) -> Ask:
        """Return what makes the same poll anew, without answers or an end that has passed."""
        kept, now = await self.find(person, poll_id), self._clock()
        draft = self.draft_of(kept)
        settings = draft.settings
        if settings.ends_at is not None and settings.ends_at <= now:
            settings = replace(settings, ends_at=None, closes_at_end=False)
        ends_at, remind = settings.ends_at, draft.remind_before
        if remind is not None and (ends_at is None or ends_at - remind <= now):
            remind = None
        draft = replace(draft, settings=settings, remind_before=remind)
        return Ask(
            draft,
            kept.kind,
            kept.subject,
            local=not self._sources.can(kept).elsewhere,
            site=self._sources.other(kept.site),
        )

    def draft_of(self, kept: Kept) -> Draft:
        """Return what was asked for to make the poll as it stands, its end included."""
        poll = kept.poll
        return Draft(
            title=poll.title,
            options=tuple(option.title for option in poll.live),
            description=poll.description,
            # Those of where it is posted next may answer there.
            settings=replace(poll.settings, audience=replace(poll.settings.audience, channel="")),
            template=poll.template,
            remind_before=kept.remind_before,
            record=kept.record,
        )

    async def delete(self, person: Person, poll_id: str) -> Kept:
        """Delete the poll and its answers, where it lives too."""
        kept = await self.managed(person, poll_id)
        await self._sources.of(kept.home).delete(kept)
        await self._poll_rows.delete(person.team_id, poll_id, self._clock(), person.user_id)
        return kept

    async def share(
        self,
        person: Person,
        poll_id: str,
        chosen: Collection[str],
        shown: Collection[str] | None,
    ) -> None:
        """Say who may manage the poll beside its creator, where its source leaves that open.

        ``shown`` are those from whom the person chose; None where nobody knows.
        """
        await self.managed(person, poll_id)
        await self._poll_rows.share(person, poll_id, chosen, shown, self._clock())

    def must_take_options(self, kept: Kept) -> None:
        """Raise PollClosed or NotAddable unless people may add options to the poll."""
        if not kept.poll.is_open(self._clock()):
            raise PollClosed(kept.poll.title)
        if not kept.poll.settings.addable:
            raise NotAddable

    async def may_manage(self, person: Person, kept: Kept) -> bool:
        """Return whether to offer editing, as far as that is known without asking elsewhere."""
        return await self._sources.of(kept.home).may_manage(person, kept)

    def may_share(self, kept: Kept) -> bool:
        """Return whether the poll may have co-owners."""
        return self._sources.can(kept).shares

    async def must_manage(self, person: Person, kept: Kept) -> None:
        """Raise NotYours unless the person may edit, close and delete the poll.

        Raises NotLookedUp while nobody can tell whether they are an admin.
        """
        about = await self._sources.about(kept.team_id, kept.kind, kept.subject, kept.site)
        await self._sources.of(kept.home).must_manage(person, kept, about)

    async def to_change(self, person: Person, poll_id: str) -> Kept:
        """Return the poll, to be shown in a form that only those send who may manage it.

        Raises NotYours, as far as that is known without asking elsewhere.
        """
        kept = await self.find(person, poll_id)
        if not await self.may_manage(person, kept):
            await self.must_manage(person, kept)
        return kept

    async def managed(self, person: Person, poll_id: str) -> Kept:
        """Return the poll if the person may edit, close and delete it. Raises NotYours."""
        kept = await self.find(person, poll_id)
        await self.must_manage(person, kept)
        return kept

    async def _end_otherwise(self, kept: Kept, ends_at: float | None) -> None:
        """Change the end in its source, which would go on closing the poll."""
        for _ in range(AGAIN):
            poll, source = kept.poll, self._sources.of(kept.home)
            settings = replace(poll.settings, ends_at=ends_at, closes_at_end=ends_at is not None)
            if settings == poll.settings:
                return
            titles = tuple(option.title for option in poll.live)
            draft = Draft(poll.title, titles, poll.description, settings)
            options = [(option.id, option.title) for option in poll.live]
            try:
                await source.change(kept, draft, options, [option.id for option in poll.live])
            except Overtaken:
                kept = await self._sources.synced(kept, fresh=0.0)
            else:
                return
        raise EditedTooOften


def _recordable(draft: Draft, kind: Kind) -> Draft:
    """Return the draft; without an issue there is nothing to write its result on."""
    return replace(draft, record=draft.record and kind == "issue")


def _checked_change(draft: Draft, poll: Poll, now: float) -> Draft:
    """Return the draft, tidied. A planned end that has passed meanwhile may stay as it is."""
    settings, planned = draft.settings, poll.settings.ends_at
    end = settings.ends_at
    if end is None or planned is None or int(end) != int(planned) or settings.closes_at_end:
        return checked(draft, now)
    tidy = checked(replace(draft, settings=replace(settings, ends_at=None)), now)
    return replace(tidy, settings=replace(settings, ends_at=planned))


def _for_members_there(draft: Draft, channel_id: str) -> Draft:
    """Return the draft with the channel whose members may answer, where it did not know it."""
    settings, audience = draft.settings, draft.settings.audience
    if not audience.here or audience.channel:
        return draft
    audience = replace(audience, channel=channel_id)
    return replace(draft, settings=replace(settings, audience=audience))


def _card(kept: Kept, posting: Posting | None) -> Wanted | None:
    if posting is None:
        return None
    # What asked for the poll asks for its card: the poll's own row tells whether it did before.
    return Wanted(
        posting.channel_id,
        kept.site,
        posting.response_url,
        stamp=None,
        thread_ts=posting.thread_ts,
    )


def _came_meanwhile(poll: Poll, options: Options, shown: Sequence[str]) -> Options:
    """Return the options that somebody else added while this person was editing."""
    if not shown:
        return []
    known = {*shown, *(old for old, _ in options)}
    return [(option.id, option.title) for option in poll.live if option.id not in known]
