"""A program that is killed between two commits: what was asked for is done whole, or not at all."""

import copy
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.slack.payloads import delivery_id
from pollbot.store.sqlite import SqliteFile
from pollbot.store.writer import Writer
from pollbot.wiring import Pollbot
from tests.door.test_every_delivery import LUNCH, ROWS, VOICE, Deed, add_option
from tests.support import stored
from tests.support.house import ADA, BEN, CLEO, House, letters, rest
from tests.support.polls import poll
from tests.support.team_voice import by_default, connect, team_voice
from tests.support.tried import Tried, once

AS_PEOPLE_SEE_IT = (
    # An option that is added once more may have another id.
    "SELECT title, (SELECT group_concat(json_extract(value, '$.title')) FROM json_each(options)),"
    " settings, owners, closed_at IS NULL, deleted_at IS NULL, closes_at, remind_before"
    " FROM polls WHERE made = 1",
    "SELECT DISTINCT channel_id, issue_key, title FROM cards LEFT JOIN polls"
    " ON poll_id = polls.id AND deleted_at IS NULL",
    "SELECT title, voter, option_id FROM answers JOIN polls ON poll_id = polls.id",
    "SELECT title, comment FROM comments JOIN polls ON poll_id = polls.id",
    "SELECT title, records.state FROM records JOIN polls ON poll_id = polls.id",
    "SELECT json_extract(plan, '$.what'), json_extract(plan, '$.recurrence'), paused"
    " FROM schedules",
    "SELECT what, subject, votes, channel_id, paused FROM thresholds",
    "SELECT user_id FROM accounts",
    "SELECT channel_id, issue_key FROM links",
    "SELECT channel_id, page_id FROM page_links",
    "SELECT page_id, macro_id FROM pages WHERE macro_id IS NOT NULL",
    "SELECT workspace FROM sources",
    "SELECT needs_jira FROM teams",
    "SELECT defaults FROM poll_defaults",
    "SELECT rights FROM rights",
    "SELECT state FROM waiting_polls",
)

# Where it is cut off is the same on both, and a copy of a file is made in a moment.
pytestmark = pytest.mark.of_files
_LOOKS = 10
NOT_SEEN = "it has no such poll"
WAITING = "SELECT 1 FROM waiting_polls"


@dataclass
class Copies:
    """What lay in the database's folder after each commit, in folders of their own.

    ``of`` tells how many deliveries were answered by then; without it no copy is taken.
    """

    folder: Path
    voice: TeamVoiceStandIn
    taken: list[tuple[int, Path]] = field(default_factory=list)
    there: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What Team Voice had then, by the folder's name."""
    of: Callable[[], int] | None = None

    def take(self, writer: Writer, answered: int) -> None:
        folder = self.folder / f"{len(self.taken):03}"
        folder.mkdir(parents=True)
        assert isinstance(writer._engine, SqliteFile)
        path = writer._engine.path
        writer.connection.execute("VACUUM INTO ?", (str(folder / path.name),))
        for beside in path.parent.glob(f"{path.name}.*"):
            if not beside.name.endswith(".lock"):
                shutil.copy(beside, folder / beside.name)
        self.taken.append((answered, folder))
        self.there[folder.name] = copy.deepcopy(self.voice.polls)


@contextmanager
def copies_in(folder: Path, voice: TeamVoiceStandIn) -> Iterator[Copies]:
    """Take a copy of the database after each commit that changes it, while ``of`` is set."""
    copies, commit = Copies(folder, voice), Writer._commit

    def copied(self: Writer, jobs: list[Any], *, wait: bool) -> Any:
        before = self.connection.total_changes
        done = commit(self, jobs, wait=wait)
        if copies.of is not None and self.connection.total_changes != before:
            copies.take(self, copies.of())
        return done

    with patch.object(Writer, "_commit", copied):
        yield copies


def seen(house: House) -> dict[str, list[str]]:
    return house.all_rows(AS_PEOPLE_SEE_IT)


@asynccontextmanager
async def started(house: House, folder: Path, program: Any) -> AsyncIterator[Pollbot]:
    """Start pollbot on what lay in the folder, and have it do what a crash left."""
    house.database = folder / "pollbot.db"
    async with program() as pollbot:
        await rest(house, pollbot)
        house.clock.ahead += 2  # what a crash left is told after a second
        await rest(house, pollbot)
        yield pollbot


async def brought(house: House, pollbot: Pollbot, first: Any | None) -> dict[str, Any]:
    """Bring ``first``, and return what is there then."""
    if first is not None:
        await house.slack.deliver(first.body, kind=first.kind)
        await rest(house, pollbot)
    for _ in range(_LOOKS):  # what Team Voice may have made is looked for there
        if not house.rows(WAITING):
            break
        house.clock.ahead += 60
        await rest(house, pollbot)
    return seen(house)


