"""Polls as Team Voice keeps them, and the shapes in which it may tell their results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class KeptPoll:
    """A poll, where it is, and who answered what inside Jira or Confluence."""

    workspace: str
    content: str
    container: str | None
    poll: Json
    answers: dict[str, set[str]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.poll["id"])

    @property
    def title(self) -> str:
        return str(self.poll.get("title") or "")

    @property
    def option_ids(self) -> list[str]:
        return [str(option["id"]) for option in self.poll["options"]]

    @property
    def in_order(self) -> list[Json]:
        """The options as people see them: by ``order``, where that is a number."""
        options = self.poll["options"]
        if not all(isinstance(option.get("order"), int) for option in options):
            return list(options)
        return sorted(options, key=lambda option: int(option["order"]))

    @property
    def takes_several(self) -> bool:
        settings = self.poll.get("settings")
        name = "allowSelectionOfMultipleOptions"
        return isinstance(settings, dict) and settings.get(name) is True

    def count(self, option_id: str) -> int:
        """Return how many chose the option."""
        return sum(option_id in chosen for chosen in self.answers.values())


Shape = Callable[[KeptPoll], Json]


def _per_option(name: str) -> Callable[[KeptPoll], list[Json]]:
    return lambda kept: [{"id": one, name: kept.count(one)} for one in kept.option_ids]


def _map(kept: KeptPoll) -> Json:
    return {one: kept.count(one) for one in kept.option_ids}


def _in_options(kept: KeptPoll) -> Json:
    options = [option | {"votes": kept.count(str(option["id"]))} for option in kept.poll["options"]]
    return {"options": options, "participants": len(kept.answers)}


# What ``expand=results`` adds to a poll. The last ones are what nobody can expect.
SHAPES: dict[str, Shape] = {
    "list": lambda kept: {
        "results": {"options": _per_option("votes")(kept), "participants": len(kept.answers)}
    },
    "bare list": lambda kept: {"results": _per_option("count")(kept)},
    "list of values": lambda kept: {
        "results": [
            {"optionId": one["id"], "value": one["value"]} for one in _per_option("value")(kept)
        ]
    },
    "map": lambda kept: {"results": {"votes": _map(kept), "participants": sorted(kept.answers)}},
    "bare map": lambda kept: {"results": _map(kept)},
    "map of objects": lambda kept: {
        "results": {one: {"count": kept.count(one)} for one in kept.option_ids}
    },
    "in options": _in_options,
    "none": lambda kept: {},
    "nonsense": lambda kept: {"results": {"chart": "▇▅▁", "best": ["2", "1"]}},
    "words": lambda kept: {"results": [f"{kept.count(one)} votes" for one in kept.option_ids]},
    "negative": lambda kept: {"results": dict.fromkeys(kept.option_ids, -1)},
    "strangers": lambda kept: {"results": {"somebody": 3, "else": 4}},
}
