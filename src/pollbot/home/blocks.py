"""The tab of App Home: what waits for its reader, and what is theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pollbot.home.rules import (
    SOURCES,
    ForAdmins,
    MyPoll,
    MyVotes,
    OpenPoll,
    Paged,
    Stand,
    VotedOn,
)
from pollbot.jira.issues import host_of, issue_url
from pollbot.polls.blocks import answerable, titled
from pollbot.polls.results.blocks import end
from pollbot.schedules.blocks import Row, line_of
from pollbot.slack.clicks import (
    FORGET_ME,
    MOST_VOTES,
    HomePageClick,
    InviteClick,
    MoreClick,
    NewListClick,
    NewVoteClick,
    SearchClick,
    WithdrawAllClick,
    WithdrawClick,
    WordsClick,
)
from pollbot.slack.kit import (
    BUTTON_TEXT,
    PLACEHOLDER,
    VIEW_BLOCKS,
    Block,
    Message,
    actions,
    beside,
    button,
    confirmation,
    connect_button,
    context,
    escape,
    field,
    link,
    person,
    places,
    plain,
    plain_text,
    quoted,
    section,
    told_apart,
    view,
    words,
)
from pollbot.slack.windows import told_view
from pollbot.text.catalog import numeral, say, say_number

HOME = "home"
INVITE_FORM = "invite"
INVITED = "invited"
MOST_INVITED = 10
_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is on somebody's Home; ``pages_of`` says of each list which page of it this is.

    ``for_admins`` is None for whoever is none, or is not known to be one.
    """

    pages: HomePageClick
    pages_of: Mapping[str, Paged]
    waiting: Sequence[OpenPoll]
    polls: Sequence[MyPoll]
    votes: MyVotes
    schedules: Sequence[Row]
    stands: Sequence[Stand]
    for_admins: ForAdmins | None
    now: float

    @property
    def is_connected(self) -> bool:
        """Whether they have an account on a site, be it refused by now."""
        return any(stand.name for stand in self.stands)


def home(shown: Shown) -> dict[str, Any]:
    """Return the whole tab, far below the 100 blocks that a view may have."""
    pages, several = shown.pages, len(shown.stands) > 1
    is_new = not (shown.is_connected or shown.polls or shown.schedules)
    parts = [
        _first_steps() if is_new else [],
        _waiting(pages, shown.pages_of["waiting"], shown.waiting),
        _my_polls(pages, shown.pages_of["polls"], shown.polls, shown.now),
        _my_votes(pages, shown.pages_of["votes"], shown.votes, several=several)
        if shown.is_connected
        else [],
        _schedules(pages, shown.pages_of["schedules"], shown.schedules),
        [] if is_new else _connections(shown.stands, shown.now, several=several),
        _of_admins(shown.for_admins) if shown.for_admins is not None else [],
    ]
    drawn = [] if is_new else [actions(*_begin())]
    for part in parts:
        if part:
            drawn += [*([{"type": "divider"}] if drawn else []), *part]
    drawn.append(context(say("`/pollbot help` shows all that there is to type.")))
    if not is_new:
        drawn.append(actions(button(say("Forget me"), WordsClick(typed=FORGET_ME), nth=9)))
    return {
        "type": "home",
        "callback_id": HOME,
        "private_metadata": pages.pack(),
        "blocks": drawn[:VIEW_BLOCKS],
    }


def _begin() -> list[Block]:
    return [
        button(say("New poll"), WordsClick(typed="poll"), nth=0, style="primary"),
        button(say("Vote on an issue"), NewVoteClick()),
        button(say("New list"), NewListClick()),
        button(say("Find polls"), SearchClick()),
        button(say("Invite a teammate"), InviteClick()),
    ]


def _first_steps() -> list[Block]:
    """Return what somebody sees who has done nothing here yet."""
    return [
        section(say("*Welcome. pollbot lets you vote on Jira issues and answer polls in Slack.*")),
        section(
            say(
                "*1. Connect your Jira account.* Your votes are cast in your own name, so Jira "
                "has to know you. It takes a minute, once."
            )
        ),
        actions(connect_button()),
        section(
            say(
                "*2. Vote on an issue.* Type `/vote PLAT-12` anywhere, press *Vote* below a link "
                "to an issue, or choose one here."
            )
        ),
        actions(button(say("Vote on an issue"), NewVoteClick())),
        section(
            say(
                "*3. Ask something.* A poll takes a question and two answers; it needs no Jira "
                "account."
            )
        ),
        actions(button(say("New poll"), WordsClick(typed="poll"), nth=0)),
    ]


