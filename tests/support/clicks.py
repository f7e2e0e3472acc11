"""Every kind of button that pollbot writes."""

from collections.abc import Iterator
from typing import Literal, get_args, get_origin

from pollbot.slack.clicks import Click, SeeCardClick, SignInClick

# Slack opens the address of a link by itself, whichever version wrote it: that it was pressed is
# acknowledged, and nothing is said.
LEAD_ELSEWHERE = {SeeCardClick, SignInClick}


def kinds(kind: type[Click] = Click) -> Iterator[type[Click]]:
    """Return every kind of button there is."""
    if "action_id" in vars(kind):
        yield kind
    for below in kind.__subclasses__():
        yield from kinds(below)


def sample(kind: type[Click], /, **known: object) -> Click:
    """Return a button of that kind: with what is known, and something in each other field."""
    fitting: dict[object, object] = {str: "PLAT-12", bool: True, int: 1}
    needed = {
        name: get_args(field.annotation)[0]
        if get_origin(field.annotation) is Literal
        else fitting.get(field.annotation, ("PLAT-12",))
        for name, field in kind.model_fields.items()
        if field.is_required()
    }
    ours = {
        name: value
        for name, value in known.items()
        if name in kind.model_fields
        and not (kind.model_fields[name].annotation is int and isinstance(value, str))
        and value in (_only(kind.model_fields[name].annotation) or [value])
    }
    return kind.model_validate(needed | ours)


def _only(annotation: object) -> tuple[object, ...]:
    """Return the values that a field may have, where those are listed."""
    return get_args(annotation) if get_origin(annotation) is Literal else ()
