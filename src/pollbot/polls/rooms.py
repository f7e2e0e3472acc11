"""How much of a poll is drawn: all of it, or less where a message could not hold that.

What is to be pressed always works, and the question stands in full. Then come the counts, the
names and the comments: what comes last goes first.
"""

from dataclasses import dataclass, replace

from pollbot.polls.rules import COMMENT, DESCRIPTION, OPTION
from pollbot.polls.tally import NAMES_SHOWN


@dataclass(frozen=True, slots=True)
class Room:
    """How many characters, names or lines each thing may take.

    ``title`` is an option's in its line, ``label`` the same in the control that chooses it.
    """

    comments: int = 1000
    comment: int = COMMENT
    names: int = NAMES_SHOWN
    description: int = DESCRIPTION
    title: int = OPTION
    label: int = 75
    lines: int = 120  # all that can be chosen, and some that were removed


EVERYTHING = Room()
_SHORT = Room(comment=150)
_FEW = replace(_SHORT, comments=2, names=3)
_COUNTS = Room(comments=0, names=0, description=1000)

ROOMS = (
    EVERYTHING,
    Room(comment=250),
    _SHORT,
    replace(_SHORT, comments=2),
    _FEW,
    replace(_FEW, comments=0),
    replace(_FEW, comments=0, names=1),
    _COUNTS,
    replace(_COUNTS, description=500, title=120),
    replace(_COUNTS, description=300, title=80),
    replace(_COUNTS, description=300, title=60, label=60),
    replace(_COUNTS, description=200, title=40, label=40),
    replace(_COUNTS, description=200, title=30, label=30),
    replace(_COUNTS, description=200, title=24, label=24),
    replace(_COUNTS, description=150, title=24, label=24, lines=60),
    replace(_COUNTS, description=150, title=20, label=20, lines=40),
    replace(_COUNTS, description=100, title=16, label=16, lines=25),
    replace(_COUNTS, description=100, title=12, label=12, lines=15),
)
"""Each leaves out what the one before it does, and more."""
