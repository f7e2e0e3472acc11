"""Who leads, and what becomes of it where what was left cannot be taken up."""

import pytest

from pollbot.errors import StorageUnavailable
from pollbot.store.leader import AlwaysLeads, Leading


async def test_it_does_not_start_where_what_was_left_cannot_be_taken_up() -> None:
    async def no_disk(now: float) -> None:
        raise StorageUnavailable from OSError(f"no disk at {now}")

    leading = Leading(AlwaysLeads(), no_disk, [], lambda: 7.0)

    with pytest.raises(StorageUnavailable) as refused:
        await leading.start()

    assert "no disk at 7.0" in repr(refused.value.__cause__)
    assert not leading.leads


async def test_it_leads_from_its_start_until_it_is_stopped() -> None:
    async def take_up(now: float) -> None:
        del now

    leading = Leading(AlwaysLeads(), take_up, [], lambda: 7.0)
    led = [leading.leads]
    await leading.start()
    led.append(leading.leads)

    await leading.stop(0)

    assert [*led, leading.leads] == [False, True, False]
