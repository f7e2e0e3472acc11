"""What is said of previews, and with what they are chosen."""

from collections.abc import Sequence

from pollbot.previews.rules import CHOICES, Shown, WorkObjects
from pollbot.slack.clicks import PreviewsClick, WorkObjectsClick
from pollbot.slack.kit import Message, button, context, escape, words
from pollbot.text.catalog import all_of, mark, say, say_marked

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


def previews(shown: Shown, objects: WorkObjects, lacking: Sequence[str] = ()) -> Message:
    """Return what the channel shows and how, and the other choices.

    Without the ``lacking`` scopes it shows nothing.
    """
    said = [say_marked(_NOW[shown]), _objects(objects)]
    if lacking:
        said.append(
            say(
                ":warning: But as yet no link gets one: pollbot was installed in Slack without "
                "{scopes}. Whoever runs pollbot can add that; `pollbot doctor` says how.",
                scopes=all_of([f"`{scope}`" for scope in lacking]),
            )
        )
    return words(
        "\n".join(said),
        *(
            button(say_marked(_CHOOSE[one]), PreviewsClick(shown=one), nth=place)
            for place, one in enumerate(CHOICES)
            if one != shown
        ),
        button(
            say("As plain previews") if objects.is_on else say("As Work Objects"),
            WorkObjectsClick(on=not objects.is_on),
        ),
    )


def work_objects(objects: WorkObjects) -> Message:
    """Return how previews in this workspace are shown from now on."""
    return words(f":information_source: {_objects(objects)}")


def _objects(objects: WorkObjects) -> str:
    if not objects.is_on:
        return say(
            "Admins can have previews in this workspace as Work Objects, which open a pane that "
            "shows you your own vote. Somebody has to switch on *Work Object Previews* with the "
            "type Task in the app's settings at Slack first."
        )
    if objects.refused is not None:
        return say(
            "Previews in this workspace are to be Work Objects, but Slack took none ({code}), so "
            "they are shown without. Switch on *Work Object Previews* with the type Task in the "
            "app's settings at Slack; pollbot tries it again once a day.",
            code=escape(objects.refused),
        )
    return say(
        "Previews in this workspace are Work Objects: open one, and a pane shows you your own vote."
    )
