"""/pollbot: one command for all that the others do, and help after any of them."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.accounts.blocks import help_text, macro_known
from pollbot.accounts.listeners import memory
from pollbot.accounts.service import Accounts
from pollbot.polls.listeners import PollListeners
from pollbot.schedules.service import Schedules
from pollbot.setup.listeners import SetupListeners
from pollbot.setup.service import Setup
from pollbot.slack import answering, payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.text.words import asks_for_help, first_word, nearest
from pollbot.votes.listeners import VoteListeners

Body = dict[str, Any]

_ANY = re.compile(".*", re.DOTALL)
_WORDS = ("connect", "disconnect", "setup", "schedules", "macro", "link", "unlink", "help")


class Commands:
    """What stands behind /pollbot: the listeners of other commands, and words of its own."""

    def __init__(
        self,
        accounts: Accounts,
        schedules: Schedules,
        setup: Setup,
        setup_listeners: SetupListeners,
        votes: VoteListeners,
        polls: PollListeners,
        afterwards: Afterwards,
    ) -> None:
        self._accounts = accounts
        self._schedules = schedules
        self._setup = setup
        self._setup_listeners = setup_listeners
        # What /pollbot does as well, where another app owns the name of the command.
        self._others = {
            "vote": votes.vote,
            "unvote": votes.unvote,
            "votes": votes.show_votes,
            "poll": polls.poll,
        }
        self._afterwards = afterwards

    def register_help(self, app: AsyncApp) -> None:
        """Listen for "help" after any command. Comes before whoever listens for that command."""
        app.command(_ANY, matchers=[_is_help])(show_help)

    def register(self, app: AsyncApp) -> None:
        """Listen for /pollbot."""
        app.command("/pollbot")(self.pollbot)

    async def pollbot(self, ack: AsyncAck, command: Body) -> None:
        """Do what the first word says."""
        typed = str(command.get("text") or "")
        word, rest = first_word(typed)
        me, channel = payloads.person(command), payloads.channel_id(command)
        trigger, accounts = str(command.get("trigger_id")), self._accounts
        if asks_for_help(rest):
            word = "help"
        match word:
            case _ if word in self._others:
                meant = command | {"command": f"/pollbot {word}", "text": rest}
                await self._others[word](ack, meant)
            case "connect":
                opening = accounts.open_form(me, trigger, memory(command))
                await answering.do_next(ack, opening, command, self._afterwards)
            case "setup":
                opening = self._setup_listeners.open_setup(me, trigger)
                await answering.do_next(ack, opening, command, self._afterwards)
            case "schedules":
                listing = self._schedules.list_message(me, channel)
                address = payloads.address(command)
                await answering.command(ack, listing, me, address, self._afterwards)
            case "macro":
                *page, macro_id = rest.split() or [""]
                title = await self._setup.know_macro(me, " ".join(page), macro_id)
                await ack(**payloads.in_words(macro_known(title)))
            case "disconnect":
                await ack(**payloads.in_words(await accounts.disconnect(me)))
            case "link":
                await ack(**payloads.in_words(await accounts.link(me, channel, rest)))
            case "unlink":
                await ack(**payloads.in_words(await accounts.unlink(me, channel)))
            case "" | "help":
                await ack(**payloads.in_words(help_text()))
            case _:
                near = nearest(word, (*self._others, *_WORDS))
                await ack(**payloads.in_words(help_text(typed.split()[0], near)))


async def show_help(ack: AsyncAck) -> None:
    await ack(**payloads.in_words(help_text()))


async def _is_help(command: Body) -> bool:
    return asks_for_help(str(command.get("text") or ""))
