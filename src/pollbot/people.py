"""Who asks, as whom in Jira, and where an answer to them goes."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Person:
    """One member of one Slack workspace. Ids are unique only inside their team."""

    team_id: str
    user_id: str


@dataclass(frozen=True, slots=True)
class Account:
    """A person's Jira account. ``credential`` is the whole Authorization header: a secret.

    ``base_url`` is where this credential works: the site, or Atlassian's
    gateway for tokens with scopes. ``refused``: Jira stopped accepting it.
    """

    account_id: str
    display_name: str
    base_url: str
    credential: str = field(repr=False)
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """Where a private word to a person goes.

    ``response_url`` may be used 5 times within 30 minutes of the interaction,
    in channels where the app is no member too. ``replaces``: that URL belongs
    to a message that only this person sees, so an answer may take its place.
    ``voter_of`` is the poll that the person answers, or looks at as somebody who
    may have answered: unless it surely keeps names, only that URL leads to them.
    ``seen``: what becomes of the click is seen where it was made, in App Home or beside a
    link, so that it is done is not told as well; what is refused or waits still is.
    ``thread_ts`` is the message under which they are, where they are in a thread.
    """

    channel_id: str
    response_url: str | None = None
    replaces: bool = False
    voter_of: str | None = None
    seen: bool = False
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """The card that a click came from, as the payload tells it.

    It shows the poll, else the issue on that ``site``, None if the button does not
    tell. ``offered`` are the ids of the options that could be chosen on it, None if
    the payload does not tell. ``preview``: it hangs as one under somebody's message.
    """

    card_id: str
    channel_id: str
    message_ts: str
    response_url: str | None
    poll_id: str | None = None
    issue_key: str | None = None
    site: str | None = None
    offered: frozenset[str] | None = None
    preview: bool = False
