"""Why Slack takes no message for a channel, and what helps. Source: docs.slack.dev, the errors of
chat.postMessage."""

from pollbot.slack.kit import is_direct
from pollbot.text.catalog import mark, say, say_marked

_INVITE = mark("Invite it there with `/invite @pollbot`, or choose another channel.")
_ELSEWHERE = mark("Choose another channel.")
_INSTALLER = mark(
    "Whoever runs pollbot has to install it anew, or to change what your Slack allows."
)
_NO_DIRECT = (mark("nobody there takes messages from it"), _ELSEWHERE)
_NO_THREAD = (
    mark("the message under which this was to hang is not there any more"),
    mark("Choose another message, or the channel itself."),
)
_LACKS = (mark("its installation lacks a permission"), _INSTALLER)
_RESTRICTED = (
    mark("an admin of your Slack has limited who may post there"),
    mark("Ask them to let pollbot, or choose another channel."),
)
_KNOWN: dict[str, tuple[str, str]] = {
    "channel_not_found": (mark("it is not in that channel, or the channel is gone"), _INVITE),
    "not_in_channel": (mark("it is not in that channel"), _INVITE),
    "is_archived": (mark("that channel is archived"), _ELSEWHERE),
    "messages_tab_disabled": _NO_DIRECT,
    "user_not_in_channel": _NO_DIRECT,
    "cannot_dm_bot": _NO_DIRECT,
    "user_disabled": _NO_DIRECT,
    "thread_not_found": _NO_THREAD,
    "message_not_found": _NO_THREAD,
    "external_channel_migrating": (
        mark("Slack is just moving that channel"),
        mark("Try again later, or choose another channel."),
    ),
    "no_permission": _LACKS,
    "access_denied": _LACKS,
    "missing_scope": _LACKS,
}


def helps_invite(code: str) -> bool:
    """Return whether pollbot may write there once it is invited, as far as that is known."""
    return not code or _KNOWN.get(code, ("", ""))[1] == _INVITE


def why_closed(code: str) -> str:
    """Return as sentences why Slack refused to post with that error code, and what helps."""
    if code.startswith("restricted_action"):
        why, then = _RESTRICTED
    elif code in _KNOWN:
        why, then = _KNOWN[code]
    else:
        return say(
            "Slack gave a reason that pollbot does not know ({code}). Another channel may help; "
            "whoever runs pollbot finds more in its log.",
            code=code,
        )
    return say(
        "Slack does not let pollbot write there ({code}): {why}. {then}",
        code=code,
        why=say_marked(why),
        then=say_marked(then),
    )


def outside(channel_id: str) -> str:
    """Return that pollbot is no member of a channel, as the beginning of a sentence."""
    if is_direct(channel_id):
        return say("pollbot is no member of your direct message")
    return say("pollbot is no member of {channel}", channel=f"<#{channel_id}>")


def way_in(channel_id: str) -> str:
    """Return what would make all work in a channel that pollbot is no member of."""
    if is_direct(channel_id):
        return say("Slack lets no app into a direct message; in a channel all of that works.")
    return say("Invite it there with `/invite @pollbot`, and all of that works.")
