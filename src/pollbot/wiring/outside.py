"""What is not pollbot, as pollbot reaches it; and how words get to people."""

from collections.abc import Sequence
from functools import partial
from urllib.parse import urlsplit

import httpx

from pollbot.accounts.grants import Grants
from pollbot.accounts.prompts import Prompts
from pollbot.forgetting.sentences import sentence
from pollbot.installs.tokens import BotTokens
from pollbot.jira.atlassian import Atlassian
from pollbot.jira.client import Jira
from pollbot.jira.heard import Issues
from pollbot.jira.pace import JiraPace
from pollbot.jira.sites import Sites
from pollbot.polls.sources.team_voice.client import Endpoint, TeamVoice
from pollbot.polls.sources.team_voice.source import TeamVoiceSource
from pollbot.settings import Settings
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.channels import Channels
from pollbot.slack.client import Slack
from pollbot.slack.courier import Courier
from pollbot.slack.languages import Languages
from pollbot.slack.members import Members
from pollbot.slack.oauth import App
from pollbot.slack.outbox import Outbox
from pollbot.slack.posting import Posting
from pollbot.slack.speaker import Speaker
from pollbot.slack.turns import Turns
from pollbot.slack.users import People
from pollbot.text.catalog import Catalogs, Language
from pollbot.web.addresses import EVERYWHERE, Guard
from pollbot.web.reach import Reach
from pollbot.web.watched import Watch, both, unwatched
from pollbot.wiring.ground import Ground

JIRA_AT = "Jira at "
"""How ``Reach`` names a site of Jira's: this, and its host."""


class Outside:
    """Slack, Jira and the sources of polls, and what their limits and languages ask for.

    ``spoken`` are languages beside those of the catalogs, or in their place. ``app``, ``tokens``
    and ``atlassian`` are None where the settings name none.
    """

    def __init__(self, settings: Settings, ground: Ground, spoken: Sequence[Language]) -> None:
        store, clock, chance = ground.store, ground.clock, ground.chance
        calls_to = ground.metrics.calls_to
        self.slack = Slack(ground.web_client)
        self.slack.watch = both(calls_to("slack"), ground.reach.to("Slack"))
        self.app = _app(settings)
        self.tokens: BotTokens | None = None
        if self.app is not None:
            own = settings.own_token or ""
            self.tokens = BotTokens(
                store.installations, self.slack, self.app, own, settings.workspaces, clock
            )
            self.slack.token_of, self.slack.refused = self.tokens.of, self.tokens.refused
        self.atlassian = _atlassian(settings, ground.http)
        grants = None if self.atlassian is None else Grants(store.grants, self.atlassian, clock)

        def client_of(site: str) -> Jira:
            jira = Jira(ground.http, site, settings.atlassian_api_url)
            jira.watch = both(calls_to("jira"), ground.reach.to(JIRA_AT + urlsplit(site).netloc))
            issues = Issues(store.issues, store.vote_counts, jira, clock)
            jira.hear, jira.count = issues.hear, issues.count
            if grants is not None:
                jira.header = grants.header
            return jira

        self.sites = Sites({site.url: site.projects for site in settings.jira_sites}, client_of)
        self.posting = Posting(self.slack, clock)
        self.courier = Courier(self.slack, self.posting, store.polls.keeps_names, clock)
        self.turns = Turns()
        self.speaker = Speaker(self.turns, clock, chance)
        self.afterwards = Afterwards(
            self.courier, self.speaker, chance, sentence, shared=store.lead.shared
        )
        self.people = People(
            self.slack, settings.admins, clock, None if self.tokens is None else self.tokens.is_own
        )
        self.languages = Languages(Catalogs(*spoken), store.languages, self.people, clock)
        guard = EVERYWHERE if settings.allow_private_addresses else Guard()
        voice = TeamVoice(ground.http, guard)
        voice.watch = calls_to("team voice")
        voice.watch_source = partial(_reach_of_source, ground.reach)
        self.team_voice = TeamVoiceSource(
            store.accounts,
            store.sources,
            self.sites,
            voice,
            _team_voice(settings),
            clock,
        )
        self.members = Members(self.slack, clock)
        self.channels = Channels(self.slack, self.people, clock)
        self.prompts = Prompts(self.slack, clock)
        self.outbox = Outbox(store.outbox, self.posting, clock)
        self.pace = JiraPace()


def _app(settings: Settings) -> App | None:
    """Return the app by which other workspaces install pollbot; None where there is but one."""
    id_, secret, public_url = (
        settings.slack_client_id,
        settings.slack_client_secret,
        settings.public_url,
    )
    if id_ is None or secret is None or public_url is None:
        return None
    return App(id_, secret.get_secret_value(), f"{public_url}/slack/oauth_redirect")


def _atlassian(settings: Settings, http: httpx.AsyncClient) -> Atlassian | None:
    """Return the app by which people sign in; None where they connect by API token only."""
    id_, secret, public_url = (
        settings.jira_client_id,
        settings.jira_client_secret,
        settings.public_url,
    )
    if id_ is None or secret is None or public_url is None:
        return None
    return Atlassian(
        http,
        settings.atlassian_auth_url,
        settings.atlassian_api_url,
        (id_, secret.get_secret_value()),
        f"{public_url}/jira/callback",
    )


def _reach_of_source(reach: Reach, source_id: str) -> Watch:
    # What an admin only tries out is told to them, and is none that anybody relies on.
    return reach.to(f"Team Voice, source {source_id}") if source_id else unwatched


def _team_voice(settings: Settings) -> Endpoint | None:
    url, token = settings.team_voice_url, settings.team_voice_token
    return Endpoint(url, token.get_secret_value()) if url and token else None
