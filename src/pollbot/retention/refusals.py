"""What is refused of how long something is kept."""

from dataclasses import dataclass

from pollbot.errors import BadInput


@dataclass(eq=False)
class NotDays(BadInput):
    """What was typed is no number of days from ``least`` to ``most``."""

    typed: str
    least: int
    most: int
