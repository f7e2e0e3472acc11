"""A moment is what was said, or a sentence why not; never a guess."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pollbot.text.moments import count_words, in_zone, read_moment
from pollbot.text.refusals import NeedsZone, NotAMoment
from tests.support.refusals import refuses, sentence
from tests.support.torture import tries

BERLIN = "Europe/Berlin"
NOON = int(datetime(2026, 11, 26, 12, 0, tzinfo=ZoneInfo(BERLIN)).timestamp())  # a Thursday


def read(said: str, now: float = NOON, zone: str = BERLIN) -> str:
    """Return what all of the words are read as, by the clock of the zone."""
    words = said.split()
    moment = read_moment(words, now, zone)
    assert moment.words == len(words)
    return in_zone(moment.at, ZoneInfo(zone))


TODAY, TOMORROW, MONDAY = "Thu 26 Nov 2026", "Fri 27 Nov 2026", "Mon 30 Nov 2026"
SAID = {
    # the next time that the clock shows it
    "18:00": f"{TODAY}, 18:00",
    "18.00": f"{TODAY}, 18:00",
    "18h00": f"{TODAY}, 18:00",
    "fri 1700h": f"{TOMORROW}, 17:00",
    "fri 20h": f"{TOMORROW}, 20:00",
    "2026-11-26T24:00": f"{TOMORROW}, 00:00",
    "2026-11-26T24:00:00+01:00": f"{TOMORROW}, 00:00",
    "17:00-05:00": f"{TODAY}, 23:00",
    "18:00h": f"{TODAY}, 18:00",
    "18 Uhr": f"{TODAY}, 18:00",
    "at 18:00": f"{TODAY}, 18:00",
    "18": f"{TODAY}, 18:00",
    "12:00": f"{TOMORROW}, 12:00",
    "06:30": f"{TOMORROW}, 06:30",
    "0:15": f"{TOMORROW}, 00:15",
    "24:00": f"{TOMORROW}, 00:00",
    "6pm": f"{TODAY}, 18:00",
    "6PM": f"{TODAY}, 18:00",
    "6 p.m.": f"{TODAY}, 18:00",
    "6:30 pm": f"{TODAY}, 18:30",
    "6.30pm": f"{TODAY}, 18:30",
    "11am": f"{TOMORROW}, 11:00",
    "12pm": f"{TOMORROW}, 12:00",
    "12am": f"{TOMORROW}, 00:00",
    "noon": f"{TOMORROW}, 12:00",
    "midnight": f"{TOMORROW}, 00:00",
    # as phones and keyboards write it
    "１８：００": f"{TODAY}, 18:00",
    "18∶00": f"{TODAY}, 18:00",
    "６ｐｍ": f"{TODAY}, 18:00",
    "6:30\N{NARROW NO-BREAK SPACE}PM": f"{TODAY}, 18:30",
    "١٨:٠٠": f"{TODAY}, 18:00",
    "2026‑11‑30": f"{MONDAY}, 23:59",
    "2026–11–30 17:00": f"{MONDAY}, 17:00",
    # a day, to its end
    "today": f"{TODAY}, 23:59",
    "tomorrow": f"{TOMORROW}, 23:59",
    "Tomorrow": f"{TOMORROW}, 23:59",
    "day after tomorrow": "Sat 28 Nov 2026, 23:59",
    "friday": f"{TOMORROW}, 23:59",
    "FRI": f"{TOMORROW}, 23:59",
    "this friday": f"{TOMORROW}, 23:59",
    "next monday": f"{MONDAY}, 23:59",
    "next thursday": "Thu 3 Dec 2026, 23:59",
    "30 Nov": f"{MONDAY}, 23:59",
    "30Nov": f"{MONDAY}, 23:59",
    "30-Nov-2026": f"{MONDAY}, 23:59",
    "30. November": f"{MONDAY}, 23:59",
    "the 30th of November, 2026": f"{MONDAY}, 23:59",
    "Nov 30": f"{MONDAY}, 23:59",
    "November 30th": f"{MONDAY}, 23:59",
    "NOV. 30, 2026": f"{MONDAY}, 23:59",
    "the 30th": f"{MONDAY}, 23:59",
    "the 2nd": "Wed 2 Dec 2026, 23:59",
    "30.11.": f"{MONDAY}, 23:59",
    "30.11.26": f"{MONDAY}, 23:59",
    "30. 11. 2026": f"{MONDAY}, 23:59",
    "3.4.": "Sat 3 Apr 2027, 23:59",
    "30/11": f"{MONDAY}, 23:59",
    "11/30": f"{MONDAY}, 23:59",
    "11/30/2026": f"{MONDAY}, 23:59",
    "4/4": "Sun 4 Apr 2027, 23:59",
    "2026-11-30": f"{MONDAY}, 23:59",
    "2026/11/30": f"{MONDAY}, 23:59",
    "2 Jan": "Sat 2 Jan 2027, 23:59",
    "DEC-24": "Thu 24 Dec 2026, 23:59",
    "24-12": "Thu 24 Dec 2026, 23:59",
    "23-12": "Wed 23 Dec 2026, 23:59",
    "12-31": "Thu 31 Dec 2026, 23:59",
    "mon 30-11": f"{MONDAY}, 23:59",
    "30-11 17:00": f"{MONDAY}, 17:00",
    # both
    "tomorrow 9:00": f"{TOMORROW}, 09:00",
    "tomorrow at 9am": f"{TOMORROW}, 09:00",
    "tomorrow morning at 9": f"{TOMORROW}, 09:00",
    "tomorrow noon": f"{TOMORROW}, 12:00",
    "tonight at 8": f"{TODAY}, 20:00",
    "this evening 20:30": f"{TODAY}, 20:30",
    "tonight at 12": f"{TOMORROW}, 00:00",
    "tomorrow evening at 12": "Sat 28 Nov 2026, 00:00",
    "tomorrow afternoon at 12:30": f"{TOMORROW}, 12:30",
    "today 5:30": f"{TODAY}, 17:30",  # the other one is past
    "fri 17:00": f"{TOMORROW}, 17:00",
    "Fri, 17:00": f"{TOMORROW}, 17:00",
    "fri. 5pm": f"{TOMORROW}, 17:00",
    "on friday at 5 pm": f"{TOMORROW}, 17:00",
    "17:00 on Friday": f"{TOMORROW}, 17:00",
    "fri 18.05": f"{TOMORROW}, 18:05",
    "fri 24:00": "Sat 28 Nov 2026, 00:00",
    "thu 17:00": f"{TODAY}, 17:00",
    "thu 09:00": "Thu 3 Dec 2026, 09:00",
    "next monday 10:00": f"{MONDAY}, 10:00",
    "Mon 30 Nov 17:00": f"{MONDAY}, 17:00",
    "Nov 30 17:00": f"{MONDAY}, 17:00",
    "30.11. 17:00": f"{MONDAY}, 17:00",
    "30.11 17 Uhr": f"{MONDAY}, 17:00",
    "2026-11-30 17:00": f"{MONDAY}, 17:00",
    "11/12": "Fri 11 Dec 2026, 23:59",  # the 12th of November is past
    # so much time from now
    "2h": f"{TODAY}, 14:00",
    "2H": f"{TODAY}, 14:00",
    "in 2 hours": f"{TODAY}, 14:00",
    "2 hours from now": f"{TODAY}, 14:00",
    "an hour": f"{TODAY}, 13:00",
    "half an hour": f"{TODAY}, 12:30",
    "90 min": f"{TODAY}, 13:30",
    "90min": f"{TODAY}, 13:30",
    "30m": f"{TODAY}, 12:30",
    "1.5h": f"{TODAY}, 13:30",
    "1,5 h": f"{TODAY}, 13:30",
    "1h 30m": f"{TODAY}, 13:30",
    "1h30m": f"{TODAY}, 13:30",
    "2 hours and 30 minutes": f"{TODAY}, 14:30",
    "24h": f"{TOMORROW}, 12:00",
    "3 days": "Sun 29 Nov 2026, 12:00",
    "3d": "Sun 29 Nov 2026, 12:00",
    "1 week": "Thu 3 Dec 2026, 12:00",
    "a week": "Thu 3 Dec 2026, 12:00",
    "2w": "Thu 10 Dec 2026, 12:00",
    "1 month": "Sat 26 Dec 2026, 12:00",
    # by another clock
    "17:00Z": f"{TODAY}, 18:00",
    "17:00 UTC": f"{TODAY}, 18:00",
    "17:00 UTC-5": f"{TODAY}, 23:00",
    "5pm +01:00": f"{TODAY}, 17:00",
    "2026-11-30T17:00+05:30": f"{MONDAY}, 12:30",
    "2026-11-30 17:00 -0800": "Tue 1 Dec 2026, 02:00",
}


@pytest.mark.parametrize(("said", "meant"), SAID.items())
def test_a_moment_is_read_as_people_say_it(said: str, meant: str) -> None:
    assert read(said) == meant


@pytest.mark.parametrize("said", [said for said in SAID if said.isascii()])
def test_the_case_of_its_letters_does_not_matter(said: str) -> None:
    assert read(said.upper()) == read(said.lower()) == SAID[said]


# What may be meant by it, as it is suggested to be written instead.
SEVERAL = {
    "3/4": ["2027-03-04", "2027-04-03"],
    "03/04/2027": ["2027-03-04", "2027-04-03"],
    "3-4-2027": ["2027-03-04", "2027-04-03"],
    "26/11/30": ["2026-11-30", "2030-11-26"],
    "6": ["2026-11-26 18:00", "2026-11-27 06:00"],
    "at 6": ["2026-11-26 18:00", "2026-11-27 06:00"],
    "6 o’clock": ["2026-11-26 18:00", "2026-11-27 06:00"],
    "tomorrow 9": ["2026-11-27 09:00", "2026-11-27 21:00"],
    "5:30": ["2026-11-26 17:30", "2026-11-27 05:30"],
    "thu 9:00": ["2026-11-26 21:00", "2026-12-03 09:00"],
    "thursday": ["2026-11-26", "2026-12-03"],
    "next friday": ["2026-11-27", "2026-12-04"],
    "18.05": ["2026-11-26 18:05", "2027-05-18"],
    "18h30": ["2026-11-26 18:30", "2026-11-27 06:30"],
    "18h": ["2026-11-26 18:00", "2026-11-27 06:00"],
    "1700h": ["2026-11-26 17:00", "2027-02-05 08:00"],
    "0900 hours": ["2026-11-27 09:00", "2027-01-03 00:00"],
    "17:00-18:00": ["2026-11-26 17:00", "2026-11-26 18:00"],
    "9:00-17:00": ["2026-11-26 17:00", "2026-11-27 09:00"],
    "fri 9-17": ["2026-11-27 09:00", "2026-11-27 17:00"],
    "2026-11-30 17:00-18:00": ["2026-11-30 17:00", "2026-11-30 18:00"],
    "3m": ["2026-11-26 12:03", "2027-02-26 12:00"],
    "1:30h": ["2026-11-26 13:30", "2026-11-27 01:30"],
    "0:45 hours": ["2026-11-26 12:45", "2026-11-27 00:45"],
    "eod": ["2026-11-26 17:00", "2026-11-26 23:59"],
    "end of the day": ["2026-11-26 17:00", "2026-11-26 23:59"],
    "friday midnight": ["2026-11-27 00:00", "2026-11-28 00:00"],
    "tomorrow 12am": ["2026-11-27 00:00", "2026-11-28 00:00"],
    "2027-10-31 2:30": ["2027-10-31 02:30+02:00", "2027-10-31 02:30+01:00"],
}


@pytest.mark.parametrize(("said", "readings"), SEVERAL.items())
def test_what_may_mean_two_moments_is_refused_with_both(said: str, readings: list[str]) -> None:
    with refuses(NotAMoment, says="in more than one way") as refused:
        read_moment(said.split(), NOON, BERLIN)

    assert sentence(refused.value).endswith(f"Write `{readings[0]}` or `{readings[1]}`.")
    for each in readings:
        moment = read_moment(each.split(), NOON, BERLIN)
        assert in_zone(moment.at, ZoneInfo(BERLIN)) in sentence(refused.value)


NOT_SAID = {
    "": "neither a day nor a time",
    "lunch": "“lunch” is no day or time",
    "PLAT-12": "“PLAT-12” is no day or time",
    "freitag": "“freitag” is no day or time",
    "next week": "“next week” is no day or time",
    "25:00": "“25:00” is no day or time",
    "18:60": "“18:60” is no day or time",
    "fri 25:00": "“fri 25:00” is no day or time",
    "31 Feb": "“31 Feb” is no day or time",
    "2027-02-29": "“2027-02-29” is no day or time",
    "13pm": "“13pm” is no day or time",
    "17:00 +1500": "“17:00 .1500” is no day or time",
    "17:00 UTC-15": "“17:00 UTC-15” is no day or time",
    "2026-11-30T24:01": "“2026-11-30T24:01” is no day or time",
    "Nov 29-30": "“Nov 29-30” is no day or time",
    "17:00 +01:75": "“17:00 .01:75” is no day or time",
    "20261130T170000-2300": "“20261130T170000-2300” is no day or time",
    "tonight at 1": "“tonight at 1” is no day or time",
    "tomorrow evening at 12:30": "“tomorrow evening at 12:30” is no day or time",
    "tomorrow afternoon at 10": "“tomorrow afternoon at 10” is no day or time",
    "23.11.12": "is in the past",
    "1,440 minutes": "“1,440 minutes” is no day or time",
    "1.000 min": "“1.000 min” is no day or time",
    "tonight": "“tonight” names no hour",
    "tomorrow evening": "“tomorrow evening” names no hour",
    "17:00 CET": "“CET” is the short name",
    "5pm PST": "“PST” is the short name",
    "Tue 30 Nov": "30 November 2026 is a Monday",
    "yesterday": "is in the past: Wed 25 Nov 2026, 23:59",
    "yesterday 18:00": "is in the past: Wed 25 Nov 2026, 18:00",
    "today 11:59 am": "is in the past: Thu 26 Nov 2026, 11:59",
    "25 Nov": "is in the past: Wed 25 Nov 2026",
    "2020-01-01": "is in the past: Wed 1 Jan 2020",
    "2h ago": "is in the past",
    "0 min": "is in the past",
    "0001-01-01": "is in the past",
    "30 sec": "less than a minute",
    "2026-11-26T12:00:59": "less than a minute",
    "11 years": "more than ten years",
    "2040-01-01": "more than ten years",
    "9999-12-31": "more than ten years",
    "999999 years": "is no day or time",
    "2027-03-28 2:30": "does not exist: on that day the clocks are put forward",
}


@pytest.mark.parametrize(("said", "why"), NOT_SAID.items())
def test_what_is_no_moment_to_end_at_is_refused_in_a_sentence(said: str, why: str) -> None:
    with refuses(NotAMoment, says=why) as refused:
        read_moment(said.split(), NOON, BERLIN)

    assert "Nothing was created. " in sentence(refused.value)
    assert len(sentence(refused.value)) < 400


@pytest.mark.parametrize(
    ("day", "meant"),
    [
        ("2027-03-27 12:00", "Sun 28 Mar 2027, 12:00"),
        ("2027-10-30 12:00", "Sun 31 Oct 2027, 12:00"),
    ],
)
def test_a_day_later_it_is_the_same_time_though_the_clocks_change(day: str, meant: str) -> None:
    now = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(BERLIN)).timestamp()

    assert read("1 day", now) == meant
    assert read_moment(["24h"], now, BERLIN).at == now + 86400


def test_a_time_that_comes_twice_is_told_apart_by_its_offset() -> None:
    assert read("2027-10-31 2:30+02:00") == "Sun 31 Oct 2027, 02:30 (UTC+02:00)"
    assert read("2027-10-31 2:30+01:00") == "Sun 31 Oct 2027, 02:30 (UTC+01:00)"


@pytest.mark.parametrize("zone", ["America/Havana", "Africa/Cairo", "Asia/Beirut"])
def test_a_day_ends_with_its_last_second_where_the_clocks_change_at_midnight(zone: str) -> None:
    for month in range(1, 13):
        for day in range(1, 29):
            said = f"2027-{month:02}-{day:02}"
            end = datetime.fromtimestamp(read_moment([said], NOON, zone).at, ZoneInfo(zone))
            after = datetime.fromtimestamp(end.timestamp() + 1, ZoneInfo(zone))
            assert (str(end.date()), str(after.date()) > said) == (said, True)


@pytest.mark.parametrize("weekday", range(7))
def test_a_weekday_is_the_next_one_of_that_name(weekday: int) -> None:
    names = ["mon", "tuesday", "wed", "thurs", "Friday", "SAT", "sun"]
    now = NOON + weekday * 86400
    for name in names:
        at = read_moment([name, "17:00"], now, BERLIN).at
        assert 0 < at - now < 7 * 86400 + 5 * 3600 + 1
        assert in_zone(at, ZoneInfo(BERLIN)).startswith(name[:3].title())


def test_the_day_is_that_of_the_person() -> None:
    late = datetime(2026, 11, 26, 20, 0, tzinfo=ZoneInfo("UTC")).timestamp()

    assert read("tomorrow", late, "Asia/Tokyo") == "Sat 28 Nov 2026, 23:59"
    assert read("tomorrow", late, "America/New_York") == "Fri 27 Nov 2026, 23:59"


@pytest.mark.parametrize("zone", [None, "", "No/Where", "Europe", "../etc/passwd", "\0"])
def test_without_a_zone_only_what_needs_none_is_read(zone: str | None) -> None:
    assert read_moment(["2h"], NOON, zone).at == NOON + 7200
    assert read_moment(["17:00Z"], NOON, zone).at > NOON
    for said in ("18:00", "tomorrow", "3 days", "2026-11-30"):
        with refuses(NeedsZone, says="do not know your time zone"):
            read_moment(said.split(), NOON, zone)


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("18:00 multi PLAT-12", 1),
        ("fri 17:00, PLAT-12", 2),
        ("18:00 DEC-24", 1),
        ("tomorrow the best pizza", 1),
        ("2h and then", 1),
        ("3 days anonymous", 2),
    ],
)
def test_words_that_belong_to_something_else_are_left(said: str, count: int) -> None:
    assert read_moment(said.split(), NOON, BERLIN).words == count


@given(
    st.integers(NOON // 60 + 1440, NOON // 60 + 9 * 365 * 1440),
    st.sampled_from([BERLIN, "UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia"]),
)
def test_what_is_said_back_is_read_as_the_same_again(minutes: int, zone: str) -> None:
    at = minutes * 60.0
    said = in_zone(at, ZoneInfo(zone)).replace(" (UTC", "").rstrip(")")

    assert read_moment(said.split(), NOON, zone).at == at


@pytest.mark.parametrize("offset", ["", "Z", "%:z"])
@pytest.mark.parametrize(
    "shape",
    ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y%m%dT%H%M", "%Y-%m-%d %H:%M", "%a %-d.%-m., %H:%M"],
)
def test_each_minute_of_a_day_is_read_as_what_it_says(shape: str, offset: str) -> None:
    zone = UTC if offset == "Z" else ZoneInfo("Asia/Kolkata")
    day = datetime(2026, 11, 27, tzinfo=zone)
    for minute in range(24 * 60):
        moment = day + timedelta(minutes=minute, seconds=minute % 60 if "%S" in shape else 0)
        said = moment.strftime(shape) + offset.replace("%:z", "+05:30")

        read = read_moment(said.split(), NOON, "Asia/Kolkata")

        assert (read.at, read.words) == (moment.timestamp(), len(said.split())), said


def read_or_refused(said: str) -> float | None:
    """Return the moment that all of the words are read as; None if they, or some, are not."""
    words = said.split()
    try:
        moment = read_moment(words, NOON, BERLIN)
    except NotAMoment:
        return None
    return moment.at if moment.words == len(words) else None


NAMED = [
    "%-d %b",
    "%-d. %B",
    "%b %-d",
    "%B %-d, %Y",
    "%a %-d %b",
    "%Y-%m-%d",
    "%Y%m%d",
    "%G-W%V-%u",
]
IN_DIGITS = ["%-d.%-m.", "%d.%m.%y", "%-d/%-m", "%-m/%-d", "%-d-%-m", "%d-%m", "%m-%d", "%d-%m-%Y"]


@pytest.mark.parametrize("at", ["", " 17:00", " at 5pm"])
@pytest.mark.parametrize("shape", [*NAMED, *IN_DIGITS])
def test_each_day_ahead_is_read_as_what_it_says_or_refused(shape: str, at: str) -> None:
    today = datetime.fromtimestamp(NOON, ZoneInfo(BERLIN)).replace(hour=0)
    for ahead in range(1, 270, tries(5, 1)):
        day = today + timedelta(days=ahead)
        end = day.replace(hour=17) if at else day.replace(hour=23, minute=59, second=59)

        read = read_or_refused(day.strftime(shape) + at)

        if shape in NAMED or read is not None:
            assert read == end.timestamp(), day.strftime(shape) + at


@pytest.mark.parametrize(
    ("shape", "sure"),
    [
        ("%H:%M", True),
        ("%-H:%M", True),
        ("%-I:%M %p", True),
        ("%I.%M%p", True),
        ("%H:%M Uhr", True),
        ("%H.%M", False),
        ("%Hh%M", False),
        ("%-H:%Mh", False),
        ("%H%Mh", False),
    ],
)
def test_each_minute_of_a_named_day_is_read_as_what_it_says_or_refused(
    shape: str, sure: bool
) -> None:
    day = datetime(2026, 11, 27, tzinfo=ZoneInfo(BERLIN))
    for minute in range(0, 24 * 60, tries(7, 1)):
        moment = day + timedelta(minutes=minute)
        said = f"fri {moment.strftime(shape)}"
        if "%p" in shape and minute == 0:
            continue  # with which the day begins, or ends

        read = read_or_refused(said)

        if sure or read is not None:
            assert read == moment.timestamp(), said


@pytest.mark.parametrize(
    ("part", "first", "last"), [("morning", 0, 12), ("afternoon", 12, 20), ("evening", 16, 24)]
)
def test_an_hour_lies_in_the_part_of_the_day_that_is_named_with_it(
    part: str, first: int, last: int
) -> None:
    midnight = datetime(2026, 11, 27, tzinfo=ZoneInfo(BERLIN)).timestamp()
    for hour in range(1, 13):
        for said in (f"tomorrow {part} at {hour}", f"{hour}:30 tomorrow {part}"):
            at = read_or_refused(said)
            assert at is None or first <= (at - midnight) / 3600 <= last, said


@pytest.mark.parametrize("unit", ["min", "m", "minutes", "h", "hours", "d", "days", "weeks"])
@pytest.mark.parametrize("shape", ["{} {}", "{:,} {}", "{}.5 {}", "in {}{}"])
def test_each_span_is_as_long_as_it_says_or_refused(shape: str, unit: str) -> None:
    seconds = {"m": 60, "h": 3600, "d": 86400, "w": 604800}[unit[0]]
    for count in (*range(2, 100), *range(900, 2100, tries(97, 1))):
        said = shape.format(count, unit)
        length = (count + (0.5 if ".5" in shape else 0)) * seconds

        at = read_or_refused(said)

        # Over a change of the clocks so many days are an hour shorter or longer.
        assert at is None or abs(at - NOON - length) <= (3600 if unit[0] in "dw" else 0), said


PIECES = [*"0123456789:./-+ ", *SAID, *SEVERAL, *NOT_SAID, "next ", "the ", " at ", "am", "h"]


@given(
    st.text() | st.lists(st.sampled_from(PIECES)).map("".join),
    st.sampled_from([BERLIN, "UTC", "", "Pacific/Apia"]),
)
@example("1" * 5000 + "h", BERLIN)
@example("9999-12-31T23:59-14:00", BERLIN)
@example("0001-01-01T00:00+14:00", BERLIN)
def test_any_words_are_a_moment_ahead_or_no_moment(text: str, zone: str) -> None:
    words = text.split()
    assert 0 <= count_words(words) <= len(words)
    try:
        moment = read_moment(words, NOON, zone)
    except (NotAMoment, NeedsZone):
        return
    assert moment.at >= NOON + 60
    assert 0 < moment.words <= len(words)
