"""What is said of all that waits, in one voice: what is the matter, what is safe, what is next."""

from dataclasses import dataclass

from pollbot.slack.kit import escape

FOR_A_DAY = "kept for 24 hours"
REFUSED = "Jira no longer accepts your API token; it may have expired or been revoked."


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something waits, as a clause, and until when it does; both are markup already."""

    why: str
    until: str


JIRA_AWAY = Reason("Jira does not answer right now", "as soon as Jira is back")
JIRA_BUSY = Reason(
    "too many requests came to Jira at once, so it asks pollbot to wait", "after that"
)
SOURCE_AWAY = Reason("Team Voice does not answer right now", "as soon as Team Voice is back")
SOURCE_BUSY = Reason("Team Voice is asked too much right now, and took nothing more", "after that")
SOURCE_ODD = Reason(
    "Team Voice answered with something that pollbot does not understand",
    "as soon as Team Voice answers as it should",
)
SLOW = Reason("this takes longer than usual", "as soon as Jira or Team Voice has answered")


def site_moved(host: str = "") -> Reason:
    """Return the reason where the site's address leads to another ``host``, if that is known."""
    where = escape(host) or "elsewhere"
    return Reason(
        f"the address of Jira that pollbot has leads to {where} now, where nobody's token is "
        "sent; whoever runs pollbot has to mend that (POLLBOT_JIRA_URL)",
        "should Jira answer there again",
    )


def queued(reason: Reason, what: str, does: str, kept: str = "") -> str:
    """Return that ``what`` is saved and ``does`` that by itself; ``kept``: how long."""
    end = f" ({kept})" if kept else ""
    return (
        f":hourglass_flowing_sand: Queued: {reason.why}. {what} is saved, and {does} by itself "
        f"{reason.until}{end}. You need not do it again; I will tell you."
    )


def once_connected(first: str, what: str, does: str, kept: str = "") -> str:
    """Return that it waits for an account; ``first`` is the sentence that says what for."""
    end = f" ({kept})" if kept else ""
    return (
        f":link: {first} {what} is saved, and {does} by itself as soon as you are connected{end}."
    )


def with_a_new_token(what: str, does: str, kept: str = "") -> str:
    """Return that it waits for another token, since Jira does not take this one any more."""
    end = f" ({kept})" if kept else ""
    return (
        f":warning: {REFUSED} Connect again with a new one: {what} is saved, and {does} by "
        f"itself then{end}."
    )
