"""What is refused of what admins set up."""

from pollbot.errors import BadInput, SourceError, SourceUnavailable


class NoProjectOrSpace(BadInput):
    """What was typed is neither a project's key nor a space's id."""


class NotAnAddress(BadInput):
    """What was typed is no address of a source."""


class NoSourceToken(BadInput):
    """What was typed cannot be a token of a source."""


class SourceSlow(SourceUnavailable):
    """The source did not answer while the form was open."""


class TokenOfOthers(SourceError):
    """The source does not take the token for this project or space."""


class NoDefaultReminder(BadInput):
    """Polls that have no more than these defaults could send no such reminder."""


class NoMacro(BadInput):
    """The words after `macro` are no page and id."""


class NoPage(BadInput):
    """A macro's page is no page."""


class PageUnread(BadInput):
    """Confluence did not show the page in time."""
