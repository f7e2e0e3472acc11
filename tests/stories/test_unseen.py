"""Slack shows no window: what was done is said all the same, and who waits for a form hears it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from urllib.parse import unquote_plus
from zlib import crc32

import pytest
from aiohttp import web

from pollbot.sandbox.faults import Faults
from pollbot.wiring import Pollbot
from tests.door.test_every_delivery import DEEDS, ROWS, VOICE
from tests.stories.test_form_errors import FORMS, of
from tests.support.house import ADA, House, rest
from tests.support.polls import submitted, window
from tests.support.team_voice import by_default, connect, team_voice
from tests.support.torture import TORTURE

LOST = "lost"
FAILURES: dict[str, tuple[int, dict[str, Any] | str | None]] = {
    "failed": (200, {"ok": False, "error": "internal_error"}),
    "a refusal": (200, {"ok": False, "error": "never_heard_of_it"}),
    "cut": (0, None),
    "a page": (200, "<!doctype html><title>Maintenance</title>"),
    "no reason": (200, {"ok": False}),
    "a proxy": (502, "Bad Gateway"),
}


class Unshown:
    """Has Slack fail the first view that has this in it."""

    def __init__(self, faults: Faults, part: str, failure: str) -> None:
        self._before = faults.before
        self._faults = faults
        self._part = part
        self._failure = failure
        self.met = ""
        faults.before = self.before  # type: ignore[method-assign]

    async def before(self, name: str, request: web.Request) -> web.Response | None:
        if name.startswith("views.") and not self.met:
            sent = unquote_plus(await request.text())
            if self._part in sent.replace('":"', '": "'):
                self.met = name
                self._fail(name)
        return await self._before(name, request)

    def _fail(self, name: str) -> None:
        if self._failure == LOST:
            self._faults.lose_next_answer(name)
        elif self._failure == "closed":
            self._faults.fail_next(name, 200, {"ok": False, "error": "not_found"})
        else:
            status, body = FAILURES[self._failure]
            self._faults.fail_next(name, status, body)


@pytest.fixture
async def voiced(house: House) -> AsyncIterator[Pollbot]:
    async with team_voice(house) as voice:
        VOICE.set(voice)
        async with house.program(**by_default(voice)) as pollbot:
            await connect(house, ADA)
            yield pollbot


def some(rows: dict[str, Any], failures: tuple[str, ...], most: int) -> list[Any]:
    """Return each row with some of the failures, by its name; with all where there is time."""
    found = []
    for name, row in rows.items():
        turn = crc32(name.encode())
        own = failures if TORTURE else [failures[(turn + n) % len(failures)] for n in range(most)]
        found += [pytest.param(name, row, one, id=f"{name}-{one}") for one in own]
    return found


async def drop_in_window(house: House) -> None:
    house.jira.faults.mode = "down"
    await submitted(house, where="PLAT-12")
    view = await window(house, ADA, "drop_poll")
    await house.slack.view_action(ADA, view.id, "drop_poll")


SHOWN_AFTER = {
    "polls.forms.close": (":lock:", "takes no more answers"),
    "polls.forms.delete": ("with the answers given in Slack", "is deleted"),
    "polls.ends.nudge": ('"title": {"type": "plain_text", "text": "Nudge"', "remind"),
    "polls.ends.copy": ("A copy of", "A copy of"),
    "records.record": ("PLAT-12", "PLAT-12"),
    "polls.channels.take_down": ("is removed", "is removed"),
    "polls.drop_poll": ("Dropped", "Dropped"),
    "polls.saved.save": ("Saved as", "Saved as"),
    "polls.forms.save_template": ("Saved as", "Saved as"),
    "polls.saved.delete": ("You have no templates", "The template is deleted"),
    "polls.saved.take_over": ("Yours, shared", "The template is yours now"),
    "setup.remove_source": ("Removed. The token", "Removed. The token is forgotten"),
    "setup.needs_jira": ("Saved.", "Saved."),
    "setup.choose_language": ("in *Deutsch*", "Saved."),
}
"""By what somebody does: what the view has in it that is shown once it is done, and what is said
where it is not."""


OWN = {"polls.drop_poll": drop_in_window}
"""What is done in a window here, and elsewhere by a message."""


@pytest.mark.parametrize(
    ("name", "row", "failure"), some(SHOWN_AFTER, (*FAILURES, LOST, "closed"), 2)
)
async def test_what_is_done_is_said_where_no_window_shows_it(
    house: House, voiced: Pollbot, name: str, row: tuple[str, str], failure: str
) -> None:
    part, said = row
    unshown = Unshown(house.slack.faults, part, failure)
    before = len(house.words(ADA))

    doing = asyncio.create_task(_run(OWN.get(name) or ROWS[name], house))
    await house.slack.until(lambda: unshown.met, what="what is shown once it is done")

    told = await house.told(ADA, said)
    await rest(house, voiced)
    doing.cancel()
    with suppress(asyncio.CancelledError):
        await doing
    heard = house.words(ADA)[before:]
    assert "try again" not in str(heard)
    assert heard.count(told.text) == 1


async def _run(deed: Any, house: House) -> None:
    await deed(house)


def test_each_of_them_is_known_to_act() -> None:
    assert SHOWN_AFTER.keys() <= DEEDS.keys()


IN_DOUBT = "If you do not see what you asked for, it was not shown, and nothing was changed"
HEARD = {
    "failed": "Slack does not answer pollbot right now",
    "a refusal": "Slack refused that (never_heard_of_it), so no more was done",
    "cut": IN_DOUBT,
    "a page": IN_DOUBT,
    "no reason": IN_DOUBT,
    "a proxy": IN_DOUBT,
    LOST: IN_DOUBT,
}


@pytest.mark.parametrize(("name", "row", "failure"), some(FORMS, tuple(HEARD), 1))
async def test_who_waits_for_a_form_hears_that_it_may_not_come(
    house: House, voiced: Pollbot, name: str, row: Any, failure: str
) -> None:
    unshown = Unshown(house.slack.faults, of(name), failure)

    doing = asyncio.create_task(_run(row.open, house))
    await house.slack.until(lambda: unshown.met, what="the form")

    # A template is saved by then, and that is what is said of it.
    heard = "Saved as" if name == "save_template" else HEARD[failure]
    await house.told(ADA, heard)
    await rest(house, voiced)
    doing.cancel()
    with suppress(asyncio.CancelledError, AssertionError):
        await doing
    assert sum(heard in text for text in house.words(ADA)) == 1
