"""Lines of the log: who called whom, with what outcome; never what was sent along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LOG_LINES = 60


@dataclass(frozen=True)
class LogLine:
    """Who called whom, with what outcome; never what was sent along."""

    at: float
    sender: str
    receiver: str
    what: str
    status: str

    def json(self) -> dict[str, Any]:
        return {
            "at": self.at,
            "from": self.sender,
            "to": self.receiver,
            "what": self.what,
            "status": self.status,
        }


def named(kind: str, body: dict[str, Any]) -> str:
    """Return what was delivered, by its name alone."""
    if kind == "slash_commands":
        return str(body.get("command"))
    if kind == "events_api":
        return str(body.get("event", body).get("type"))
    pressed = [str(action.get("action_id")) for action in body.get("actions", [])]
    return " ".join([str(body.get("type")), *pressed])
