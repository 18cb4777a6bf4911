"""Numbers, times and samples as they are written in a report."""

from __future__ import annotations

import pytest

from tests.core.story import START
from tui_live.core.engagement.figures import Delays, Portion, Rate
from tui_live.report import words
from tui_live.report.words import Clock


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (None, "not known"),
        (0, "0"),
        (0.0012, "1.2e-03"),
        (0.25, "0.25"),
        (12.34, "12.3"),
        (1234.5, "1,234"),
        (-2.5, "−2.50"),
    ],
)
def test_a_rate_has_the_places_that_tell_it_apart(number: float | None, shown: str) -> None:
    assert words.figure(number) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (None, "not known"),
        (0.0, "0%"),
        (0.0002, "<0.1%"),
        (0.004, "0.4%"),
        (0.5, "50%"),
        (0.9999, "99.9%"),
        (1.0, "100%"),
    ],
)
def test_nearly_all_is_not_all_and_nearly_none_not_none(share: float | None, shown: str) -> None:
    assert words.percent(share) == shown


@pytest.mark.parametrize(
    ("length", "shown"),
    [(0, "0 s"), (59.4, "59 s"), (60, "1 min"), (61, "1 min 1 s"), (600, "10 min"), (3599, "1 h 00 min"),
     (3900, "1 h 05 min"), (90_000, "1 d 1 h"), (-5, "0 s")],
)  # fmt: skip
def test_durations(length: float, shown: str) -> None:
    assert words.span(length) == shown


def test_where_there_is_little_room() -> None:
    assert [words.short(n) for n in (0, 0.25, 9.5, 950, 1000, 1234, 84_000, 3.4e6)] == [
        *("0", "0.25", "9.5", "950", "1k", "1.2k", "84k", "3.4M")
    ]
    assert [words.tight(n) for n in (0, 12.34, 999.4, 1000, 15_200)] == ["0", "12.3", "999", "1k", "15k"]
    assert [words.lasting(n) for n in (0.2, 60, 99, 150, 7000)] == ["0 min", "60 min", "99 min", "2.5 h", "117 h"]


def test_samples() -> None:
    assert words.sample(Portion.out_of(12, 8000)) == "12 of 8,000"
    assert words.minutes_of(Rate.of(45, 1_800_000)) == "45 in 30 min"
    assert words.quartiles(Delays(86, 2, 10, 65)) == "middle half 2 s – 1 min 5 s, of 86"
    assert (words.a_minute(4.2), words.a_minute(None)) == ("4.20 a minute", "no time was observed")


@pytest.mark.parametrize(
    ("zone", "shown", "name"),
    [
        ("UTC", "08:00", "UTC"),
        ("Europe/Berlin", "09:00", "Europe/Berlin"),
        ("UTC+05:30", "13:30", "UTC+05:30"),
        ("UTC-03:00", "05:00", "UTC-03:00"),
        ("-0330", "04:30", "-0330"),
        ("../../etc/passwd", "08:00", "UTC"),
        ("", "08:00", "UTC"),
    ],
)
def test_local_times_of_any_zone(zone: str, shown: str, name: str) -> None:
    clock = Clock(zone)
    assert (clock.time(START), clock.name) == (shown, name)


def test_days_are_named_where_they_differ() -> None:
    clock, day = Clock("UTC"), 86_400_000
    assert clock.stretch(START, START + 3_600_000) == "Fri 15 Jan 2027, 08:00 – 09:00"
    assert clock.stretch(START, START + day) == "Fri 15 Jan 2027, 08:00 – Sat 16 Jan 2027, 08:00"
    assert clock.moment(START + day, START) == "16 Jan 08:00:00"
    assert clock.date(10**18)  # no time that dates can say breaks a report
