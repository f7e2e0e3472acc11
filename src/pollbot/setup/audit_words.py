"""What an entry of the audit log says beside its deed, in words."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from pollbot.polls.defaults import blocks as defaults_blocks
from pollbot.polls.defaults.rules import USUAL, Defaults
from pollbot.polls.rules import Visibility
from pollbot.retention.rules import Retention
from pollbot.rights.rules import Places, Rights
from pollbot.setup.retention_blocks import days_in_words
from pollbot.setup.rights_blocks import MAKER_WORDS
from pollbot.slack.kit import escape, person
from pollbot.store.audit import Entry, Said, What
from pollbot.text.catalog import mark, numeral, say, say_marked

_LONGEST = 120
_SETTINGS = {
    "language": mark("The language of cards"),
    "answers need Jira": mark("Only people with a Jira account answer"),
    "work objects": mark("Previews as Work Objects"),
    "right makers": mark("Who makes polls"),
    "right group": mark("User group"),
    "right handle": mark("Name of the user group"),
    "right people": mark("People"),
    "right projects": mark("Jira projects"),
    "right places": mark("Where cards may be posted"),
    "right channels": mark("Channels"),
    "days of polls": mark("Closed polls, with their answers"),
    "days of audit": mark("Entries of the audit log"),
    "days of work": mark("Finished work"),
}
_DEFAULT, _RIGHT, _DAYS = "default ", "right ", "days of "
_KEEPS = {f"{_DEFAULT}{one.name}" for one in fields(Defaults)}
SETTINGS = {
    *_KEEPS,
    *(f"{_RIGHT}{one.name}" for one in fields(Rights)),
    *(f"{_DAYS}{one.name}" for one in fields(Retention)),
    *("language", "answers need Jira", "work objects"),
}
"""What may be set up, by the names under which it is kept."""
_PLACES = {
    str(Places.ALL): mark("all channels"),
    str(Places.ONLY): mark("some channels only"),
    str(Places.BUT): mark("all channels but some"),
}
_OUT_OF_THE_BOX = {
    "several": mark("one answer"),
    "changeable": mark("answers can be changed"),
    "names": mark("with names"),
    "comments": mark("no comments"),
    "percent_only": mark("numbers and percentages"),
    "stays_open": mark("closed at its end"),
    "visibility": mark("results always visible"),
    "lasts": mark("no end"),
    "remind_before": mark("no reminder"),
    "record": mark("no result on the issue"),
    "addable": mark("nobody adds options"),
    "closes_when_all": mark("open until it is closed"),
}
_FIELDS = {
    "by_hand": mark("by hand"),
    "entries": mark("entries"),
    "kind": mark("as"),
    "macro": mark("macro"),
    "on": mark("on"),
    "owners": mark("managers"),
    "polls": mark("polls"),
    "posts": mark("posts"),
    "shared": mark("shared"),
    "site": mark("on"),
    "source": mark("source"),
    "taken_from": mark("taken from"),
    "themselves": mark("by themselves"),
    "votes": mark("votes"),
    "work": mark("finished work"),
    "after": mark("now"),
    "issue": mark("issue"),
    "page": mark("page"),
}


_OF_CHANNELS = (What.CHANNEL_LINKED, What.CHANNEL_UNLINKED, What.PREVIEWS_CHANGED)


def about(entry: Entry) -> str:
    """Return what the deed was done to, and how, as markup."""
    if entry.what == What.SETUP_CHANGED and entry.about in SETTINGS:
        return _setting(entry)
    named = [place(entry.about) if entry.what in _OF_CHANNELS else code(entry.about)]
    return " · ".join(filter(None, (*(named if entry.about else ()), *_said(entry))))


def _setting(entry: Entry) -> str:
    """Return what was set up, and from what to what."""
    name = entry.about
    now_is = _value(name, entry.fields.get("after"))
    title = say("Defaults of polls") if name in _KEEPS else say_marked(_SETTINGS[name])
    if "before" not in entry.fields or (entry.fields["before"] is None and name == "language"):
        return say("*{setting}*: {after}", setting=title, after=now_is)
    before = _value(name, entry.fields["before"])
    return say("*{setting}*: {before} → {after}", setting=title, before=before, after=now_is)


def _value(name: str, value: Said) -> str:
    match name:
        case "right makers" if str(value) in MAKER_WORDS:
            return say_marked(MAKER_WORDS[str(value)])
        case "right places" if str(value) in _PLACES:
            return say_marked(_PLACES[str(value)])
        case "right projects" if not value:
            return say("all")
        case _ if name.startswith(_DAYS) and (value is None or type(value) is int):
            return days_in_words(value)
        case _ if name in _KEEPS:
            return _default(name.removeprefix(_DEFAULT), value)
        case _:
            return _plain(value)


def _default(name: str, value: Said) -> str:
    """Return a default of polls; what is as out of the box has words here."""
    read: Any = value
    if name == "visibility":
        if value not in list(Visibility):
            return _plain(value)
        read = Visibility(str(value))
    return defaults_blocks.in_words(replace(USUAL, **{name: read}), [name]) or say_marked(
        _OUT_OF_THE_BOX[name]
    )


def _said(entry: Entry) -> Iterator[str]:
    for name, value in entry.fields.items():
        label = say_marked(_FIELDS[name]) if name in _FIELDS else escape(name)
        match name, value:
            case _, None | "":
                continue
            case "channel", _:
                yield place(str(value))
            case "owner", _:
                yield person(str(value))
            case "named", _:
                yield say("with names") if value else say("anonymous")
            case "taken_from", _:
                yield f"{label} {person(str(value))}"
            case "by_hand" | "shared" | "themselves", True:
                yield label
            case _:
                yield f"{label} {_plain(value)}"


def _plain(value: Said) -> str:
    if value is None or value == "":
        return say("none")
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, int | float):
        return numeral(int(value))
    return code(str(value))


def place(channel_id: str) -> str:
    """Return a channel as markup."""
    return f"<#{channel_id}>" if channel_id.isalnum() else code(channel_id)


def code(text: str) -> str:
    """Return what people did not write, as it is kept."""
    return f"`{escape(text.replace('`', chr(39)))[:_LONGEST]}`"
