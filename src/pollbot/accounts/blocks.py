"""The form that connects a Jira account, what it turns into, and the help."""

from collections.abc import Sequence

from pollbot.accounts.rules import (
    EMAIL,
    SITE,
    TOKEN,
    Connected,
    Disconnected,
    Dropped,
    DroppedVote,
    Ending,
    Link,
    OnSite,
    Waiting,
)
from pollbot.jira.issues import IssueAt, host_of, issue_url
from pollbot.jira.pages import Linked, PageRef, page_url
from pollbot.jira.rules import Wish
from pollbot.people import Account
from pollbot.slack.clicks import SignInClick
from pollbot.slack.kit import (
    Block,
    Message,
    actions,
    choice,
    connect_button,
    escape,
    field,
    fit,
    link,
    link_button,
    moment,
    picker,
    quoted,
    section,
    sections,
    text_input,
    view,
    words,
)
from pollbot.text.catalog import say, say_number
from pollbot.text.command_words import in_help
from pollbot.text.writing import echo

CONNECT_FORM = "connect_jira"
TOLD_FORM = "told"
_MOST_NAMED = 20
_MOST_POLLS = 8
_TOKENS_PAGE = "https://id.atlassian.com/manage-profile/security/api-tokens"


def connect_form(
    stands: Sequence[OnSite],
    memory: str,
    *,
    chosen: str = "",
    problem: str = "",
    email: str = "",
    guessed: bool = False,
) -> Block:
    """Return the form for an e-mail and an API token; ``problem`` stands on top of it.

    ``guessed``: the ``email`` is that of Slack, which Jira may know by another one.

    ``stands`` tells how it stands with the person on each site; of several ``chosen`` is the one
    that is meant, else the first to which they are not connected.
    """
    several = len(stands) > 1
    missing = [one.site for one in stands if one.account is None or one.account.refused]
    chosen = chosen or (missing or [stands[0].site])[0]
    blocks = [
        *([section(f":warning: {problem}")] if problem else []),
        *(block for one in stands for block in _stands(one, several=several and not problem)),
        *(
            [{"type": "divider"}, section(say("*Or with an API token*"))]
            if any(one.sign_in for one in stands)
            else []
        ),
        section(
            say(
                "pollbot votes on *{host}* as you, with an API token of yours. It is checked with "
                "Jira now, kept encrypted, sent to nobody but Jira, and forgotten with "
                "`/pollbot disconnect`. {make_a_token}; one with scopes needs `read:jira-user`, "
                "`read:jira-work` and `write:jira-work`.",
                host="*, *".join(escape(host_of(one.site)) for one in stands),
                make_a_token=link(_TOKENS_PAGE, say("Make a token")),
            )
        ),
        *([_which(stands, chosen)] if several else []),
        text_input(
            EMAIL,
            say("Your Jira e-mail"),
            hint=say("This is the address of your Slack. Change it if Jira has another one of you.")
            if guessed
            else say("The address that you sign in to Jira with."),
            placeholder="you@example.com",
            element="email_text_input",
            initial=email,
        ),
        text_input(
            TOKEN,
            say("Your API token"),
            hint=say("Not your password. Paste the whole token."),
            placeholder=say("Paste it here"),
            element="plain_text_input",
        ),
    ]
    return view(
        say("Connect Jira"),
        blocks,
        callback_id=CONNECT_FORM,
        submit=say("Connect"),
        close=say("Cancel"),
        memory=memory,
    )


def _stands(one: OnSite, *, several: bool) -> list[Block]:
    said = []
    if one.account is not None:
        said.append(section(_connected_as(one.site, one.account)))
    elif several:
        host = escape(host_of(one.site))
        said.append(section(say(":heavy_minus_sign: Not connected to {host}.", host=host)))
    return [*said, *(_signing_in(one.site, one.sign_in) if one.sign_in else [])]


def _which(stands: Sequence[OnSite], chosen: str) -> Block:
    choices = [choice(host_of(one.site), one.site) for one in stands]
    select = picker("static_select", "value", choices, chosen=[chosen])
    return field(SITE, say("Your Jira site"), select)


def _signing_in(site: str, address: str) -> list[Block]:
    label = say("Sign in with Atlassian")
    return [
        section(
            say(
                "Sign in at Atlassian and choose *{host}*: pollbot then votes as you, with no "
                "token to make. The link is yours alone and works for ten minutes.",
                host=escape(host_of(site)),
            )
        ),
        actions(
            link_button(
                label,
                SignInClick(),
                address,
                style="primary",
                spoken=f"{label}: {host_of(site)}",
            )
        ),
    ]


def checking(site: str) -> Block:
    """Return what the form shows while Jira takes its time."""
    return _told(
        say(
            ":hourglass_flowing_sand: Checking with {host}, which is slow to answer. You may close "
            "this; I will tell you how it went. If you hear nothing within two minutes, run "
            "`/pollbot connect` again: until the check has passed, nothing is stored.",
            host=escape(host_of(site)),
        )
    )


