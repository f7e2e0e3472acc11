"""Lists of issues as people ask for them: to vote on, or the top voted ones to look at."""

from dataclasses import dataclass

from pollbot.jira.jql import checked, is_query, named_query
from pollbot.slack.looks import OF_ISSUES
from pollbot.text.words import first_word

_TOP = "top"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that somebody asks for.

    ``name`` is what it is called, empty for one that is called by its ``query``, a project or JQL.
    ``look`` is how the top voted issues are shown, empty for issues to vote on. ``site`` is empty
    where nobody said which.
    """

    query: str
    name: str = ""
    look: str = ""
    site: str = ""


def listing(text: str) -> Listing | None:
    """Return the list that was typed; None for what is none, such as an issue.

    ``top`` is followed by the way to see it, if that is to be another than usual, and by a
    project or JQL. Raises BadInput for too much JQL, or none.
    """
    if is_query(text):
        query, name = named_query(text)
        return Listing(checked(query), name)
    word, rest = first_word(text)
    if word != _TOP:
        return None
    look, after = first_word(rest)
    if look in OF_ISSUES and after.strip():
        rest = after
    else:
        look = OF_ISSUES[0]
    query, name = named_query(rest)
    return Listing(checked(query), name, look)
