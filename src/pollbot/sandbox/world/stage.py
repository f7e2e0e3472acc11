"""The stand-ins, filled, and what is known of them all."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from pollbot.sandbox.clock import Clock
from pollbot.sandbox.jira import JiraStandIn
from pollbot.sandbox.slack import SlackStandIn
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.sandbox.world.log import LOG_LINES, LogLine, named
from pollbot.sandbox.world.seed import (
    BEN,
    KILLED,
    LATER,
    PLANNING,
    WELCOME,
    fill_confluence,
    fill_jira,
    fill_slack,
    fill_team_voice,
)
from pollbot.sandbox.world.watchers import Watchers

if TYPE_CHECKING:
    from pollbot.sandbox.world.replicas import Replicas  # and with it what not everybody has


class Stage:
    """Slack, Jira and Team Voice with people in them, and one clock for all.

    ``deliveries`` are the log lines of what Slack brought to pollbot; ``next_due`` tells when
    pollbot has something to do by itself.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.slack = SlackStandIn(now=self.clock)
        self.jira = JiraStandIn(now=self.clock)
        self.team_voice = TeamVoiceStandIn(now=self.clock)
        self.next_due: Callable[[], float | None] = lambda: None
        self.watchers = Watchers()
        self.replicas: Replicas | None = None
        self.address = ""
        self.deliveries: deque[LogLine] = deque(maxlen=LOG_LINES)
        self.log_from = 0.0
        fill_slack(self.slack)
        fill_jira(self.jira)
        # As few sites are, so that a pasted link shows its preview at once.
        self.jira.anonymous_may_browse = True
        fill_confluence(self.jira.confluence)
        fill_team_voice(self.team_voice)
        self._noted = 0
        self.slack.on_change += [self._note_deliveries, self.watchers.changed]
        self.jira.on_change.append(self.watchers.changed)
        self.team_voice.on_change.append(self.watchers.changed)
        self.clock.on_move.append(self.watchers.changed)

    async def quiet(self, seconds: float = 0.2, at_most: float = 3.0) -> None:
        """Wait until pollbot has called nobody for a while."""
        give_up = time.monotonic() + at_most
        heard, since = -1, 0.0
        while time.monotonic() < give_up:
            calls = len(self.slack.calls) + len(self.slack.hook_posts)
            calls += len(self.jira.calls) + len(self.team_voice.calls)
            if calls != heard:
                heard, since = calls, time.monotonic()
            elif time.monotonic() - since >= seconds:
                return
            await asyncio.sleep(0.02)

    def start_over(self) -> None:
        """Empty the transcript and the log, and let a colleague say what to try."""
        self.slack.messages.clear()
        self.slack.views.clear()
        self.slack.work_objects.panes.clear()
        self.deliveries.clear()
        self.log_from = self.clock()
        self.slack.say(BEN.user, PLANNING, WELCOME + (KILLED if self.replicas else LATER))
        self.watchers.changed()

    def _note_deliveries(self) -> None:
        """Log what Slack brought to pollbot since the last look."""
        for sent in self.slack.deliveries[self._noted :]:
            at = self.clock() - sent.answer.seconds
            what, outcome = named(sent.kind, sent.body), sent.answer.error or "ok"
            self.deliveries.append(LogLine(at, "Slack", "pollbot", what, outcome))
        self._noted = len(self.slack.deliveries)