def connected(on: Sequence[Connected]) -> str:
    """Return the sentences for connections that work, one for each site."""
    return "\n".join(
        say(
            ":white_check_mark: You are connected to {host} as *{name}*. {then}",
            host=escape(host_of(one.site)),
            name=quoted(one.name, 80),
            then=_waiting(one.site, one.waiting),
        )
        for one in on
    )


def connected_form(on: Sequence[Connected]) -> Block:
    """Return what the form turns into when the connection works."""
    return _told(*(connected([one]) for one in on))


def overtaken(why: str) -> str:
    """Return the sentence for a check that nobody asks for any more, and why."""
    return say(":information_source: {why}", why=why)


def overtaken_form(why: str) -> Block:
    """Return what the form shows then."""
    return _told(overtaken(why))


def not_taken(problem: str) -> str:
    """Return the sentence for a connection that did not come about, and why."""
    return say(":x: Your Jira account is not connected. {why}", why=problem)


def disconnected(site: str, dropped: Dropped) -> Message:
    """Return what is said once the account is forgotten."""
    said = [
        say(":white_check_mark: Your Jira account is disconnected and your token is forgotten."),
        *_dropped(site, dropped),
        say(
            "Votes that Jira has counted stay. You may also revoke the token on {page}.",
            page=link(_TOKENS_PAGE, say("Atlassian’s page")),
        ),
    ]
    return words(" ".join(said))


def not_connected(site: str, dropped: Dropped) -> Message:
    """Return what is said to somebody who has no account to disconnect."""
    if dropped.votes or dropped.polls:
        said = [say("You have no Jira account connected."), *_dropped(site, dropped)]
        return words(" ".join(said))
    return words(say("You have no Jira account connected, so there is nothing to forget."))


def disconnected_from(gone: Sequence[Disconnected]) -> Message:
    """Return what is said of several sites, once the accounts on them are forgotten."""
    ended = [one for one in gone if one.was_connected]
    if not ended and not any(one.dropped.votes or one.dropped.polls for one in gone):
        return not_connected(gone[0].site, Dropped())
    said = [" ".join([_ended(one), *_dropped(one.site, one.dropped)]) for one in gone]
    if ended:
        said.append(
            say(
                "Votes that Jira has counted stay. You may also revoke the token on {page}.",
                page=link(_TOKENS_PAGE, say("Atlassian’s page")),
            )
        )
    return words("\n".join(said))


def _ended(one: Disconnected) -> str:
    host = escape(host_of(one.site))
    if one.was_connected:
        return say(
            ":white_check_mark: Your account on *{host}* is disconnected and your token is "
            "forgotten.",
            host=host,
        )
    return say("You have no account on *{host}* connected.", host=host)


def linked(to: Link) -> Message:
    """Return what the channel is told about its new link."""
    does = _what_a_link_does(to)
    if to.seen:
        return words(
            say(":link: This channel is now linked to {to}. {does}", to=_led_to(to), does=does)
        )
    if isinstance(to.to, PageRef):
        return words(
            say(
                ":link: This channel is now linked to {to}. I could not look in Confluence whether "
                "there is such a page: check it. {does}",
                to=_led_to(to),
                does=does,
            )
        )
    return words(
        say(
            ":link: This channel is now linked to {issue}. I could not look in Jira whether there "
            "is such an issue: check it. {does}",
            issue=_led_to(to),
            does=does,
        )
    )


def link_of(to: Link | None) -> Message:
    """Return what is said to somebody who asks what the channel is linked to."""
    if to is None:
        return words(
            say(
                "This channel is linked to no issue or page. `/pollbot link PLAT-12` links it to "
                "an issue, so that `/vote` alone is enough here; with the link of a Confluence "
                "page, polls here are on that page."
            )
        )
    return words(
        say(
            ":link: This channel is linked to {to}. {does} `/pollbot link` with another issue or "
            "page changes that, `/pollbot unlink` ends it.",
            to=_led_to(to),
            does=_what_a_link_does(to),
        )
    )


def ends_soon(ending: Ending) -> Message:
    """Return what somebody is told whose account is over soon."""
    host, day = escape(host_of(ending.site)), moment(ending.ends_at)
    said = (
        say(
            ":hourglass: What you allowed at Atlassian for *{host}* ends after a year, on {day} at "
            "the latest. Connect anew before that: your votes then go on without a break.",
            host=host,
            day=day,
        )
        if ending.signed_in
        else say(
            ":hourglass: An API token lives for a year at most, so the one with which you "
            "connected to *{host}* ends by {day}, or earlier if it was older then. Connect anew "
            "before that: your votes then go on without a break.",
            host=host,
            day=day,
        )
    )
    return words(said, connect_button(ending.site))


def unlinked(led_to: Linked | None) -> Message:
    """Return what is said after a link was removed, or was not there."""
    if led_to is None:
        return words(say("This channel is linked to no issue or page, so nothing was changed."))
    to = _led_to(Link(led_to, seen=False))
    return words(say("This channel is no longer linked to {to}.", to=to))


