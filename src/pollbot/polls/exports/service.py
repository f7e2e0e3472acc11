"""A poll is written into files, and these are handed to one person alone."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO

from pollbot.errors import ChannelClosed, InstallBroken, SlackError, SlackUnavailable
from pollbot.people import Person
from pollbot.polls.exports import rules
from pollbot.polls.exports.refusals import FilesNotTaken, FilesRefused, NoFiles, StillHidden
from pollbot.polls.exports.rows import ExportRows
from pollbot.polls.exports.rules import Kind
from pollbot.polls.results.rules import Seen
from pollbot.polls.results.service import PollResults
from pollbot.polls.service import Polls
from pollbot.slack.client import File, Slack
from pollbot.slack.users import People
from pollbot.store.worker import Clock

_IN_MEMORY = 4 * 1024**2
"""Bytes of a file beyond which it lies in a temporary one, which has no name on disk."""
_AT_ONCE = 2
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Made:
    """The files of an export; ``named``: people stand in them."""

    seen: Seen
    files: Sequence[File]
    named: bool

    @property
    def length(self) -> int:
        """How many bytes all of them have."""
        return sum(one.length for one in self.files)


class Exports:
    """What is exported is what whoever asks may see of the results, and to whom they belong.

    A few are made at once; who asks while these are, waits.
    """

    def __init__(
        self,
        export_rows: ExportRows,
        polls: Polls,
        results: PollResults,
        people: People,
        slack: Slack,
        clock: Clock,
    ) -> None:
        self._export_rows = export_rows
        self._polls = polls
        self._results = results
        self._people = people
        self._slack = slack
        self._clock = clock
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def look(self, person: Person, poll_id: str) -> Seen:
        """Return the poll as it would be exported. Raises NotYours, StillHidden and PollGone."""
        kept = await self._polls.find(person, poll_id)
        await self._polls.must_manage(person, kept)
        seen = await self._results.read(person, poll_id)
        if seen.results.hidden is not None:
            raise StillHidden(seen.poll.title, seen.results.hidden)
        return seen

    async def deliver(
        self, person: Person, poll_id: str, kind: Kind, stamp: str, told: Callable[[Made], str]
    ) -> str | None:
        """Send the poll to the person alone, with what is ``told`` of it; once for a ``stamp``.

        Return its text instead where Slack takes no files and that is short.
        """
        seen = await self.look(person, poll_id)
        if not await self._export_rows.begin(person, poll_id, kind, stamp, self._clock()):
            return None
        async with self._turns:
            with ExitStack() as stack:
                made = await self._made(seen, kind, stack)
                try:
                    await self._send(person, made, told(made))
                except NoFiles:
                    if made.length > rules.MOST_AS_TEXT:
                        raise
                    return "".join([await one.text() for one in made.files])
        return None

    async def _made(self, seen: Seen, kind: Kind, stack: ExitStack) -> Made:
        named = seen.poll.settings.names and not seen.poll.settings.percent_only
        at = self._clock()
        writing = self._as_csv if kind == "csv" else self._as_json
        return Made(seen, await writing(seen, at, stack, named=named), named)

    async def _as_csv(
        self, seen: Seen, at: float, stack: ExitStack, *, named: bool
    ) -> Sequence[File]:
        def begun(part: str) -> _Writing:
            return _Writing(rules.file_name(seen.poll.title, at, part, "csv"), stack)

        results = begun("results")
        results.add(rules.results_table(seen))
        files = [results]
        if named:
            answers, said = begun("answers"), rules.titles(seen)
            answers.add([rules.header(rules.ANSWERS)])
            async for page in self._answers(seen):
                answers.add(
                    rules.line((said.get(option, ""), who.user_id, who.name))
                    for who, option in page
                )
            files.append(answers)
        if seen.results.comments:
            comments = begun("comments")
            comments.add([rules.header(rules.COMMENTS)])
            async for some in self._comments(seen):
                comments.add(rules.line((said, who.user_id, who.name)) for who, said in some)
            files.append(comments)
        return [one.file() for one in files]

    async def _as_json(
        self, seen: Seen, at: float, stack: ExitStack, *, named: bool
    ) -> Sequence[File]:
        file = _Writing(rules.file_name(seen.poll.title, at, "", "json"), stack)
        file.add([rules.json_head(seen, at)])
        if named:
            pages = self._answers(seen)
            await _listed(file, "answers", pages, lambda one: ("option_id", one))
        await _listed(file, "comments", self._comments(seen), lambda one: ("comment", one))
        file.add(["\n}\n"])
        return [file.file()]

    async def _answers(self, seen: Seen) -> AsyncIterator[list[tuple[rules.Person, str]]]:
        """Yield all answers of people who may be named, page by page."""
        team_id, poll_id = seen.kept.team_id, seen.poll.id
        called = _Called(self._people, team_id)
        after: tuple[str, str] | None = None
        while page := await self._export_rows.answers(team_id, poll_id, after):
            after = page[-1]
            yield await called.with_names(page)

    async def _comments(self, seen: Seen) -> AsyncIterator[list[tuple[rules.Person, str]]]:
        called = _Called(self._people, seen.kept.team_id)
        comments = seen.results.comments
        for start in range(0, len(comments), rules.PAGE):
            yield await called.with_names(comments[start : start + rules.PAGE])

    async def _send(self, person: Person, made: Made, text: str) -> None:
        if self._slack.lacks(person.team_id, [rules.FILES_SCOPE]):
            raise NoFiles(rules.FILES_SCOPE)
        slack = self._slack.of(person.team_id)
        try:
            ids = [(await slack.upload(one), one.name) for one in made.files]
        except (SlackUnavailable, InstallBroken) as error:
            raise FilesNotTaken from error
        except SlackError as error:
            raise _refused(error) from error
        # Until it is shared nobody sees it, and Slack discards it then.
        seen = made.seen
        await self._export_rows.is_there(seen.kept.team_id, seen.poll.id, named=made.named)
        try:
            await slack.share_files(person.user_id, ids, text)
        except SlackError as error:
            raise _refused(error) from error


def _refused(error: SlackError) -> NoFiles | FilesRefused:
    if isinstance(error, ChannelClosed) and error.code == "missing_scope":
        return NoFiles(rules.FILES_SCOPE)
    return FilesRefused(error.code)


async def _listed(
    file: "_Writing",
    name: str,
    pages: AsyncIterator[list[tuple[rules.Person, str]]],
    entry: Callable[[str], tuple[str, str]],
) -> None:
    """Write a list into the JSON, entry by entry."""
    file.add([f',\n  "{name}": ['])
    between = "\n    "
    async for page in pages:
        for who, said in page:
            key, value = entry(said)
            row = {key: value} | ({"user_id": who.user_id, "name": who.name} if who.user_id else {})
            file.add([between, rules.as_json(row)])
            between = ",\n    "
    file.add(["\n  ]" if between.startswith(",") else "]"])


class _Called:
    """What people are called, asked for the first of them only."""

    def __init__(self, people: People, team_id: str) -> None:
        self._people = people
        self._team_id = team_id
        self._asked: dict[str, str] = {}

    async def with_names(self, page: Iterable[tuple[str, str]]) -> list[tuple[rules.Person, str]]:
        """Return who each entry is of, by name as far as that is known, and the entry."""
        rows = list(page)
        room = rules.MOST_NAMED - len(self._asked)
        new = [one for one in dict.fromkeys(who for who, _ in rows) if one not in self._asked]
        wanted = [one for one in new if one][: max(0, room)]
        for start in range(0, len(wanted), 100):
            some = wanted[start : start + 100]
            known = await self._people.called(self._team_id, some)
            self._asked |= {one: known.get(one, "") for one in some}
        return [(rules.Person(who, self._name(who)), said) for who, said in rows]

    def _name(self, user_id: str) -> str:
        if not user_id:
            return ""
        known = self._asked.get(user_id)
        return known or self._people.name_known(Person(self._team_id, user_id))


class _Writing:
    """A file while it is written: in memory as long as it is small."""

    def __init__(self, name: str, stack: ExitStack) -> None:
        self._name = name
        lies = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  the stack closes it
        self._kept: IO[bytes] = stack.enter_context(lies)
        self._length = 0

    def add(self, parts: Iterable[str]) -> None:
        # Half of a surrogate pair, which Slack would not bring, could not be written.
        self._length += self._kept.write("".join(parts).encode("utf-8", "replace"))

    def file(self) -> File:
        return File(self._name, self._length, self._chunks)

    async def _chunks(self) -> AsyncIterator[bytes]:
        self._kept.seek(0)
        while chunk := self._kept.read(_CHUNK):
            yield chunk
