"""How fast Slack takes an app's messages: in each channel, and in the workspace as a whole."""

from bisect import bisect_right, insort
from collections import deque

from pollbot.web.pace import no_later

# docs.slack.dev, "Rate limits": chat.postMessage takes about one message a second in a
# channel, and several hundred a minute in a workspace. Bursts are tolerated, not promised.
PER_CHANNEL = (1, 1.0)
PER_WORKSPACE = (600, 60.0)

_LONGEST_ASKED_FOR = 120.0
"""Seconds; Slack counts by the minute, and what it asks for is read as no more than that."""

_CHANNELS_FOR_ALL = 3
"""So many channels that are too busy at once mean that their workspace is."""


class _Slots:
    """At most ``n`` messages in any ``seconds``, and the slots that were promised beside them.

    Slack counts a message at some moment until its answer is here; so it counts from then on.
    """

    def __init__(self, window: tuple[int, float]) -> None:
        self._n, self._seconds = window
        self._under_way = 0
        self._taken: deque[float] = deque(maxlen=self._n)
        self._promised: list[float] = []
        self._looked_at = float("-inf")
        self.not_before = float("-inf")

    def look(self, now: float) -> None:
        """Let go of promises whose moment has come; after a clock that was ahead, of all.

        Whoever was promised one of them comes again, and takes another.
        """
        if now < self._looked_at:
            self._taken = deque((no_later(at, now, 0.0) for at in self._taken), self._n)
            self._promised.clear()
            self.not_before = no_later(self.not_before, now, _LONGEST_ASKED_FOR)
        del self._promised[: bisect_right(self._promised, now)]
        self._looked_at = now

    @property
    def is_under_way(self) -> bool:
        """Whether one was sent, and its answer is not here."""
        return self._under_way > 0

    def ready_at(self, now: float) -> float:
        """Return when one more is allowed: now, or later."""
        return self._after(now, [])

    def next_slot(self, now: float, ahead: int) -> float:
        """Return the first moment at which one more is allowed, and that nobody was promised.

        Whoever came when it was told, and found the one before still under way, is the next.
        ``ahead`` are about to be sent.
        """
        soon = self._after(now, [now] * ahead)
        if not self._promised or soon < self._promised[0]:
            return soon
        return self._after(now, [*[now] * ahead, *self._promised])

    def promise(self, moment: float) -> None:
        insort(self._promised, moment)

    def begin(self) -> None:
        self._under_way += 1

    def end(self, now: float) -> None:
        self._under_way -= 1
        self._taken.append(now)

    def is_idle(self, now: float) -> bool:
        """Return whether forgetting this object would change nothing from ``now`` on."""
        last = max([*self._taken, *self._promised], default=float("-inf"))
        return not self._under_way and self.not_before <= now and last + self._seconds <= now

    def _after(self, now: float, promised: list[float]) -> float:
        moment = max(now, self.not_before)
        taken = [*self._taken, *[now] * self._under_way, *promised]
        return moment if len(taken) < self._n else max(moment, taken[-self._n] + self._seconds)


class PostPace:
    """When a message may be posted. Time comes in as an argument, in seconds of any one clock.

    Slack does not say of what there was too much when it answers 429. So that holds back the
    channel; if several are held back at once, it holds back all of their workspace.
    """

    def __init__(self) -> None:
        self._teams: dict[str, _Slots] = {}
        self._channels: dict[tuple[str, str], _Slots] = {}

    def wait(self, team_id: str, channel_id: str, now: float, ahead: int = 0) -> float | None:
        """Return None if a message may be posted now; else when to come again for one's slot.

        That moment is kept free, so that a crowd comes one after the other and not at once. So
        many as are ``ahead`` are about to post in that channel.
        """
        slots = self._slots(team_id, channel_id, now)
        if not ahead and all(one.ready_at(now) <= now for one in slots):
            return None
        moment = max(one.next_slot(now, ahead) for one in slots)
        for one in slots:
            one.promise(moment)
        return moment

    def ready_at(self, team_id: str, channel_id: str, now: float) -> float:
        """Return when the next message may be posted, as if those under way were there now."""
        return max(one.ready_at(now) for one in self._slots(team_id, channel_id, now))

    def is_under_way(self, team_id: str, channel_id: str, now: float) -> bool:
        """Return whether a message is on its way into that channel."""
        _, channel = self._slots(team_id, channel_id, now)
        return channel.is_under_way

    def begin(self, team_id: str, channel_id: str, now: float) -> None:
        """Count a message that is sent now."""
        for one in self._slots(team_id, channel_id, now):
            one.begin()

    def end(self, team_id: str, channel_id: str, now: float) -> None:
        """Keep that its answer is here, whatever it was, or will not come."""
        for one in self._slots(team_id, channel_id, now):
            one.end(now)

    def too_busy(self, team_id: str, channel_id: str, until: float, now: float) -> None:
        """Keep that Slack takes none before ``until``, as it said in that channel."""
        team, channel = self._slots(team_id, channel_id, now)
        channel.not_before = max(channel.not_before, until)
        held = [
            one.not_before
            for (of, _), one in self._channels.items()
            if of == team_id and one.not_before > now
        ]
        if len(held) >= _CHANNELS_FOR_ALL:
            # The shortest is what all of them were told at least.
            team.not_before = max(team.not_before, min(held))

    def tidy(self, now: float) -> None:
        """Forget what holds nobody back."""
        self._channels = {key: one for key, one in self._channels.items() if not one.is_idle(now)}
        self._teams = {key: one for key, one in self._teams.items() if not one.is_idle(now)}

    def _slots(self, team_id: str, channel_id: str, now: float) -> tuple[_Slots, _Slots]:
        if team_id not in self._teams:
            self._teams[team_id] = _Slots(PER_WORKSPACE)
        if (team_id, channel_id) not in self._channels:
            self._channels[team_id, channel_id] = _Slots(PER_CHANNEL)
        slots = self._teams[team_id], self._channels[team_id, channel_id]
        for one in slots:
            one.look(now)
        return slots
