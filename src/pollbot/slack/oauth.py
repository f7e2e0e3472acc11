"""The app as Slack knows it where people install it.

Source: docs.slack.dev, "Installing with OAuth".
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin


@dataclass(frozen=True, slots=True)
class App:
    """The app's client id and secret, and where a browser comes back to from Slack."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str = ""


def consent_url(
    api_url: str, app: App, scopes: Iterable[str], optional: Iterable[str], state: str
) -> str:
    """Return where somebody installs the app.

    GovSlack has its page beside its own API. Source: docs.slack.dev, "GovSlack".
    """
    asked = {
        "client_id": app.client_id,
        "scope": ",".join([*scopes, *optional]),
        "redirect_uri": app.redirect_uri,
        "state": state,
    }
    return f"{urljoin(api_url, '../oauth/v2/authorize')}?{urlencode(asked)}"


def opened_at(api_url: str, app_id: str, team_id: str = "") -> str:
    """Return where the app is opened in Slack. Source: docs.slack.dev, "Deep linking"."""
    there = {"app": app_id} | ({"team": team_id} if team_id else {})
    return f"{urljoin(api_url, '../app_redirect')}?{urlencode(there)}"
