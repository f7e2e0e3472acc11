"""Forgets by age, once an hour and in small pieces."""

from pollbot.retention.rows import RetentionRows
from pollbot.store.worker import Clock, Worker

EVERY = 3600.0
_BETWEEN = 1.0


class Retainer(Worker):
    """Looks once an hour what is too old; while there is more of it, once a second."""

    only_looks = True

    def __init__(self, retention_rows: RetentionRows, clock: Clock) -> None:
        super().__init__("retention", clock)
        self._retention_rows = retention_rows

    async def turn(self, now: float) -> float | None:
        """Forget the next piece in each workspace that says so."""
        teams = await self._retention_rows.teams()
        done = [await self._retention_rows.forget(team_id, now) for team_id in teams]
        return now + (_BETWEEN if any(one.more for one in done) else EVERY)
