"""/pollbot: one command for all that the others do, and help after any of them."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.accounts.blocks import help_text
from pollbot.accounts.listeners import AccountListeners
from pollbot.forgetting.listeners import ForgetListeners
from pollbot.polls.ends.listeners import EndListeners
from pollbot.polls.listeners import PollListeners
from pollbot.previews.listeners import PreviewListeners
from pollbot.schedules.listeners import ScheduleListeners
from pollbot.setup.listeners import SetupListeners
from pollbot.slack import payloads
from pollbot.slack.windows import form_by_click
from pollbot.store.worker import Clock, Tasks
from pollbot.text import workflow_steps
from pollbot.text.command_words import POLLBOT, WORDS, heard_as, installed_as
from pollbot.text.words import asks_for_help, first_word, nearest
from pollbot.thresholds.listeners import ThresholdListeners
from pollbot.votes.listeners import VoteListeners
from pollbot.votes.shipped.listeners import ShippedListeners

Body = dict[str, Any]

Listener = Callable[[AsyncAck, Body], Awaitable[None]]

Keep = Callable[[str, float], Awaitable[None]]
"""Keeps a sign of life of that name."""

_FORMS = frozenset({"connect", "setup", "tell"})
"""The words that open a form whatever follows."""

_ANY = re.compile(".*", re.DOTALL)
# docs.slack.dev, app manifest reference: a command has 2 to 32 characters.
_A_NAME = re.compile(r"/\S{1,31}")
# docs.slack.dev, "Custom steps": a callback_id has 100 characters at most.
_A_STEP = re.compile(r"[\w.-]{1,100}", re.ASCII)
_MOST_NAMES = 50


class HeardCommands:
    """Keeps under which names Slack brings commands and steps of workflows: for the doctor.

    Which ones the app has, Slack tells nobody.
    """

    def __init__(self, keep: Keep, beside: Tasks, clock: Clock) -> None:
        self._keep = keep
        self._beside = beside
        self._clock = clock
        self._heard: set[str] = set()

    def hear(self, body: payloads.Body) -> None:
        """Keep the name of what was not heard in this run; nobody waits for that."""
        if (name := _heard(body)) is None or name in self._heard:
            return
        if len(self._heard) < _MOST_NAMES:
            self._heard.add(name)
            self._beside.spawn(self._kept(name))

    async def _kept(self, name: str) -> None:
        await self._keep(name, self._clock())


def _heard(body: payloads.Body) -> str | None:
    """Return under which name it is kept that this was brought; None for what has none."""
    name, step = body.get("command"), payloads.step_of(body)
    if isinstance(name, str) and _A_NAME.fullmatch(name):
        return heard_as(name)
    return workflow_steps.heard_as(step) if _A_STEP.fullmatch(step) else None


class Commands:
    """What stands behind /pollbot: the listeners of other commands, and words of its own."""

    def __init__(
        self,
        accounts: AccountListeners,
        schedules: ScheduleListeners,
        thresholds: ThresholdListeners,
        setup: SetupListeners,
        votes: VoteListeners,
        shipped: ShippedListeners,
        previews: PreviewListeners,
        polls: PollListeners,
        ends: EndListeners,
        forgetting: ForgetListeners,
    ) -> None:
        self._words: dict[str, Listener] = {
            "": show_help,
            "help": show_help,
            "connect": accounts.ask_to_connect,
            "disconnect": accounts.disconnect,
            "link": accounts.link,
            "unlink": accounts.unlink,
            "previews": previews.show,
            "shipped": shipped.show,
            "reminders": ends.reminders,
            "schedules": schedules.list_schedules,
            "thresholds": thresholds.list_thresholds,
            "tell": thresholds.tell,
            "setup": setup.set_up,
            "forget": forgetting.show,
            "macro": setup.know_macro,
            # The same as the commands, where another app owns their names.
            "vote": votes.vote,
            "unvote": votes.unvote,
            "votes": votes.show_votes,
            "poll": polls.poll,
        }

    @property
    def answered(self) -> set[str]:
        """The words after /pollbot that are answered."""
        return self._words.keys() - {""}

    def register_help(self, app: AsyncApp) -> None:
        """Listen for "help" after any command. Comes before whoever listens for that command."""
        app.command(_ANY, matchers=[_is_help])(show_help)

    def register(self, app: AsyncApp) -> None:
        """Listen for /pollbot."""
        app.command(installed_as(POLLBOT))(self.pollbot)

    async def written(self, ack: AsyncAck, command: Body) -> None:
        """Do what somebody wrote in a message: the words of a command, or some behind /pollbot."""
        typed = str(command.get("text") or "").strip()
        word, rest = first_word(typed.removeprefix("/"))
        if word == POLLBOT.removeprefix("/"):
            typed = rest
            word, _ = first_word(typed)
        if word in _FORMS:
            said = form_by_click(typed, payloads.thread_of(command))
            await ack(**payloads.in_words(said))
            return
        await self.pollbot(ack, command | {"text": typed.removeprefix("/")})

    async def pollbot(self, ack: AsyncAck, command: Body) -> None:
        """Do what the first word says."""
        typed = str(command.get("text") or "")
        word, rest = first_word(typed)
        if asks_for_help(rest):
            word = "help"
        answer = self._words.get(word)
        if answer is None:
            near = nearest(word, [known.name for known in WORDS])
            await ack(**payloads.in_words(help_text(typed.split()[0], near)))
            return
        name = command.get("command") or POLLBOT
        await answer(ack, command | {"command": f"{name} {word}".strip(), "text": rest})


async def show_help(ack: AsyncAck, command: Body) -> None:
    await ack(**payloads.in_words(help_text()))


async def _is_help(command: Body) -> bool:
    return asks_for_help(str(command.get("text") or ""))
