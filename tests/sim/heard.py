"""Which of pollbot's listeners are reached by what people do, so that none is forgotten."""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pollbot.sandbox.slack.stand_in import Delivery
from tests.door.test_every_delivery import feature_of, register_all

Body = Mapping[str, Any]
Condition = Callable[..., Awaitable[bool]]

_INSTALLING = "there is one bot token here; tests/installs removes and adds workspaces"
_PANES = "no link here is of a domain that Slack tells of; tests/previews opens previews and panes"
_FOR_ALL = "it would change for everybody what they read or may do, in the midst of their promises"
NOT_HEARD = {
    "accounts.press_sign_in": "nobody signs in in a browser here; tests/accounts does",
    "installs.removed": _INSTALLING,
    "installs.revoked": _INSTALLING,
    "installs.taken_in": _INSTALLING,
    "installs.taken_out": _INSTALLING,
    "previews.link_shared": _PANES,
    "previews.open_pane": _PANES,
    "previews.vote_in_pane": _PANES,
    "previews.withdraw_in_pane": _PANES,
    "records.record": "no poll on an issue is closed here; tests/records writes results",
    "setup.choose_language": _FOR_ALL,
    "setup.needs_jira": _FOR_ALL,
    "setup.remove_source": _FOR_ALL,
    "votes.press_withdraw_all": "nobody loses an account that has votes here; tests/accounts does",
}
"""Listeners that nobody here reaches, each with the reason."""

BY_CHANCE = {
    *("home.invite", "home.open_invite", "home.turn_page", "polls.ends.see_card"),
    *("polls.ends.remind", "polls.forms.share", "polls.forms.open_owners"),
    *("polls.forms.show_names", "polls.choose_option", "polls.drop_poll", "polls.post_poll"),
    *("polls.saved.open_template", "polls.saved.turn_page", "polls.searches.turn_found"),
    *("polls.forms.touch_preview", "polls.searches.find", "polls.searches.open_search"),
    *("polls.searches.search", "polls.searches.turn_in_window", "polls.turn_page"),
    *("previews.choose", "previews.switch", "schedules.delete", "schedules.edit_schedule"),
    *("schedules.resume", "schedules.turn_page", "setup.show_audit"),
    *("thresholds.edit_threshold", "thresholds.new_threshold", "thresholds.tell_of_issue"),
    *("thresholds.turn_page", "votes.open_form", "votes.open_list", "votes.press_new_vote"),
    *("votes.shipped.press_mute", "votes.shipped.press_unmute", "votes.submit"),
    *("votes.watches.press_watch", "written.written"),
}
"""Those that the busy reach in few seeds: 200 are not enough to be sure of each."""


@dataclass(frozen=True, slots=True)
class Listener:
    """One of pollbot's, and what it listens for."""

    name: str
    kind: str
    wanted: object
    conditions: tuple[Condition, ...]

    def takes(self, kind: str, body: Body) -> bool:
        """Return whether it is reached by that."""
        if kind not in _KINDS[self.kind]:
            return False
        part = (body.get("actions") or [body])[0] if kind == "block_actions" else body
        if not _fits(self.wanted, _named(kind, part)):
            return False
        return all(_says_yes(one, part) for one in self.conditions)


_KINDS = {
    "action": ("block_actions",),
    "view": ("view_submission",),
    "view_submission": ("view_submission",),
    "command": ("command",),
    "shortcut": ("shortcut", "message_action"),
    "global_shortcut": ("shortcut",),
    "message_shortcut": ("message_action",),
    "options": ("block_suggestion",),
    "event": ("event_callback",),
}


def heard_by(deliveries: Iterable[Delivery]) -> set[str]:
    """Return the names of the listeners that took one of these, as far as Slack had an answer."""
    return {
        name
        for one in deliveries
        if one.answer.error is None
        for name in [_listener(one.body)]
        if name
    }


def _listener(body: Body) -> str:
    kind = str(body.get("type") or ("command" if "command" in body else ""))
    return next((one.name for one in listeners() if one.takes(kind, body)), "")


@cache
def listeners() -> tuple[Listener, ...]:
    """Return all listeners, but those that take what is left; the pickier ones come first."""
    found: list[Listener] = []

    class App:
        def __getattr__(self, kind: str) -> Callable[..., Any]:
            def listen(wanted: object, matchers: tuple[Condition, ...] = ()) -> Callable[..., None]:
                def keep(listener: Any) -> None:
                    name = f"{feature_of(listener.__module__)}.{listener.__name__}"
                    found.append(Listener(name, kind, wanted, tuple(matchers)))

                return keep

            return listen

    register_all(App())
    return tuple(sorted(found, key=lambda one: not one.conditions))


def names() -> set[str]:
    """Return the names of all listeners."""
    return {one.name for one in listeners()}


def _named(kind: str, part: Body) -> dict[str, str]:
    """Return by what the listeners of a kind know theirs."""
    match kind:
        case "view_submission":
            return {"": str(part["view"]["callback_id"])}
        case "command":
            return {"": str(part["command"])}
        case "event_callback":
            return {"": str(part["event"]["type"])}
        case "shortcut" | "message_action":
            return {"": str(part["callback_id"])}
    action_id, block_id = str(part.get("action_id")), str(part.get("block_id"))
    return {"": action_id, "action_id": action_id, "block_id": block_id}


def _fits(wanted: object, named: Mapping[str, str]) -> bool:
    if isinstance(wanted, Mapping):
        return all(_fits(one, {"": named.get(name, "")}) for name, one in wanted.items())
    if isinstance(wanted, re.Pattern):
        return wanted.search(named[""]) is not None
    return wanted == named[""]


def _says_yes(condition: Condition, part: Body) -> bool:
    (name,) = inspect.signature(condition).parameters
    asked = condition(**{name: part})
    try:
        asked.__await__().send(None)
    except StopIteration as answer:
        return bool(answer.value)
    raise AssertionError(f"{condition} waits for something.")
