"""How long an answer asks us to wait: what honest, broken and hostile headers come to."""

import pytest

from pollbot.web.pauses import AN_HOUR, OF_SLACK, asked_for

SENT = "Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        (" 7 ", 7.0),
        ("1.5", 1.5),
        ("999999999", AN_HOUR),
        ("9" * 5000, AN_HOUR),
        ("9." + "9" * 5000, 10.0),
        ("Wed, 21 Oct 2026 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2026 09:28:30 +0200", 30.0),
        ("Wed, 21 Oct 2026 07:27:00 GMT", 0.0),
        ("Fri, 21 Oct 2033 07:28:00 GMT", AN_HOUR),
        ("2026-10-21T07:28:30Z", 30.0),
        ("2026-10-21T07:28:30", 0.0),
        ("Thu, 01 Jan 99999999999 00:00:00 GMT", 0.0),
        ("-7", 0.0),
        ("+7", 0.0),
        ("7s", 0.0),
        ("7, 7", 0.0),
        ("1e9", 0.0),
        ("nan", 0.0),
        ("inf", 0.0),
        ("²", 0.0),
        ("٧", 0.0),
        ("", 0.0),
        ("soon", 0.0),
    ],
)
def test_retry_after_is_read_in_one_way_and_never_longer_than_is_honest(
    value: str, seconds: float
) -> None:
    assert asked_for({"Retry-After": value, "Date": SENT}) == pytest.approx(seconds)
    assert asked_for({"Retry-After": value, "Date": SENT}, OF_SLACK) == pytest.approx(
        min(seconds, OF_SLACK)
    )


def test_a_reset_counts_by_the_clock_of_whoever_sent_it() -> None:
    reset = {"X-RateLimit-Reset": "2026-10-21T07:28:09Z", "Date": SENT}

    assert asked_for(reset) == 9.0
    assert asked_for(reset | {"Retry-After": "4"}) == 4.0
    assert asked_for(reset | {"X-RateLimit-Reset": "9"}) == 0.0
