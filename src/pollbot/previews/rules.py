"""What a channel may choose about previews of links."""

from typing import Literal

Shown = Literal["off", "public", "poster"]
"""No previews; those of issues that the site shows to anybody; or also what the poster sees."""

CHOICES: tuple[Shown, ...] = ("off", "public", "poster")
USUAL: Shown = "public"

LATEST = 600.0
"""Seconds after which a link is old news: a preview would come as a surprise."""
FRESH = 7 * 86400.0
"""Seconds for which a preview follows its issue: after that it stays as it was last drawn."""
MOST_LINKS = 5
"""Previews that one message gets; Slack tells of each link in it."""
