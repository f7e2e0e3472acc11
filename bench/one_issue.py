"""500 people vote on one issue: how near pollbot comes to the shortest time that Jira allows.

Jira takes 20 writes of one issue in 2 s and 100 in 30 s (developer.atlassian.com, "Rate limiting").
"""

import asyncio
import time
from dataclasses import dataclass

import httpx

from bench.crowd import NotAcknowledged, Template, press_within
from bench.programs import Program
from bench.world import ONE_ISSUE, VOTERS

SHORTEST = (len(VOTERS) - 1) // 100 * 30.0 + (len(VOTERS) - 1) % 100 // 20 * 2.0
"""Seconds from the first to the last of so many writes, if each comes as soon as it may."""
_WITHIN = 1.0
_LONGEST = 2 * SHORTEST


@dataclass(frozen=True, slots=True)
class OneIssue:
    """What Jira saw of them: seconds from the first to the last vote, and its answers."""

    seconds: float
    too_many: int
    writes: int
    reads: int

    @property
    def ratio(self) -> float:
        return self.seconds / SHORTEST


def votes_on_one_issue(program: Program, base_url: str, secret: str) -> OneIssue:
    """Let all of them connect, and then vote within a second; wait until Jira has every vote.

    Raises NotAcknowledged if that takes more than twice as long as it has to.
    """
    events = {"events_url": f"http://127.0.0.1:{program.port}/slack/events"}
    answer = httpx.post(f"{base_url}/bench/voters", json=events, timeout=300)
    answer.raise_for_status()
    click = Template.of(answer.json()["source"], answer.json()["body"])
    began = time.time()
    asyncio.run(press_within(_WITHIN, [program.port], [click], secret, VOTERS))
    while True:
        seen = httpx.get(f"{base_url}/bench/votes", params={"since": began}, timeout=30).json()
        if len(seen["taken_at"]) >= len(VOTERS):
            break
        if time.time() - began > _LONGEST:
            raise NotAcknowledged(
                f"Jira had {len(seen['taken_at'])} of {len(VOTERS)} votes on {ONE_ISSUE} after "
                f"{_LONGEST:.0f} s"
            )
        time.sleep(1.0)
    return OneIssue(
        max(seen["taken_at"]) - min(seen["taken_at"]),
        seen["too_many"],
        seen["writes"],
        seen["reads"],
    )
