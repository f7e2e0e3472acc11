"""Somebody who presses whatever they see in a channel of their own, and fills in what it opens."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from pollbot.sandbox.slack import Answer, Message, View
from pollbot.sandbox.slack.state import complaints, parts
from tests.sim.world import APART, BUSY, OWN_CHANNEL, PLANNING, SITE, World

_GAP = 0.4
_IN_ONE_WINDOW = 4
"""Presses in one window, after which somebody closes it."""
_OPENS = 0.4
"""How likely somebody begins something new, though there is something to press."""
_LEFT_ALONE = {"language", "needs_jira", "remove_source"}
"""What changes for everybody what they read, or may do."""
_NOT_SENT = {"connect_jira", "setup", "rights", "retention", "poll_defaults"}
"""Forms that do so, too, and that of an account."""
_USED = {"button", "static_select", "overflow", "checkboxes", "radio_buttons"}
_LONG = " ".join(f'"Item {number}"' for number in range(30))

Use = Callable[[], Awaitable[Answer]]


class Busybody:
    """Presses first what they have pressed least; keeps to their own channel, and to one issue."""

    def __init__(self, world: World) -> None:
        self._place = world.places[0]
        self._pressed: Counter[str] = Counter()
        self._in_window: Counter[str] = Counter()
        self._made = 0

    async def act(self, until: float) -> None:
        """Do one thing after the other until that time."""
        place, chance = self._place, self._place.chance_of("busybody")
        while (pause := chance.expovariate(1 / _GAP)) < until - place.loop.time():
            await asyncio.sleep(pause)
            uses = self._uses(chance)
            is_in_window = bool(place.slack.stack_of(BUSY))
            if not uses or (not is_in_window and chance.random() < _OPENS):
                uses = self._openers()
            name, use = min(uses.items(), key=lambda one: (self._pressed[one[0]], chance.random()))
            self._pressed[name] += 1
            answer = await use()
            said = answer.error or answer.body[:60] or "acknowledged"
            place.note("busybody", f"uses {name}", said)

    def _uses(self, chance: random.Random) -> dict[str, Use]:
        """Return what there is to use: in the window in front, or else below messages."""
        slack = self._place.slack
        windows = slack.stack_of(BUSY)
        if windows:
            return self._in(windows[-1], chance)
        places = (OWN_CHANNEL, slack.direct_channel(BUSY).id)
        seen = [message for channel in places for message in slack.visible_to(BUSY, channel)[-12:]]
        found: dict[str, Use] = {}
        for message in seen:
            for _, element in parts(_own(message.blocks)):
                if _is_used(element):
                    found[_name(element)] = self._below(message, element, chance)
        home = slack.homes.get(BUSY)
        for _, element in parts(_own(home.view["blocks"])) if home is not None else ():
            if element["type"] == "button" and _is_used(element):
                found[f"home {_name(element)}"] = partial(
                    slack.home_action, BUSY, element["action_id"], value=element.get("value")
                )
        return found

    def _in(self, view: View, chance: random.Random) -> dict[str, Use]:
        slack, callback_id = self._place.slack, str(view.view.get("callback_id"))
        self._in_window[view.id] += 1
        found: dict[str, Use] = {}
        if self._in_window[view.id] <= _IN_ONE_WINDOW:
            for block, element in parts(view.view["blocks"]):
                of, name = block["block_id"], element["action_id"]
                if element["type"] == "external_select":
                    found[f"{callback_id} suggest"] = partial(
                        slack.suggest, BUSY, view.id, name, APART, block_id=of
                    )
                elif _is_used(element) and (
                    block["type"] != "input" or block.get("dispatch_action")
                ):
                    value = _value(element, chance)
                    found[f"{callback_id} {_name(element)}"] = partial(
                        slack.view_action, BUSY, view.id, name, block_id=of, value=value
                    )
            if view.view.get("submit") and callback_id not in _NOT_SENT:
                found[f"{callback_id} submit"] = partial(self._submit, view)
        return found or {"close": partial(slack.close, BUSY, view.id)}

    def _below(self, message: Message, element: dict[str, Any], chance: random.Random) -> Use:
        slack, value = self._place.slack, _value(element, chance)
        use = slack.press if element["type"] == "button" else slack.choose
        return partial(use, BUSY, message.id, element["action_id"], value=value)

    async def _submit(self, view: View) -> Answer:
        """Fill in what a form cannot be sent without, and send it."""
        blocks, values = view.view["blocks"], dict[str, dict[str, Any]]()
        for block_id in complaints(blocks, view.values):
            element = next(one["element"] for one in blocks if one.get("block_id") == block_id)
            values[block_id] = {element["action_id"]: self._filled_in(element)}
        return await self._place.slack.submit(BUSY, view.id, values)

    def _filled_in(self, element: dict[str, Any]) -> Any:
        self._made += 1
        match element["type"]:
            case "plain_text_input" if element.get("multiline"):
                return f"Red {self._made}\nBlue {self._made}"
            case "plain_text_input":
                return f"Busy {self._made}?"
            case "number_input":
                return str(element.get("min_value", 7))
            case "datetimepicker":
                return int((self._place.clock() + 86_400) // 60 * 60)
            case "external_select":
                return APART
            case "conversations_select" | "channels_select":
                return OWN_CHANNEL
            case "multi_conversations_select" | "multi_channels_select":
                return [OWN_CHANNEL]
            case "multi_users_select":
                return [BUSY]
            case "users_select":
                return BUSY
        options = element.get("options") or [{"value": None}]
        first = options[0]["value"]
        return [first] if element["type"] in ("checkboxes", "multi_static_select") else first

    def _openers(self) -> dict[str, Use]:
        """Return how something is begun."""
        slack, self._made = self._place.slack, self._made + 1
        title = f"Busy {self._made}?"

        async def written(channel: str, words: str) -> Answer:
            await slack.share(BUSY, channel, words)
            return slack.deliveries[-1].answer

        async def from_message(name: str) -> Answer:
            said = slack.say(BUSY, OWN_CHANNEL, f"{APART}? Red, or blue?")
            return await slack.shortcut(BUSY, name, said.id)

        me = f"<@{slack.bot_user_id}>"
        own = {
            "/poll": (
                *("", f'"{title}" "Red" "Blue"', f'comments addable "{title}" "Red" "Blue"'),
                *(f'"{title}" {_LONG}', f'until tomorrow "{title}" "Red" "Blue"', "list"),
                *("templates", "list busy", "find", f'{APART} local "{title}" "A" "B"', "help"),
            ),
            "/votes": (APART, ""),
            "/vote": (APART, ""),
            "/pollbot": (
                *("", "help", "setup", "schedules", "thresholds", "shipped", "previews"),
                *("connect", "forget me", "reminders on", f"tell 5 {APART}", f"link {APART}"),
            ),
        }
        uses: dict[str, Use] = {
            f"{command} {words.replace(title, '')}": partial(
                slack.command, BUSY, OWN_CHANNEL, command, words
            )
            for command, all_words in own.items()
            for words in all_words
        }
        for name in ("vote_on_issue", "new_poll"):
            uses[name] = partial(slack.shortcut, BUSY, name)
        for name in ("vote_on_mentioned", "make_poll"):
            uses[name] = partial(from_message, name)
        to_me = f'poll "{title}" "Red" "Blue"'
        return uses | {
            "home": partial(slack.open_home, BUSY),
            "mention": partial(written, OWN_CHANNEL, f"{me} votes {APART}"),
            "words": partial(written, OWN_CHANNEL, f"{me} connect"),
            "message": partial(written, slack.direct_channel(BUSY).id, to_me),
            "link": partial(written, OWN_CHANNEL, f"{SITE}/browse/{APART}"),
        }


def _own(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the blocks without those about what others have in their channel, and its buttons.

    An admin may run, pause and delete whatever is scheduled there.
    """
    about = [f"<#{PLANNING}>" in str(block) for block in blocks]
    return [
        block
        for at, block in enumerate(blocks)
        if not about[at] and not (at and about[at - 1] and block["type"] == "actions")
    ]


def _is_used(element: dict[str, Any]) -> bool:
    name = str(element["action_id"]).partition(":")[0]
    return element["type"] in _USED and name not in _LEFT_ALONE and "url" not in element


def _asks_at_once(block: dict[str, Any]) -> bool:
    """Return whether the app hears at once what is done in the block."""
    return block["type"] != "input" or block.get("dispatch_action") is True


def _name(element: dict[str, Any]) -> str:
    return str(element["action_id"]).partition(":")[0]


def _value(element: dict[str, Any], chance: random.Random) -> Any:
    """Return what is chosen in a menu, or what the button remembers."""
    if element["type"] == "button":
        return element.get("value")
    options = [*(element.get("options") or ())]
    options += [one for group in element.get("option_groups") or () for one in group["options"]]
    value = chance.choice(options)["value"]
    return [value] if element["type"] == "checkboxes" else value
