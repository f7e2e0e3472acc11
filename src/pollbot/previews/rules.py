"""What a channel may choose about previews of links."""

from dataclasses import dataclass
from typing import Literal

Shown = Literal["off", "public", "poster"]
"""No previews; those of issues that the site shows to anybody; or also what the poster sees."""

Viewer = Literal["connected", "refused", "unknown"]
"""Who looks at an issue: with an account, with one that Jira takes no more, or with none."""

CHOICES: tuple[Shown, ...] = ("off", "public", "poster")
USUAL: Shown = "public"

REFUSED_FOR = 86400.0
"""Seconds for which blocks are shown after Slack took no Work Object: then it is tried again."""


@dataclass(frozen=True, slots=True)
class WorkObjects:
    """Whether admins have previews as Work Objects; ``refused`` is Slack's word that it takes none.

    Slack tells no app whether they are switched on in its settings.
    """

    is_on: bool = False
    refused: str | None = None
    refused_at: float | None = None

    def are_tried(self, now: float) -> bool:
        """Return whether the next preview is one."""
        return self.is_on and (self.refused_at is None or now - self.refused_at >= REFUSED_FOR)


LATEST = 600.0
"""Seconds after which a link is old news: a preview would come as a surprise."""
FRESH = 7 * 86400.0
"""Seconds for which a preview follows its issue: after that it stays as it was last drawn."""
MOST_LINKS = 5
"""Previews that one message gets; Slack tells of each link in it."""
