"""What the page sends, and why some of it cannot be done."""

from __future__ import annotations

from typing import Any


class UnusableError(Exception):
    """What the page sent cannot be done; ``str(error)`` is a sentence for the person there."""


class Said:
    """The JSON of one request, read field by field."""

    def __init__(self, body: object) -> None:
        if not isinstance(body, dict):
            raise UnusableError("Send a JSON object.")
        self._body = body

    def text(self, name: str, *, default: str | None = None) -> str:
        """Return a string field."""
        value = self._body.get(name, default)
        if not isinstance(value, str):
            raise UnusableError(f"“{name}” must be a text.")
        return value

    def optional(self, name: str) -> str | None:
        """Return a string field, or None where it is missing or null."""
        return None if self._body.get(name) is None else self.text(name)

    def any(self, name: str) -> Any:
        """Return a field as it came; the stand-in judges whether an element can have it."""
        return self._body.get(name)

    def number(self, name: str) -> float:
        """Return a number."""
        value = self._body.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise UnusableError(f"“{name}” must be a number.")
        return value

    def texts(self, name: str) -> list[str]:
        """Return a list of strings."""
        value = self._body.get(name)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise UnusableError(f"“{name}” must be a list of texts.")
        return value

    def fields(self, name: str) -> dict[str, dict[str, Any]]:
        """Return values by block and action."""
        value = self._body.get(name, {})
        if not isinstance(value, dict) or not all(isinstance(v, dict) for v in value.values()):
            raise UnusableError(f"“{name}” must hold values by block and action.")
        return value
