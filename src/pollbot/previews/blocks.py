"""What is said of previews, and with what they are chosen."""

from pollbot.previews.rules import CHOICES, Shown
from pollbot.slack.clicks import PreviewsClick
from pollbot.slack.kit import Message, button, context, words
from pollbot.text.catalog import mark, say, say_marked

_NOW = {
    "off": mark(
        ":information_source: Links to Jira issues get no preview in this channel. Cards that "
        "people ask for with `/votes` are there all the same."
    ),
    "public": mark(
        ":information_source: A link to a Jira issue gets a preview with *Vote* in this channel, "
        "if Jira shows the issue to everybody. Most sites show nothing to everybody: then no link "
        "gets one, unless an admin lets the channel show what the poster may see."
    ),
    "poster": mark(
        ":information_source: A link to a Jira issue gets a preview with *Vote* in this channel, "
        "if whoever posts the link may see the issue in Jira. So everybody in the channel sees "
        "what they see of it."
    ),
}
_CHOOSE = {
    "off": mark("No previews here"),
    "public": mark("Only what everybody may see"),
    "poster": mark("What the poster may see"),
}


def switched_off() -> Message:
    """Return what takes the place of a preview in a channel that wants none any more."""
    return _instead(say("Previews are switched off in this channel."))


def not_shown_any_more() -> Message:
    """Return what takes the place of a preview that the channel may not see any more."""
    return _instead(say("Jira does not show this issue to everybody here any more."))


def _instead(said: str) -> Message:
    return Message(said, [context(said)])


def previews(shown: Shown) -> Message:
    """Return what the channel shows, and the other choices."""
    return words(
        say_marked(_NOW[shown]),
        *(
            button(say_marked(_CHOOSE[one]), PreviewsClick(shown=one), nth=place)
            for place, one in enumerate(CHOICES)
            if one != shown
        ),
    )
