"""The words of commands, once: help, hints and what is offered elsewhere come from here.

The hints of manifest.yml, the table in docs/using.md and the sandbox's list are checked against it
(tests/test_words.py); a word of /pollbot without a line here cannot be answered.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pollbot.text.catalog import mark, say_marked

Section = Literal["votes", "polls", "by itself", "account"]
SECTIONS: Mapping[Section, str] = {
    "votes": mark("Vote on Jira issues, as yourself"),
    "polls": mark("Polls"),
    "by itself": mark("By itself"),
    "account": mark("Your account and this channel"),
}
_AFTER: Mapping[Section, str] = {
    "votes": mark(
        "An issue is a key in any case (`plat-12`), a link to it, or nothing: then the issue that "
        "the channel is linked to. Without typing: paste a link to an issue, which gets a preview "
        "to vote on where the channel may see it; or use pollbot’s entries in a message’s menu."
    ),
}


@dataclass(frozen=True, slots=True)
class Word:
    """A command, or a word after /pollbot.

    ``takes`` is its usage hint in Slack: what may follow it. ``helps`` are its lines in the help,
    with an example each, in markup, said when drawn; a word without lines stands in those of
    another. ``who`` may use it. ``what`` is what Slack shows beside a command, to everybody alike.
    """

    name: str
    takes: str
    section: Section
    helps: tuple[str, ...]
    who: Literal["everybody", "admins"] = "everybody"
    what: str = ""

    @property
    def hint(self) -> str:
        """How it is used: its name and what may follow."""
        return f"{self.name} {self.takes}".strip()


COMMANDS: tuple[Word, ...] = (
    Word(
        "/vote",
        "[issue]",
        "votes",
        (mark("`/vote PLAT-12` – cast your vote; the receipt has a way back"),),
        what="Vote on a Jira issue, as yourself",
    ),
    Word(
        "/unvote",
        "[issue]",
        "votes",
        (mark("`/unvote PLAT-12` – withdraw it"),),
        what="Withdraw your vote from a Jira issue",
    ),
    Word(
        "/votes",
        "[issue]",
        "votes",
        (
            mark(
                "`/votes PLAT-12` – post the issue’s card, with *Vote* and *Withdraw* for everybody"
            ),
            mark(
                "`/votes project = PLAT as What next?` – a list of all that this JQL finds, each "
                "with both, under that name"
            ),
            mark(
                "`/votes top PLAT` – the top voted issues of a project, or of any JQL, as a table "
                "to look at (`top bars` or `top chart`: another look); `/votes top` – a form"
            ),
        ),
        what="Post an issue's card, with its votes and buttons",
    ),
    Word(
        "/poll",
        '[issue] "Question" "A" "B" … | list | results | template',
        "polls",
        (
            mark("`/poll` – a form; `/poll PLAT-12` or a page’s link puts the poll on that"),
            mark(
                '`/poll "Lunch?" "Pizza" "Soup"` – create and post at once; before the question '
                "any of `multi` `anonymous` `final` `comments` `percent` `hidden` `aftervote` "
                "`until fri 17:00` (or `18:00`, `2h`, `30 Nov`), `local` (kept in pollbot) and "
                "`here` (on no issue or page, though the channel is linked to one)"
            ),
            mark(
                "before it, too: `max 3` and `min 2` options in an answer, `places 5` for each "
                "option, `addable` (people may add options), `for @devs` or `for members` (only "
                "they may answer) and `autoclose` (once all have answered)"
            ),
            mark(
                "where your workspace has other defaults for polls (`/pollbot setup`), these say "
                "otherwise: `single` `named` `changeable` `nocomments` `numbers` `visible` `noend` "
                "`noreminder` `norecord` `fixed` `noautoclose`"
            ),
            mark("`/poll yesno` (or `score`, `stars`, `emoji`, `hearts`) – a ready-made one"),
            mark(
                "`/poll template Retro` – the form, with a template of your own or a shared one: "
                "*Save as template* keeps one; `/poll templates` lists them"
            ),
            mark(
                "`/poll list` or `/poll results` – the polls there, each to post, look at or "
                "schedule; `/poll list here` those on no issue"
            ),
            mark(
                "`/poll list lunch` – finds polls by their words, in all channels that you may "
                "look into; any of `open` `closed` `mine` `30d` (or `2w`, `6m`, `1y`) says which, "
                "and an issue or `here` where: `/poll list closed 30d lunch`"
            ),
        ),
        what="Create a poll, or list and show those of an issue",
    ),
)
WORDS: tuple[Word, ...] = (
    Word(
        "connect",
        "",
        "account",
        (
            mark(
                "`/pollbot connect` – connect your Jira account; `/pollbot disconnect` forgets it, "
                "of several sites with the host after it on that one only"
            ),
        ),
    ),
    Word("disconnect", "", "account", ()),
    Word(
        "link",
        "[issue or page]",
        "account",
        (
            mark(
                "`/pollbot link PLAT-12` – link this channel to an issue, or to a Confluence page "
                "by its link; `/pollbot link` says to which, `/pollbot unlink` undoes it"
            ),
        ),
    ),
    Word("unlink", "", "account", ()),
    Word(
        "previews",
        "",
        "account",
        (mark("`/pollbot previews` – what links to Jira issues show in this channel"),),
    ),
    Word(
        "shipped",
        "",
        "account",
        (
            mark(
                "`/pollbot shipped` – when an issue is resolved that you voted for here, I tell "
                "you once; mute that, or hear it again"
            ),
        ),
    ),
    Word(
        "reminders",
        "[on/off]",
        "account",
        (
            mark(
                "`/pollbot reminders` – whether polls remind you before they close; "
                "`/pollbot reminders off` mutes them all, `/pollbot reminders on` is the way back"
            ),
        ),
    ),
    Word(
        "schedules",
        "",
        "by itself",
        (
            mark(
                "*Schedule results* on any card posts them once, daily, on weekdays, weekly or "
                "monthly"
            ),
            mark(
                "`/pollbot schedules` – what is posted in this channel; yours to pause, resume, "
                "run now, edit and delete; and begin one for the top voted issues of a project, or "
                "a ballot"
            ),
        ),
    ),
    Word(
        "tell",
        "[votes] [issue]",
        "by itself",
        (
            mark(
                "`/pollbot tell 15 PLAT-12` – tell a channel, or me, once that issue has 15 votes; "
                "so for a project or JQL; its form first shows what it would have told"
            ),
        ),
    ),
    Word(
        "thresholds",
        "",
        "by itself",
        (
            mark(
                "`/pollbot thresholds` – at which numbers of votes this channel is told; yours to "
                "pause, resume, edit and delete"
            ),
        ),
    ),
    Word(
        "setup",
        "",
        "account",
        (
            mark(
                "`/pollbot setup` – admins: where polls live, who makes polls and who may answer, "
                "which projects and channels are allowed, with which defaults polls begin, and in "
                "which language cards are"
            ),
        ),
        who="admins",
    ),
    Word(
        "forget",
        "me",
        "account",
        (
            mark(
                "`/pollbot forget me` – what pollbot keeps of you, and a button that has it "
                "forgotten; with a user id, of who has left, for those who run this workspace"
            ),
        ),
    ),
    Word(
        "macro",
        "[page] [id]",
        "account",
        (
            mark(
                "`/pollbot macro [page] [id]` – once per Confluence page whose polls live in Team "
                "Voice: the id of its macro there"
            ),
        ),
    ),
    Word(
        "vote",
        "[issue]",
        "account",
        (
            mark(
                "`/pollbot vote PLAT-12` (so `unvote`, `votes` and `poll`) – the same, where "
                "another app has that command"
            ),
            mark(
                "`@pollbot vote PLAT-12` in a thread, or `vote PLAT-12` in a direct message to "
                "pollbot – all words work there, too, where Slack takes no commands"
            ),
        ),
    ),
    Word("unvote", "[issue]", "account", ()),
    Word("votes", "[issue]", "account", ()),
    Word("poll", '[issue] "Question" "A" "B" …', "account", ()),
    Word(
        "help",
        "",
        "account",
        (mark("`/pollbot help` – this text; `help` after any command shows it, too"),),
    ),
)
"""What may follow /pollbot; the four commands too, where another app has their names."""

POLLBOT = "/pollbot"
DESCRIPTION = "Your Jira account, this channel's issue, help"


_PREFIX = re.compile(r"[a-z0-9_-]{0,20}", re.ASCII)


def is_prefix(prefix: str) -> bool:
    """Return whether this may stand before the names of commands, where others own those names.

    Together with /vote, "un" is the name of another command. Slack takes 32 characters.
    """
    return _PREFIX.fullmatch(prefix) is not None and not prefix.endswith("un")


def prefixed(name: str, prefix: str) -> str:
    """Return the name of a command with something before it: /vote is /jira-vote then."""
    return f"/{prefix}{name.removeprefix('/')}"


def installed_as(name: str) -> re.Pattern[str]:
    """Return what matches a command under its own name, and with any prefix before it."""
    others = [one.name[1:] for one in COMMANDS if one.name != name and one.name.endswith(name[1:])]
    besides = "".join(rf"(?<!{re.escape(other)})" for other in others)
    return re.compile(rf"\A/[a-z0-9_-]{{0,20}}{re.escape(name[1:])}{besides}\Z", re.ASCII)


_HEARD = "command "


def heard_as(name: str) -> str:
    """Return under which name it is kept that Slack brought this command."""
    return _HEARD + name


def heard_in(kept: Iterable[str]) -> list[str]:
    """Return the names of the commands among what is kept."""
    return [name.removeprefix(_HEARD) for name in kept if name.startswith(_HEARD)]


def own_name(command: str) -> str | None:
    """Return the command of pollbot's that is installed under this name; None for none."""
    names = [*(word.name for word in COMMANDS), POLLBOT]
    return next((name for name in names if installed_as(name).match(command)), None)


def hints(commands: Iterable[Word] = COMMANDS, words: Iterable[Word] = WORDS) -> dict[str, str]:
    """Return the usage hint of each command, as the manifest has it.

    That of /pollbot leaves out what is a command of its own.
    """
    own = {command.name for command in commands}
    ways = [word.hint for word in words if f"/{word.name}" not in own]
    return {command.name: command.takes for command in commands} | {POLLBOT: " | ".join(ways)}


def in_help(commands: Iterable[Word] = COMMANDS, words: Iterable[Word] = WORDS) -> str:
    """Return the lines of the help in markup, by section."""
    everything = [*commands, *words]
    parts = []
    for section, title in SECTIONS.items():
        lines = [line for one in everything if one.section == section for line in one.helps]
        after = [say_marked(_AFTER[section])] if section in _AFTER else []
        parts += [f"*{say_marked(title)}*", *(f"• {say_marked(line)}" for line in lines), *after]
    return "\n".join(parts)