def _waiting(pages: HomePageClick, page: Paged, waiting: Sequence[OpenPoll]) -> list[Block]:
    if not waiting:
        return [
            section(f"*{say('Waiting for you')}*"),
            context(say("Nothing, in the channels of which I know that you may look into them.")),
        ]
    drawn = [section(f"*{say('Waiting for you')}*")]
    for one in waiting:
        poll = one.kept.poll
        where = say("In {channel}.", channel=places([one.channel_id]))
        said = f"{titled(poll)}\n{' '.join(filter(None, (where, end(poll, now_open=True))))}"
        if poll.settings.names:
            drawn += [
                section(said),
                *map(partial(_of_poll, poll.title), answerable(one.card_id, poll)),
            ]
            continue
        how = say(
            "Anonymous: answer it on its card. It stays in this list until it closes, since who "
            "has answered is told to nobody, here neither."
        )
        drawn += [section(said), context(how)]
    return [*drawn, *_turns("waiting", say("Waiting for you"), pages, page)]


def _of_poll(title: str, block: Block) -> Block:
    """Return controls of a poll so that those of others on the page sound otherwise."""
    return {
        **block,
        **(
            {"elements": [_told_of(title, one) for one in block["elements"]]}
            if "elements" in block
            else {"accessory": _told_of(title, block["accessory"])}
        ),
    }


def _told_of(title: str, control: Block) -> Block:
    if control["type"] != "button":
        asked = told_apart(control["placeholder"]["text"], title)
        return {**control, "placeholder": plain_text(asked, PLACEHOLDER)}
    spoken = told_apart(control["text"]["text"], title)
    return {**control, "accessibility_label": plain(spoken, BUTTON_TEXT)}


def _my_polls(
    pages: HomePageClick, page: Paged, polls: Sequence[MyPoll], now: float
) -> list[Block]:
    if not polls:
        return []
    drawn = [section(f"*{say('Your polls')}*")]
    for one in polls:
        poll = one.kept.poll
        is_open = poll.is_open(now)
        state = end(poll, now_open=is_open) or (say("Open.") if is_open else say("Closed."))
        click = MoreClick(poll=poll.id, card=one.card_id or None)
        more = button(say("More"), click, spoken=told_apart(say("More"), poll.title))
        drawn.append(beside(f"{titled(poll)}\n{state}", more))
    return [*drawn, *_turns("polls", say("Your polls"), pages, page)]


def _my_votes(pages: HomePageClick, page: Paged, votes: MyVotes, *, several: bool) -> list[Block]:
    drawn = [section(f"*{say('Your votes in Jira')}*")]
    if votes.reading:
        return [*drawn, context(say("Jira is being asked …"))]
    for one in votes.issues:
        withdraw = WithdrawClick(site=one.site, issue=one.issue.key)
        spoken = told_apart(say("Withdraw"), one.issue.key)
        back = button(say("Withdraw"), withdraw, spoken=spoken)
        drawn.append(beside(_issue(one, several=several), back))
    if votes.silent:
        silent = say(
            ":warning: Jira does not tell your votes at the moment. None is lost; open this tab "
            "again in a minute."
        )
        drawn.append(context(silent))
    elif not votes.issues:
        drawn.append(context(say("None yet.")))
    drawn += _take_all_back(votes.issues, several=several)
    return [*drawn, *_turns("votes", say("Your votes in Jira"), pages, page)]


def _take_all_back(votes: Sequence[VotedOn], *, several: bool) -> list[Block]:
    """Return the way to take back all that are on this page, those of each site together."""
    of_site: dict[str, list[str]] = {}
    for one in votes:
        of_site.setdefault(one.site, []).append(one.issue.key)
    ways = [
        button(
            say("Withdraw all on {site}", site=host_of(site)) if several else say("Withdraw these"),
            WithdrawAllClick(site=site, issues=tuple(keys[:MOST_VOTES])),
            nth=nth,
            confirm=confirmation(
                say("Withdraw these votes?"),
                say(
                    "Jira takes back your votes on {issues}. You can vote again as long as the "
                    "issue is open.",
                    issues=", ".join(keys[:MOST_VOTES]),
                ),
                say("Withdraw"),
            ),
        )
        for nth, (site, keys) in enumerate(of_site.items())
        if len(keys) > 1
    ]
    return [actions(*ways)] if ways else []


def _issue(one: VotedOn, *, several: bool) -> str:
    issue = one.issue
    key = link(issue_url(one.site, issue.key), escape(issue.key))
    where = f" ({escape(host_of(one.site))})" if several else ""
    count = say_number(issue.votes, "{number} vote", "{number} votes")
    state = quoted(issue.status, 40)
    return f"{key}{where}: {quoted(issue.summary, 150)}\n{count}, {state}"