@pytest.mark.parametrize("deed", ROWS.values(), ids=ROWS)
async def test_what_was_asked_for_is_done_whole_or_not_at_all_and_whole_once_it_comes_again(
    house: House, deed: Deed, tmp_path: Path, tried: Tried
) -> None:
    async with AsyncExitStack() as life, team_voice(house) as voice:
        VOICE.set(voice)
        run = partial(house.program, **by_default(voice))
        with copies_in(tmp_path / "cut", voice) as copies:
            pollbot = await life.enter_async_context(run())
            copies.of = lambda: len(house.slack.deliveries)
            await connect(house, ADA)
            await deed(house)
            came = list(house.slack.deliveries)
            await rest(house, pollbot)
            copies.of = None
        after = seen(house)
        await life.aclose()
        nth = max(n for n, one in enumerate(came) if one.body.get("type") != "view_closed")
        earlier = [folder for n, folder in copies.taken if n < nth][-1]
        cuts = [folder for n, folder in copies.taken if n >= nth]
        befores: dict[str, dict[str, Any]] = {}

        for cut in cuts:
            there = copies.there[cut.name]
            if str(there) not in befores:
                # What Team Voice has taken is there, whatever pollbot knows of it.
                untouched = tmp_path / f"before {cut.name}"
                shutil.copytree(earlier, untouched)
                voice.polls = copy.deepcopy(there)
                async with started(house, untouched, run) as pollbot:
                    befores[str(there)] = await brought(house, pollbot, None)
            before = befores[str(there)]
            # Where one waits, what comes again may come before it was looked for, too.
            again = tmp_path / f"{cut.name} again"
            waits = bool(stored.rows(cut / "pollbot.db", WAITING))
            if waits:
                shutil.copytree(cut, again)
            voice.polls = copy.deepcopy(there)
            async with AsyncExitStack() as lives:
                pollbot = await lives.enter_async_context(started(house, cut, run))
                with once(tried, "cut between commits: deeds", if_not="lost"):
                    assert await brought(house, pollbot, None) in (before, after), cut.name
                told, made = letters(house, ADA), len(voice.polls)
                with once(tried, "cut between commits: deeds that come again", if_not="doubled"):
                    if waits:
                        await lives.aclose()
                        voice.polls = there
                        pollbot = await lives.enter_async_context(started(house, again, run))
                    whole = await brought(house, pollbot, came[nth])
                    if any(NOT_SEEN in word for word in letters(house, ADA)[len(told) :]):
                        # It was not there when it was looked for, and is not made a second time.
                        assert (whole, len(voice.polls)) == (before, made), cut.name
                    else:
                        assert whole == after, cut.name


@pytest.mark.parametrize("terms", ["", "anonymous"], ids=["named", "anonymous"])
async def test_an_option_that_was_on_its_way_to_team_voice_is_in_nobodys_way_and_stays_theirs(
    house: House, tmp_path: Path, terms: str
) -> None:
    async with AsyncExitStack() as life, team_voice(house) as voice:
        run = partial(house.program, **by_default(voice))
        with copies_in(tmp_path / "cut", voice) as copies:
            pollbot = await life.enter_async_context(run())
            await connect(house, ADA)
            card = await poll(house, f"PLAT-12 addable {terms} {LUNCH}")
            await rest(house, pollbot)
            copies.of = lambda: 0
            await add_option(house, BEN, card, "Sushi")
            copies.of = None
        rows = "SELECT option_id FROM additions"
        await life.aclose()
        left = (folder / "pollbot.db" for _, folder in copies.taken)
        house.database = next(one for one in left if stored.rows(one, rows) == [("",)])
        async with run() as pollbot:
            await add_option(house, CLEO, card, "Pho")
            await add_option(house, BEN, card, "Sushi")
            await rest(house, pollbot)

            (kept,) = voice.polls.values()
            ids = {one["title"]: one["id"] for one in kept.poll["options"]}
            assert list(ids) == ["Pizza", "Soup", "Sushi", "Pho"]
            assert sorted(house.rows(rows)) == sorted([(ids["Sushi"],), (ids["Pho"],)])
            by = "SELECT user_id FROM audit JOIN audit_people ON who = id WHERE what = ?"
            assert sorted(house.rows(by, "option added")) == ([] if terms else [(BEN,), (CLEO,)])
            # Who brought something to an anonymous poll when is nobody's business.
            brought = {
                delivery_id(one.body)
                for one in house.slack.deliveries
                if "add_option_form" in str(one.body) and one.body["type"] == "view_submission"
            }
            known = house.rows("SELECT stamp FROM deliveries WHERE subject = 'delivery'")
            assert len(brought & {mark for (mark,) in known}) == (0 if terms else 2)
