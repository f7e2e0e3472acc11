"""What is said of all that waits, in one voice: what is the matter, what is safe, what is next.

``saved`` is the caller's clause of what is kept and what happens to it, such as "Your vote on
PLAT-1 is saved, and reaches Jira by itself": the moment at which it does follows it.
"""

from dataclasses import dataclass

from pollbot.slack.kit import escape
from pollbot.text.catalog import mark, say, say_marked


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something waits, and until when it does: clauses that are marked, to be said."""

    what: str
    end: str
    host: str | None = None

    @property
    def why(self) -> str:
        """The clause of why it waits, in markup."""
        if self.host is None:
            return say_marked(self.what)
        return say_marked(self.what, where=escape(self.host) or say("elsewhere"))

    @property
    def until(self) -> str:
        """The clause of until when it waits."""
        return say_marked(self.end)


JIRA_AWAY = Reason(mark("Jira does not answer right now"), mark("as soon as Jira is back"))
JIRA_BUSY = Reason(
    mark("too many requests came to Jira at once, so it asks pollbot to wait"), mark("after that")
)
SOURCE_AWAY = Reason(
    mark("Team Voice does not answer right now"), mark("as soon as Team Voice is back")
)
SOURCE_BUSY = Reason(
    mark("Team Voice is asked too much right now, and took nothing more"), mark("after that")
)
SOURCE_ODD = Reason(
    mark("Team Voice answered with something that pollbot does not understand"),
    mark("as soon as Team Voice answers as it should"),
)
SLOW = Reason(
    mark("this takes longer than usual"), mark("as soon as Jira or Team Voice has answered")
)


def site_moved(host: str = "") -> Reason:
    """Return the reason where the site's address leads to another ``host``, if that is known."""
    return Reason(
        mark(
            "the address of Jira that pollbot has leads to {where} now, where nobody's token is "
            "sent; whoever runs pollbot has to mend that (POLLBOT_JIRA_URL)"
        ),
        mark("should Jira answer there again"),
        host,
    )


def for_a_day() -> str:
    """Return the clause of how long most is kept."""
    return say("kept for 24 hours")


def token_refused() -> str:
    """Return the sentence of why another token is needed."""
    return say(
        "Jira no longer accepts your API token for this; it may have expired, been revoked, or "
        "lack a scope. If Jira asks for a CAPTCHA when you sign in to it in a browser, do that "
        "first: until then it takes no token, and then the old one will do."
    )


def queued(reason: Reason, saved: str, kept: str = "") -> str:
    """Return that it waits, and why; ``saved`` begins a sentence; ``kept``: how long."""
    if kept:
        return say(
            ":hourglass_flowing_sand: Queued: {why}. {saved} {until} ({kept}). You need not do it "
            "again; I will tell you.",
            why=reason.why,
            saved=saved,
            until=reason.until,
            kept=kept,
        )
    return say(
        ":hourglass_flowing_sand: Queued: {why}. {saved} {until}. You need not do it again; I "
        "will tell you.",
        why=reason.why,
        saved=saved,
        until=reason.until,
    )


def once_connected(first: str, saved: str, kept: str = "") -> str:
    """Return that it waits for an account; ``first`` is the sentence that says what for.

    ``saved`` begins a sentence.
    """
    if kept:
        return say(
            ":link: {first} {saved} as soon as you are connected ({kept}).",
            first=first,
            saved=saved,
            kept=kept,
        )
    return say(":link: {first} {saved} as soon as you are connected.", first=first, saved=saved)


def with_a_new_token(saved: str, kept: str = "") -> str:
    """Return that it waits for another token, since Jira does not take this one any more.

    ``saved`` stands within a sentence.
    """
    refused = token_refused()
    if kept:
        return say(
            ":warning: {refused} Connect again with a new one: {saved} then ({kept}).",
            refused=refused,
            saved=saved,
            kept=kept,
        )
    return say(
        ":warning: {refused} Connect again with a new one: {saved} then.",
        refused=refused,
        saved=saved,
    )
