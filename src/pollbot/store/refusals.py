"""Refusals on disk: which one it was and its fields, to be worded when somebody is told."""

import json
from dataclasses import fields as fields_of
from dataclasses import is_dataclass
from typing import Any

from pollbot.errors import PollbotError, SaidBefore

_NAME = "refused"


def written(refusal: PollbotError) -> str:
    """Return the refusal as text; of one whose fields are no JSON only that there was one."""
    try:
        return json.dumps(_named(refusal), default=_named, ensure_ascii=False)
    except TypeError:
        return written(SaidBefore(""))


def read(text: str) -> PollbotError:
    """Return the refusal that was written; what an earlier version wrote is a sentence.

    Of a kind or of fields that another version knows nothing is left but that there was one.
    """
    try:
        found = json.loads(text, object_hook=_refusal)
    except ValueError:
        return SaidBefore(text)
    return found if isinstance(found, PollbotError) else SaidBefore(text)


def _named(refusal: object) -> dict[str, Any]:
    if not isinstance(refusal, PollbotError):
        raise TypeError
    return {_NAME: type(refusal).__name__} | vars(refusal)


def _refusal(fields: dict[str, Any]) -> object:
    if _NAME not in fields:
        return fields
    kind = _kinds().get(fields.pop(_NAME))
    if kind is None:
        return SaidBefore("")
    refusal = kind.__new__(kind)
    vars(refusal).update(fields)
    return refusal if _wanted(kind) <= fields.keys() else SaidBefore("")


def _wanted(kind: type[PollbotError]) -> set[str]:
    return {one.name for one in fields_of(kind) if one.init} if is_dataclass(kind) else set()


def _kinds() -> dict[str, type[PollbotError]]:
    found: dict[str, type[PollbotError]] = {}
    left: list[type[PollbotError]] = [PollbotError]
    while left:
        below = left.pop().__subclasses__()
        found |= {kind.__name__: kind for kind in below}
        left += below
    return found
