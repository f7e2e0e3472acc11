"""Templates of people's own: saved, used, shared, handed on."""

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import replace

from pollbot.errors import PollbotError
from pollbot.people import Person
from pollbot.polls.refusals import NoQuestion
from pollbot.polls.rules import Ask, Draft, check_options, one_line
from pollbot.polls.saved.refusals import NoSuchTemplate, TemplateNewer
from pollbot.polls.saved.rows import SavedRows
from pollbot.polls.saved.rules import Saved, Wish, begun_by, checked_name, folded, kept_of
from pollbot.polls.service import Polls
from pollbot.slack.users import People
from pollbot.store.worker import Clock


class SavedPolls:
    """What somebody saves is their own until they share it with the workspace."""

    def __init__(self, saved_rows: SavedRows, polls: Polls, people: People, clock: Clock) -> None:
        self._saved_rows = saved_rows
        self._polls = polls
        self._people = people
        self._clock = clock

    async def seen_by(self, person: Person) -> list[Saved]:
        """Return the templates that the person may use, their own first."""
        return await self._saved_rows.seen_by(person)

    async def find(self, person: Person, template_id: str) -> Saved:
        """Return one of them. Raises TemplateGone."""
        return await self._saved_rows.find(person, template_id)

    async def named(self, person: Person, name: str) -> Saved:
        """Return that of this name, one's own before a shared one. Raises NoSuchTemplate."""
        known = await self._saved_rows.seen_by(person)
        found = next((one for one in known if folded(one.name) == folded(name)), None)
        if found is None:
            raise NoSuchTemplate(name, tuple(one.name for one in known))
        return found

    def begin(self, saved: Saved) -> Ask:
        """Return the poll that a template begins now. Raises TemplateNewer."""
        if saved.definition is None:
            raise TemplateNewer(saved.name)
        return Ask(begun_by(saved.definition, self._clock()))

    async def keep_poll(self, person: Person, poll_id: str, stamp: str) -> Saved:
        """Keep what a poll asks and how, for open and closed ones."""
        kept = await self._polls.find(person, poll_id)
        draft, now = self._polls.draft_of(kept), self._clock()
        definition = kept_of(draft, kept.created_at)
        return await self._saved_rows.keep(person, draft.title, definition, stamp, now)

    async def keep_draft(self, person: Person, draft: Draft, form: str) -> Saved:
        """Keep what stands in a form; the same of one form is kept once. Raises BadInput."""
        title = one_line(draft.title)
        options = tuple(option for option in map(one_line, draft.options) if option)
        if not title:
            raise NoQuestion
        check_options(options)
        draft, now = replace(draft, title=title, options=options), self._clock()
        stamp = f"{form} {hashlib.sha256(repr(draft).encode('utf-8', 'replace')).hexdigest()[:16]}"
        return await self._saved_rows.keep(person, title, kept_of(draft, now), stamp, now)

    async def change(self, person: Person, wish: Wish) -> Saved:
        """Rename a template, and share it or take it back. Raises NotYours and BadField."""
        wish = replace(wish, name=checked_name(wish.name))
        as_admin = await self._as_admin(person, wish.template)
        return await self._saved_rows.change(person, wish, self._clock(), as_admin=as_admin)

    async def delete(self, person: Person, template_id: str) -> Saved:
        """Delete a template. Raises NotYours."""
        as_admin = await self._as_admin(person, template_id)
        return await self._saved_rows.delete(person, template_id, self._clock(), as_admin=as_admin)

    async def take_over(self, person: Person, template_id: str) -> Saved:
        """Make a shared template the admin's own, as when its owner left. Raises NotYours."""
        await self._people.must_be_admin(person)
        return await self._saved_rows.take_over(person, template_id, self._clock())

    async def is_admin(self, person: Person) -> bool:
        """Return whether to offer what admins may do."""
        try:
            return await self._people.is_admin(person)
        except PollbotError:
            return False

    async def left(self, team_id: str, user_ids: Iterable[str]) -> set[str]:
        """Return those of them who left the workspace, as far as Slack tells in time."""

        async def look(user_id: str) -> bool:
            try:
                async with asyncio.timeout(1.5):
                    return not await self._people.is_person(Person(team_id, user_id))
            except (PollbotError, TimeoutError):
                return False

        asked = list(dict.fromkeys(user_ids))
        gone = await asyncio.gather(*map(look, asked))
        return {one for one, is_gone in zip(asked, gone, strict=True) if is_gone}

    async def _as_admin(self, person: Person, template_id: str) -> bool:
        """Return whether the person acts as an admin: not on what is theirs."""
        saved = await self._saved_rows.find(person, template_id)
        return saved.owner != person.user_id and await self._people.is_admin(person)
