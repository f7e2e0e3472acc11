"""Refusals on disk: which one it was and its fields, to be worded when somebody is told."""

import json

from pollbot.errors import PollbotError, SaidBefore


def written(refusal: PollbotError) -> str:
    """Return the refusal as text."""
    fields = {"refused": type(refusal).__name__} | vars(refusal)
    return json.dumps(fields, ensure_ascii=False)


def read(text: str) -> PollbotError:
    """Return the refusal that was written; what an earlier version wrote is a sentence.

    So is what a later one wrote: of a kind that is not known here only that is left.
    """
    try:
        fields = json.loads(text)
        name = fields.pop("refused")
    except (ValueError, TypeError, AttributeError, KeyError):
        return SaidBefore(text)
    kind = _kinds().get(name)
    if kind is None:
        return SaidBefore("")
    refusal = kind.__new__(kind)
    vars(refusal).update(fields)
    return refusal


def _kinds() -> dict[str, type[PollbotError]]:
    found: dict[str, type[PollbotError]] = {}
    left: list[type[PollbotError]] = [PollbotError]
    while left:
        below = left.pop().__subclasses__()
        found |= {kind.__name__: kind for kind in below}
        left += below
    return found