def begin_with_it() -> Message:
    """Return what is said where pollbot is named in the middle of a message."""
    return words(
        say(
            ":information_source: You named me. I read what begins with my name, such as "
            "`@pollbot vote PLAT-12`; `@pollbot help` shows the rest. Nothing was done."
        )
    )


def help_text(word: str = "", meant: str | None = None) -> Message:
    """Return everything pollbot understands; ``word`` is what it did not.

    ``meant`` is the word after /pollbot that was probably meant.
    """
    if not word:
        return _in_paragraphs(in_help())
    typed = echo(word)
    first = (
        say(
            "I do not know “{word}”. Did you mean `/pollbot {meant}`? This is what I know:",
            word=typed,
            meant=meant,
        )
        if meant
        else say("I do not know “{word}”. This is what I know:", word=typed)
    )
    return _in_paragraphs(f"{first}\n{in_help()}")


def _in_paragraphs(text: str) -> Message:
    """Return a long text, of which a section takes 3,000 characters."""
    return Message(text, sections(text.split("\n")))


def _led_to(link_: Link) -> str:
    """Return the issue or page, in markup. Whoever may not see a page learns no title of it."""
    match link_.to:
        case IssueAt(site, key):
            return link(issue_url(site, key), key)
        case PageRef(site, page_id):
            title = fit(link_.title, 80, 200) or say("a Confluence page")
            return link(page_url(site, page_id), title)


def _what_a_link_does(to: Link) -> str:
    if isinstance(to.to, PageRef):
        return say(
            'Here, a poll is on that page: `/poll "Lunch?" …` makes one on it, and `/poll list` '
            'shows those there are. `/poll here "Lunch?" …` makes one on no page. Votes need an '
            "issue: `/vote PLAT-12`."
        )
    return say(
        "Here, `/vote`, `/unvote` and `/votes` mean that issue when they name none, and a poll is "
        'on it: `/poll "Lunch?" …` makes one on {issue}. `/poll here "Lunch?" …` makes one on no '
        "issue.",
        issue=_led_to(to),
    )


def _connected_as(site: str, account: Account) -> str:
    name, host = quoted(account.display_name, 80), escape(host_of(site))
    if account.refused:
        return say(
            ":warning: You were connected as *{name}* to {host}, but Jira does not accept that "
            "token any more. Paste a new one.",
            name=name,
            host=host,
        )
    return say(
        ":white_check_mark: You are connected as *{name}* to {host}. Another token takes the "
        "place of yours; `/pollbot disconnect` forgets it.",
        name=name,
        host=host,
    )


def _told(*texts: str) -> Block:
    return view(say("Connect Jira"), [section(text) for text in texts], callback_id=TOLD_FORM)


def _waiting(site: str, waiting: Waiting) -> str:
    said = []
    if waiting.votes:
        issues = _issues(site, list(waiting.votes))
        said.append(say("Your vote on {issues} is on its way to Jira.", issues=issues))
    if waiting.polls:
        said.append(
            say_number(
                len(waiting.polls),
                "Your poll {polls} is being made, and posted then.",
                "Your polls {polls} are being made, and posted then.",
                polls=_polls(waiting.polls),
            )
        )
    return " ".join(said) or say(
        "Your votes now count under your own name: try `/vote` with an issue."
    )


def _dropped(site: str, dropped: Dropped) -> list[str]:
    """Return sentences of what was dropped with the account, and what is left open of wishes."""
    said = []
    if dropped.votes:
        votes = [_wish(site, one) for one in dropped.votes[:_MOST_NAMED]]
        said.append(
            say(
                "Dropped with it, since saved but not counted yet: {votes}. What was dropped will "
                "not reach Jira any more.",
                votes=_and_more(votes, len(dropped.votes)),
            )
        )
        if which := [one.issue_key for one in dropped.votes if one.may_land]:
            said.append(
                say(
                    "A call over {issues} had left already, though: that one may still arrive "
                    "there.",
                    issues=_issues(site, which),
                )
            )
    if dropped.polls:
        said.append(
            say_number(
                len(dropped.polls),
                "Dropped with it, and not made: your poll {polls}.",
                "Dropped with it, and not made: your polls {polls}.",
                polls=_polls(dropped.polls),
            )
        )
    return said


def _wish(site: str, one: DroppedVote) -> str:
    issue = link(issue_url(site, one.issue_key), one.issue_key)
    if one.wish is Wish.VOTE:
        return say("your vote on {issue}", issue=issue)
    return say("your withdrawal from {issue}", issue=issue)


def _polls(titles: Sequence[str]) -> str:
    named = [say("“{title}”", title=fit(title, 40, 80)) for title in titles[:_MOST_POLLS]]
    return _and_more(named, len(titles))


def _issues(site: str, keys: list[str]) -> str:
    return _and_more([link(issue_url(site, key), key) for key in keys[:5]], len(keys))


def _and_more(named: Sequence[str], of: int) -> str:
    """Return the names as a list of ``of`` things."""
    names, rest = ", ".join(named), of - len(named)
    if not rest:
        return names
    return say("{names} and {rest} more", names=names, rest=rest)
