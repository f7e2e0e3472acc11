"""Links in what people write, and the event by which Slack tells an app of them.

Source: docs.slack.dev, "Unfurling links in messages" and the event link_shared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

_LINK = re.compile(r"<(https?://[^>|\s]+)(?:\|[^>]*)?>|(https?://[^\s<>|]+)")


def links_in(text: str) -> list[str]:
    """Return the addresses in a message, each once."""
    return list(dict.fromkeys(one or other for one, other in _LINK.findall(text)))


def link_shared(
    channel: str, ts: str, unfurl_id: str, links: Iterable[str], domains: Iterable[str]
) -> dict[str, Any] | None:
    """Return the event for those links whose host lies in one of the app's domains."""
    told = [
        {"domain": domain, "url": url}
        for url in links
        for domain in domains
        if _host(url) == domain or _host(url).endswith(f".{domain}")
    ]
    if not told:
        return None
    return {
        "type": "link_shared",
        "channel": channel,
        "is_bot_user_member": True,
        "message_ts": ts,
        "unfurl_id": unfurl_id,
        "source": "conversations_history",
        "links": told,
    }


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()
