"""Where cards may be posted, as admins say it."""

import pytest

from pollbot.rights.refusals import ChannelNotAllowed
from pollbot.rights.rules import Places, Rights


@pytest.mark.parametrize(
    ("places", "channel", "may"),
    [
        (Places.ALL, "C1", True),
        (Places.ALL, "C2", True),
        (Places.ONLY, "C1", True),
        (Places.ONLY, "C2", False),
        (Places.ONLY, "D2", True),
        (Places.ONLY, "", True),
        (Places.BUT, "C1", False),
        (Places.BUT, "C2", True),
        (Places.BUT, "D2", True),
        (Places.BUT, "", True),
    ],
)
def test_where_cards_may_be_posted(places: Places, channel: str, *, may: bool) -> None:
    rights = Rights(places=places, channels=("C1",))

    assert rights.has_place(channel) is may
    if may:
        rights.check_channel(channel)
    else:
        with pytest.raises(ChannelNotAllowed):
            rights.check_channel(channel)