def _schedules(pages: HomePageClick, page: Paged, rows: Sequence[Row]) -> list[Block]:
    if not rows:
        return []
    drawn = [section(f"*{say('Your schedules')}*")]
    for row in rows:
        drawn += line_of(row)
    return [*drawn, *_turns("schedules", say("Your schedules"), pages, page)]


def _connections(stands: Sequence[Stand], now: float, *, several: bool) -> list[Block]:
    drawn = [section(f"*{say('Your Jira account')}*")]
    for stand in stands[:SOURCES]:
        where = escape(host_of(stand.site))
        if not stand.name:
            said = say("{site}: not connected.", site=where)
            drawn += [section(said), actions(connect_button(stand.site if several else ""))]
        elif stand.refused:
            said = say(
                ":warning: {site}: Jira does not take your account any more. Connect it again; "
                "what waits for it goes on then.",
                site=where,
            )
            drawn += [section(said), actions(connect_button(stand.site if several else ""))]
        else:
            drawn.append(section(_connected(where, stand, now)))
    return drawn


def _connected(where: str, stand: Stand, now: float) -> str:
    name, days = quoted(stand.name, 80), int(max(0.0, now - stand.connected_at) // _DAY)
    if days == 0:
        return say("{site}: connected as {name}, since today.", site=where, name=name)
    return say_number(
        days,
        "{site}: connected as {name}, {number} day ago.",
        "{site}: connected as {name}, {number} days ago.",
        site=where,
        name=name,
    )


def _of_admins(known: ForAdmins) -> list[Block]:
    lines = [
        say("{source}: polls live in Team Voice.", source=quoted(source, 60))
        if works
        else say(
            ":warning: {source}: Team Voice does not take the token that was entered.",
            source=quoted(source, 60),
        )
        for source, works in list(known.sources.items())[:SOURCES]
    ]
    if not lines:
        lines = [say("All polls live in pollbot.")]
    if known.refused:
        lines.append(
            say_number(
                known.refused,
                ":warning: Jira does not take the account of {number} person any more. They are "
                "told so and can connect again.",
                ":warning: Jira does not take the accounts of {number} people any more. They are "
                "told so and can connect again.",
            )
        )
    if known.away:
        lines.append(
            say_number(
                known.away,
                ":warning: {number} Jira site does not answer. Votes wait for it.",
                ":warning: {number} Jira sites do not answer. Votes wait for them.",
            )
        )
    return [
        section(f"*{say('For admins')}*"),
        section("\n".join(lines)),
        actions(button(say("Set up"), WordsClick(typed="setup"), nth=1)),
    ]


def _turns(part: str, whose: str, pages: HomePageClick, page: Paged) -> list[Block]:
    if page.last < 1:
        return []
    ways = [
        button(
            label, pages.model_copy(update={part: number}), nth=nth, spoken=told_apart(label, whose)
        )
        for nth, (label, number) in enumerate(
            ((say("Previous"), page.number - 1), (say("Next"), page.number + 1))
        )
        if 0 <= number <= page.last
    ]
    number = say(
        "Page {page} of {last}", page=numeral(page.number + 1), last=numeral(page.last + 1)
    )
    return [context(number), actions(*ways)]


def invite_form() -> Block:
    """Return the form that asks whom to invite."""
    element = {
        "type": "multi_users_select",
        "action_id": "value",
        "max_selected_items": MOST_INVITED,
    }
    hint = say("Each gets one direct message with a button that connects their Jira account.")
    return view(
        say("Invite a teammate"),
        [field(INVITED, say("Who"), element, hint=hint)],
        callback_id=INVITE_FORM,
        submit=say("Invite"),
        close=say("Cancel"),
    )


def invitation(by: str) -> Message:
    """Return what somebody is written whom a teammate invites."""
    return words(
        say(
            ":wave: {name} invites you to vote on Jira issues from Slack. Your votes are cast in "
            "your own name, so connect your Jira account first; it takes a minute.",
            name=person(by),
        ),
        connect_button(),
    )


def invited(sent: Sequence[str], left_out: Sequence[str]) -> Block:
    """Return what the form turns into."""
    said = []
    if sent:
        names = ", ".join(map(person, sent))
        said.append(say(":white_check_mark: They are written to: {people}.", people=names))
    if left_out:
        names = ", ".join(map(person, left_out))
        said.append(
            say(
                ":information_source: Nothing was sent to {people}: they are connected, were "
                "invited lately, are you yourself or an app, or Slack does not tell who they are.",
                people=names,
            )
        )
    return told_view(" ".join(said), title=say("Invite a teammate"))
