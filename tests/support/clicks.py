"""Every kind of button that pollbot writes."""

from collections.abc import Iterator

from pollbot.slack.clicks import Click, SignInClick

# Slack opens the address of a link by itself, whichever version wrote it: that it was pressed is
# acknowledged, and nothing is said.
LEAD_ELSEWHERE = {SignInClick}


def kinds(kind: type[Click] = Click) -> Iterator[type[Click]]:
    """Return every kind of button there is."""
    if "action_id" in vars(kind):
        yield kind
    for below in kind.__subclasses__():
        yield from kinds(below)
