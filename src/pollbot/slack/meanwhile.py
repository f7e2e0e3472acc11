"""What changed while somebody had a form open: none of it is undone unseen by what they send."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping

from pollbot.errors import BadField, ChangedMeanwhile

Parts = Mapping[str, object]
"""What a form shows of a thing, by names. A new name comes last: open forms know the others."""

_BYTES = 3
_LENGTH = 4
AGAIN = 8
"""How often a change is begun anew where another one came before it."""


class Overtaken(Exception):
    """A thing is otherwise by now than it was when its change was thought out; nothing was changed.

    Nobody reads of it: the change is thought out anew.
    """


def traces(parts: Parts) -> str:
    """Return what a form keeps of the parts that it shows: four characters of each."""
    return "".join(map(trace, parts.values()))


def trace(part: object) -> str:
    """Return four characters that are others for another value."""
    written = repr(part).encode("utf-8", "backslashreplace")
    return urlsafe_b64encode(hashlib.sha256(written).digest()[:_BYTES]).decode()


def pieces(showed: str) -> list[str]:
    """Return the traces that a form has kept, one by one."""
    return [showed[start : start + _LENGTH] for start in range(0, len(showed), _LENGTH)]


def mine(
    showed: str,
    sent: Parts,
    now: Parts,
    fields: Mapping[str, str],
    texts: Collection[str] = (),
) -> set[str]:
    """Return the names of what the person changed in a form; all else is to be as it is ``now``.

    ``showed`` are the traces of what the form opened with. Where it has none, as in a form of an
    earlier version, the person counts as having changed the part. Raises BadField, at the one of
    the ``fields``, for a part that was changed otherwise meanwhile; those of the ``texts`` are
    told.
    """
    began = dict(zip(sent, pieces(showed), strict=False))
    changed = {name for name, part in sent.items() if began.get(name) != trace(part)}
    for name in sent:
        was = began.get(name)
        if name in changed and was is not None and is_overtaken(was, sent[name], now[name]):
            raise BadField(fields[name], ChangedMeanwhile(str(now[name]) if name in texts else ""))
    return changed


def is_overtaken(was: str, sent: object, now: object) -> bool:
    """Return whether two changed the same, and not to the same; ``was`` is a trace."""
    return trace(sent) != was and trace(now) not in (was, trace(sent))
