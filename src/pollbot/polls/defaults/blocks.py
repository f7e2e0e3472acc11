"""A workspace's defaults for polls in words: in its set-up, in the form, after a command."""

from collections.abc import Collection, Iterator

from pollbot.polls.defaults.rules import LASTS, USUAL, Defaults, changes
from pollbot.polls.rules import Draft, Visibility
from pollbot.polls.typed_words import opposites
from pollbot.slack.kit import Message, fit, words
from pollbot.text.catalog import mark, say, say_marked

_LASTS = (
    mark("1 hour after it is posted"),
    mark("4 hours after it is posted"),
    mark("1 day after it is posted"),
    mark("2 days after it is posted"),
    mark("3 days after it is posted"),
    mark("1 week after it is posted"),
    mark("2 weeks after it is posted"),
)
_REMIND = {
    3600.0: mark("a reminder 1 hour before its end"),
    4 * 3600.0: mark("a reminder 4 hours before its end"),
    86400.0: mark("a reminder 1 day before its end"),
    2 * 86400.0: mark("a reminder 2 days before its end"),
}
_SHOWN = {
    Visibility.ALWAYS: mark("results always visible"),
    Visibility.AFTER_VOTE: mark("results for each person once they have answered"),
    Visibility.AFTER_CLOSE: mark("results when it is closed"),
}


def lengths() -> dict[float, str]:
    """Return in words how long a poll may last, by seconds."""
    return {lasts: say_marked(label) for lasts, label in zip(LASTS, _LASTS, strict=True)}


def in_words(defaults: Defaults, names: Collection[str] | None = None) -> str:
    """Return what a workspace has otherwise than pollbot; ``names``: only that of it."""
    own = changes(USUAL, defaults).keys()
    return ", ".join(_named(defaults, own if names is None else own & set(names)))


def with_defaults(draft: Draft, usual: Defaults, used: Collection[str]) -> Message:
    """Return what is said of a poll that does something by itself, as is usual in a workspace."""
    otherwise = ", ".join(f"`{word}`" for word in opposites(used))
    return words(
        say(
            ":gear: *{title}* has your workspace’s defaults: {defaults}. For another poll, before "
            "its question, these words say otherwise: {otherwise}.",
            title=fit(draft.title, 150, 400),
            defaults=in_words(usual, used),
            otherwise=otherwise,
        )
    )


def stays_by_default(draft: Draft) -> Message:
    """Return what is said of a poll that is kept here, as its source cannot hide its results."""
    return words(
        say(
            ":gear: Your workspace does not show results to everybody at once, and Team Voice "
            "cannot hide them: so *{title}* is kept in pollbot, and answered in Slack only. With "
            "`visible` before the question a poll is made in Team Voice, with results for "
            "everybody.",
            title=fit(draft.title, 150, 400),
        )
    )


def _named(defaults: Defaults, names: Collection[str]) -> Iterator[str]:
    if "several" in names:
        yield say("several answers")
    if "changeable" in names:
        yield say("final answers")
    if "names" in names:
        yield say("anonymous")
    if "comments" in names:
        yield say("comments")
    if "percent_only" in names:
        yield say("percentages only")
    if "visibility" in names:
        yield say_marked(_SHOWN[defaults.visibility])
    if "lasts" in names and (when := lengths().get(defaults.lasts or 0.0)):
        yield say("an end {when}", when=when)
    if "stays_open" in names:
        yield say("open after its end")
    if "remind_before" in names and defaults.remind_before in _REMIND:
        yield say_marked(_REMIND[defaults.remind_before])
    if "record" in names:
        yield say("its result on the issue")
    if "addable" in names:
        yield say("people may add options")
    if "closes_when_all" in names:
        yield say("closed once all have answered")
