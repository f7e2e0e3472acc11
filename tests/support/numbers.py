"""What /metrics says, and a story after which it says something of everything."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from prometheus_client.parser import text_string_to_metric_families

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support import schedules
from tests.support.house import ADA, BEN, EMAILS, PLANNING, TOKENS, House, rest
from tests.support.polls import DAY, answer, close, form_poll, poll
from tests.support.team_voice import close_windows

Labels = Mapping[str, str]

# docs.slack.dev, "Rate limits"; developer.atlassian.com, "Rate limiting".
SLACK_IS_BUSY = {"ok": False, "error": "ratelimited"}
JIRA_IS_BUSY = {"Retry-After": "1", "RateLimit-Reason": "jira-burst-based"}


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer of /metrics: its text, and its numbers by name and labels."""

    text: str
    kinds: Mapping[str, str]
    series: Mapping[tuple[str, frozenset[tuple[str, str]]], float]

    def __call__(self, name: str, **labels: str) -> float:
        """Return the sum of the series of that name which have these labels."""
        wanted = set(labels.items())
        return sum(
            value for (one, said), value in self.series.items() if one == name and wanted <= said
        )

    @property
    def metrics(self) -> set[str]:
        """Return the name of each metric, as it stands in a page: a histogram by its own."""
        histograms = {name for name, kind in self.kinds.items() if kind == "histogram"}
        return histograms | {
            name for name, _ in self.series if _histogram_of(name) not in histograms
        }

    def labels(self, name: str) -> set[str]:
        """Return the names of the labels that series of that metric have."""
        found = {
            key for one, said in self.series if name in (one, _histogram_of(one)) for key, _ in said
        }
        return found - {"le"}


def _histogram_of(series: str) -> str:
    return re.sub(r"_(bucket|count|sum)$", "", series)


async def numbers(pollbot: Pollbot, accept: str = "") -> Seen:
    """Return what /metrics says now."""
    async with httpx.AsyncClient(timeout=10) as http:
        answer = await http.get(
            f"http://127.0.0.1:{pollbot.port}/metrics", headers={"Accept": accept}
        )
    assert answer.status_code == 200, answer.text
    return read(answer.text)


def read(text: str) -> Seen:
    families = list(text_string_to_metric_families(text))
    return Seen(
        text,
        {family.name: family.type for family in families},
        {
            (one.name, frozenset(one.labels.items())): one.value
            for family in families
            for one in family.samples
        },
    )


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts in the story, where, and about what."""

    first: str = ADA
    second: str = BEN
    channel: str = PLANNING
    issue: str = "PLAT-12"
    question: str = "Lunch?"


FIRST = Cast()


def another_cast(house: House, number: int) -> Cast:
    """Bring two people, a channel and an issue that were not there before."""
    users = [f"U{number}{who}" for who in ("EVE", "FIN")]
    for user in users:
        EMAILS[user], TOKENS[user] = f"{user.lower()}@example.com", f"{user.lower()}-token"
        house.slack.add_person(user, f"Person {user}")
        house.jira.add_person(f"acc-{user}", f"{user} of Jira", EMAILS[user], token=TOKENS[user])
    channel = house.slack.add_channel(f"C{number}MORE", f"more-{number}", app_is_member=True)
    house.jira.add_issue(f"MORE{number}-{number}", f"Wish {number}")
    return Cast(users[0], users[1], channel.id, f"MORE{number}-{number}", f"Snack {number}?")


async def story(house: House, cast: Cast = FIRST) -> None:
    """Have two people do what people do, while Slack and Jira refuse some of it."""
    first, second, channel = cast.first, cast.second, cast.channel
    for user in (first, second):
        await house.connect(user)
        await close_windows(house, user)
    await votes(house, cast)
    lunch = f'"{cast.question}" "Pizza" "Soup"'
    card = await poll(house, lunch, user=first, channel=channel)
    await answer(house, second, card, "Pizza")
    await schedules.schedule(house, card, user=first, channel=channel)
    await close_windows(house, first)
    on_issue = await poll(
        house, f'{cast.issue} "About {cast.issue}?" "Yes" "No"', user=first, channel=channel
    )
    await answer(house, first, on_issue, "Yes")
    await close(house, first, on_issue)
    await close_windows(house, first)
    title = f"By form: {cast.question}"
    await form_poll(
        house, user=first, channel=channel, title=title, ends_in=DAY, remind=3600.0, record=False
    )
    await close_windows(house, first)


async def votes(house: House, cast: Cast) -> Message:
    """Vote, and let Slack and Jira be busy, away, and of another opinion once each."""
    slack, jira = house.slack.faults, house.jira.faults
    jira.fail_next("POST votes", 429, "", JIRA_IS_BUSY)
    before = house.jira.votes(cast.issue)
    await house.slack.command(cast.first, cast.channel, "/vote", cast.issue)
    await house.votes(cast.issue, before + 1)
    await house.slack.command(cast.first, cast.channel, "/votes", cast.issue)
    card = await house.card(cast.issue, channel=cast.channel)
    slack.fail_next("chat.update", 429, SLACK_IS_BUSY, {"Retry-After": "1"})
    jira.fail_next("POST votes", 503)
    await house.slack.press(cast.second, card.id, "vote")
    await house.votes(cast.issue, before + 2)
    await house.slack.until(lambda: f"{before + 2}" in card.text, 15, what="the card's count")
    return card


async def at_rest(house: House, pollbot: Pollbot) -> Seen:
    """Return what /metrics says once pollbot has done all that is due."""
    await rest(house, pollbot)
    return await numbers(pollbot)
