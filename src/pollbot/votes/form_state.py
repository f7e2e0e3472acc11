"""What the forms about issues ask for, and the list that one of them was filled in for."""

from collections.abc import Mapping
from typing import Any

from pollbot.errors import BadField, BadInput
from pollbot.jira.jql import LONGEST_NAME, checked, typed_query
from pollbot.slack import payloads
from pollbot.slack.looks import OF_ISSUES
from pollbot.votes.typed import Listing

ISSUE_FIELD = "issue"
QUERY_FIELD = "query"
SITE_FIELD = "site"
NAME_FIELD = "name"
LOOK_FIELD = "look"
CHANNEL_FIELD = "channel"

BALLOT = "ballot"
"""What is chosen in place of a way to see the top voted issues."""


def listing_in(view: Mapping[str, Any]) -> Listing | None:
    """Return the list that a form asks for; None if it asks for none. Raises BadField."""
    typed = payloads.named(view, QUERY_FIELD)
    if not typed:
        return None
    try:
        query = checked(typed_query(typed))
    except BadInput as error:
        raise BadField(QUERY_FIELD, error) from error
    look = payloads.chosen(view, LOOK_FIELD)
    return Listing(
        query,
        " ".join(payloads.named(view, NAME_FIELD).split())[:LONGEST_NAME],
        look if look in OF_ISSUES else "",
        payloads.chosen(view, SITE_FIELD),
    )
