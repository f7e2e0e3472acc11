"""Polls: created, answered, edited, closed, deleted, shown."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pollbot.blocks import polls as blocks
from pollbot.blocks.kit import Message
from pollbot.blocks.results import JIRA_NOT_UNDERSTOOD, results_message, without_charts
from pollbot.domain.kept import Answered, Kept, Kind
from pollbot.domain.people import Person, Pressed
from pollbot.domain.polls import (
    NOTHING,
    Answer,
    Draft,
    Option,
    Poll,
    Visibility,
    checked,
    choose,
    choose_exactly,
)
from pollbot.domain.tally import Results, results
from pollbot.errors import (
    BadInput,
    NotYours,
    PollbotError,
    PollClosed,
    PollGone,
    RemoteUnavailable,
)
from pollbot.services.people import People
from pollbot.services.poll_cards import linked
from pollbot.services.poll_sources import PLAIN, About, PollSources
from pollbot.services.worker import Clock, Worker
from pollbot.storage.store import Store

Rule = Callable[[Poll, Answer], Answer]
"""The poll and an answer so far in, the new answer out."""

Options = tuple[tuple[str | None, str], ...]
"""The options of an edit, in order: the id of one that stays, or None; and its title."""

_SEEN_FOR = 600.0
_LOOK = 1.5


@dataclass(frozen=True, slots=True)
class Posting:
    """Where a new poll's card goes; ``stamp`` names the delivery that asked for it."""

    channel_id: str
    response_url: str | None = None
    stamp: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A poll with what it is about and what everybody may see of its results."""

    kept: Kept
    about: About
    results: Results


class Polls:
    """What listeners ask for. Everything here raises PollbotError with a sentence."""

    def __init__(
        self,
        store: Store,
        sources: PollSources,
        people: People,
        refresher: Worker,
        clock: Clock,
    ) -> None:
        self._store = store
        self._sources = sources
        self._people = people
        self._refresher = refresher
        self._clock = clock
        self._needs_jira: dict[str, bool] = {}
        self._seen: dict[tuple[Person, str], float] = {}

    async def about(self, person: Person, channel_id: str, where: str) -> About:
        """Return what a new poll would be on; raises if the person cannot see it."""
        return await self._sources.named(person, channel_id, where)

    async def guessed(self, person: Person, channel_id: str, where: str) -> About:
        """Return what a form for a new poll is on; Jira is asked when the form is submitted."""
        return await self._sources.guessed(person, channel_id, where)

    async def on_page(self, person: Person, page_id: str) -> About:
        """Return a page that a new poll would be on; raises if the person cannot see it."""
        return await self._sources.page(person, page_id)

    async def known(self, person: Person, kind: Kind, subject: str) -> About:
        """Return what a poll is on from what is known here."""
        return await self._sources.about(person.team_id, kind, subject)

    async def channel_of(self, person: Person, card_id: str) -> str:
        """Return the channel that a card hangs in, empty if it is not known."""
        return await self._store.cards.channel_of(person.team_id, card_id)

    async def has_source(self, person: Person, about: About) -> bool:
        """Return whether polls on this are kept in Team Voice unless asked otherwise."""
        return await self._sources.endpoint(person.team_id, about) is not None

    async def create(
        self, person: Person, about: About, draft: Draft, posting: Posting, *, local: bool
    ) -> Kept:
        """Make the poll and ask for its card.

        In Team Voice where the project or space has it, unless ``local``; then
        the row is there first, so that a crash in between can be told.
        """
        now = self._clock()
        draft = checked(draft, now)
        found = None if local else await self._sources.endpoint(person.team_id, about)
        if found is None:
            kept = self._sources.kept(person, about, now, draft=draft)
            await self._store.polls.add(kept)
        else:
            source_id, endpoint = found
            self._sources.check_draft(about, draft)
            await self._sources.may_edit(person, about)
            kept = self._sources.kept(person, about, now, draft=draft, source_id=source_id)
            await self._store.polls.start(kept)
            try:
                remote = await self._sources.create(kept, endpoint, draft)
            except PollbotError:
                await self._store.polls.drop(kept.poll.id)
                raise
            await self._store.polls.made(
                kept.poll.id, remote.id, remote.raw, remote.options, self._clock()
            )
        await self.post(person, kept.poll.id, posting)
        return kept

    async def post(self, person: Person, poll_id: str, posting: Posting) -> None:
        """Ask for a card of the poll in a channel."""
        kept = await self._store.polls.find(person.team_id, poll_id)
        if kept.poll.deleted:
            raise PollGone
        await self._store.cards.want(
            person,
            posting.channel_id,
            kept.site,
            "",
            posting.response_url,
            posting.stamp,
            self._clock(),
            poll_id=poll_id,
        )
        self._refresher.wake()

    async def choose(
        self,
        person: Person,
        poll_id: str,
        option_id: str,
        *,
        action_ts: str | None,
        pressed: Pressed | None,
    ) -> Answered:
        """Record a click on an option."""
        now = self._clock()
        return await self._answer(
            person,
            poll_id,
            lambda poll, mine: choose(poll, mine, option_id, now),
            action_ts,
            pressed,
        )

    async def choose_exactly(
        self,
        person: Person,
        poll_id: str,
        wanted: Answer,
        *,
        action_ts: str | None,
        pressed: Pressed | None = None,
    ) -> Answered:
        """Record that exactly these options are the person's answer."""
        now = self._clock()
        return await self._answer(
            person,
            poll_id,
            lambda poll, mine: choose_exactly(poll, mine, wanted, now),
            action_ts,
            pressed,
        )

    async def comment(self, person: Person, poll_id: str, comment: str) -> Answered:
        """Record the person's comment; an empty one removes it."""
        now = self._clock()

        def unchanged(poll: Poll, mine: Answer) -> Answer:
            if not poll.is_open(now):
                raise PollClosed(poll.title)
            if not poll.settings.comments:
                raise BadInput("This poll takes no comments. Nothing was changed.")
            return mine

        return await self._answer(person, poll_id, unchanged, None, None, comment=comment)

    async def mine(self, person: Person, poll_id: str) -> Answered:
        """Return the person's own answer."""
        return await self._store.answers.mine(person, poll_id)

    async def find(self, person: Person, poll_id: str) -> Kept:
        """Return a poll of the person's team. Raises PollGone."""
        kept = await self._store.polls.find(person.team_id, poll_id)
        if kept.poll.deleted:
            raise PollGone
        return kept

    async def receipt(self, answered: Answered) -> Message:
        """Return what only the person who answered is told."""
        kept, now = answered.kept, self._clock()
        poll, now_open = kept.poll, kept.poll.is_open(now)
        if not answered.after:
            return (
                blocks.withdrawn(poll)
                if answered.before
                else blocks.no_answer(poll, now_open=now_open)
            )
        for_me = None
        if poll.settings.visibility is Visibility.AFTER_VOTE:
            for_me = await self.results(kept, answered=True)
        return blocks.answered(poll, answered.after, for_me, answered.comment, now_open=now_open)

    async def my_answer(self, person: Person, poll_id: str) -> Message:
        """Return a private look at one's own answer."""
        answered = await self.mine(person, poll_id)
        poll = answered.kept.poll
        if poll.deleted:
            raise PollGone
        closed = not poll.is_open(self._clock())
        if closed and not poll.settings.names and not answered.after:
            return blocks.answer_not_known(poll)
        return await self.receipt(replace(answered, before=NOTHING))

    async def results(self, kept: Kept, *, answered: bool = False) -> Results:
        """Return the results as everybody, or somebody who answered, may see them."""
        part = await self._store.answers.counted(kept)
        return results(kept.poll, part, kept.jira_part, self._clock(), answered=answered)

    async def results_for(self, person: Person, poll_id: str) -> Listed:
        """Return a poll with the results as this person may see them, read anew."""
        kept = await self.find(person, poll_id)
        if kept.kind != "plain":
            await self._must_see(person, kept)
        kept = await self._sources.synced(kept)
        if kept.poll.deleted:
            raise PollGone
        answered = bool((await self.mine(person, poll_id)).after)
        about = await self._sources.about(kept.team_id, kept.kind, kept.subject)
        return Listed(kept, about, await self.results(kept, answered=answered))

    async def shown(self, person: Person, poll_id: str, view: str) -> tuple[Message, Message]:
        """Return the results in a view, and the same without charts for a Slack without them."""
        listed = await self.results_for(person, poll_id)
        poll = listed.kept.poll
        message = results_message(
            poll,
            listed.results,
            view,
            now_open=poll.is_open(self._clock()),
            about=linked(listed.about),
            note="" if listed.kept.understood else JIRA_NOT_UNDERSTOOD,
            comments=await self._store.answers.said(poll_id),
        )
        return message, Message(message.text, without_charts(message.blocks))

    async def names(self, person: Person, poll_id: str) -> tuple[Poll, Mapping[str, Sequence[str]]]:
        """Return who chose what, as far as the poll shows it to this person."""
        listed = await self.results_for(person, poll_id)
        return listed.kept.poll, {line.option.id: line.names for line in listed.results.lines}

    async def list_message(self, person: Person, channel_id: str, where: str) -> Message:
        """Return the list of polls that /poll list shows."""
        about = await self.about(person, channel_id, where)
        now = self._clock()
        polls = [
            blocks.Listed(one.kept.poll, one.results, one.kept.poll.is_open(now))
            for one in await self.listed(person, about)
        ]
        return blocks.poll_list(polls, linked(about))

    async def listed(self, person: Person, about: About) -> list[Listed]:
        """Return the polls on an issue or page, those made in Jira too; or the plain ones."""
        if about is not PLAIN:
            await self._sources.discover(person, about)
        found = await self._store.polls.about(person.team_id, about.subject)
        return [Listed(kept, about, await self.results(kept)) for kept in found]

    async def edit(
        self, person: Person, poll_id: str, draft: Draft, options: Options | None
    ) -> Kept:
        """Change the definition; answers stay with the options whose id is kept.

        Without ``options`` they stay as they are.
        """
        kept = await self._managed(person, poll_id)
        if options is None:
            options = tuple((option.id, option.title) for option in kept.poll.live)
            draft = replace(draft, options=tuple(title for _, title in options))
        now = self._clock()
        if not kept.poll.is_open(now):
            raise PollClosed(kept.poll.title)
        draft = checked(draft, now)
        if kept.remote_id is not None:
            about = await self._sources.about(kept.team_id, kept.kind, kept.subject)
            self._sources.check_draft(about, draft)
            remote = await self._sources.change(
                kept,
                title=draft.title,
                description=draft.description,
                options=list(options),
                settings=draft.settings,
            )
            changed = await self._store.polls.change(
                kept,
                now,
                title=remote.title,
                description=remote.description,
                options=remote.options,
                settings=remote.settings,
                raw=remote.raw,
            )
        else:
            changed = await self._store.polls.change(
                kept,
                now,
                title=draft.title,
                description=draft.description,
                options=_with_ids(kept.poll, options),
                settings=draft.settings,
            )
        self._refresher.wake()
        return changed

    async def close(self, person: Person, poll_id: str) -> Kept:
        """Close the poll: no more answers, the result stays."""
        await self._managed(person, poll_id)
        kept = await self._store.polls.close(person.team_id, poll_id, self._clock())
        self._refresher.wake()
        return kept

    async def delete(self, person: Person, poll_id: str) -> Kept:
        """Delete the poll and its answers, in Team Voice too."""
        kept = await self._managed(person, poll_id)
        if kept.remote_id is not None:
            await self._sources.delete(kept)
        await self._store.polls.delete(person.team_id, poll_id, self._clock())
        self._refresher.wake()
        return kept

    async def may_manage(self, person: Person, kept: Kept) -> bool:
        """Return whether to offer editing: for Team Voice, Jira decides when it is tried."""
        if kept.remote_id is not None or kept.poll.created_by == person.user_id:
            return True
        return await self._people.is_admin(person)

    async def set_needs_jira(self, person: Person, *, needed: bool) -> None:
        """Say whether answers need a connected account that can see the issue. Admins only."""
        await self._people.must_be_admin(person)
        await self._store.sources.set_needs_jira(person.team_id, needed=needed)
        self._needs_jira[person.team_id] = needed

    async def needs_jira(self, team_id: str) -> bool:
        """Return whether answers need a connected account that can see the issue."""
        if team_id not in self._needs_jira:
            self._needs_jira[team_id] = await self._store.sources.needs_jira(team_id)
        return self._needs_jira[team_id]

    async def _answer(
        self,
        person: Person,
        poll_id: str,
        rule: Rule,
        action_ts: str | None,
        pressed: Pressed | None,
        *,
        comment: str | None = None,
    ) -> Answered:
        if await self.needs_jira(person.team_id):
            kept = await self._store.polls.find(person.team_id, poll_id)
            if kept.kind != "plain":
                await self._must_see(person, kept)
        answered = await self._store.answers.answer(
            person,
            poll_id,
            rule,
            self._clock(),
            action_ts=action_ts,
            pressed=pressed,
            comment=comment,
        )
        self._refresher.wake()
        return answered

    async def _must_see(self, person: Person, kept: Kept) -> None:
        """Raise unless the person can see the issue; remembered for ten minutes."""
        now, key = self._clock(), (person, kept.subject)
        if now - self._seen.get(key, 0.0) < _SEEN_FOR:
            return
        try:
            async with asyncio.timeout(_LOOK):
                await self._sources.sees(person, kept)
        except TimeoutError:
            raise RemoteUnavailable("no answer in time") from None
        self._seen[key] = now

    async def _managed(self, person: Person, poll_id: str) -> Kept:
        """Return the poll if the person may edit, close and delete it. Raises NotYours."""
        kept = await self.find(person, poll_id)
        if kept.remote_id is not None:
            await self._sources.may_edit(
                person, await self._sources.about(kept.team_id, kept.kind, kept.subject)
            )
        elif kept.poll.created_by != person.user_id and not await self._people.is_admin(person):
            raise NotYours(
                "Only whoever created the poll may do that, and admins. Nothing was changed."
            )
        return kept


def _with_ids(poll: Poll, options: Options) -> tuple[Option, ...]:
    """Return the options with their old ids, and ids never used before for new ones."""
    numbers = [int(option.id) for option in poll.options if option.id.isdigit()]
    fresh = iter(range(max(numbers, default=0) + 1, max(numbers, default=0) + 1 + len(options)))
    return tuple(
        Option(old if old is not None else str(next(fresh)), title, place)
        for place, (old, title) in enumerate(options)
    )
