"""The time at which the stories of schedules begin."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.support.house import Clock


@pytest.fixture
def clock() -> Clock:
    """It is half past ten in Berlin: what is due there at nine is not due while a story begins."""
    there = datetime.fromtimestamp(Clock()(), ZoneInfo("Europe/Berlin"))
    then = there.replace(hour=10, minute=30, second=0, microsecond=0)
    return Clock.begun((then if then > there else then + timedelta(days=1)).timestamp())
