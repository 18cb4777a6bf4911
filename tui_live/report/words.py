"""How numbers, times and samples are written in a report."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from tui_live.core.engagement.figures import Delays, Portion, Rate
from tui_live.core.shares.result import Reach

UNKNOWN = "not known"
UNTOLD = "TikTok does not say"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?(?::?(\d{2}))?")


def full(number: float | None) -> str:
    """A count with thousands separated."""
    return UNKNOWN if number is None else f"{number:,.0f}"


def figure(number: float | None) -> str:
    """A rate or a mean: as many places as tell it apart, none from a hundred on."""
    if number is None:
        return UNKNOWN
    if number < 0:
        return f"−{figure(-number)}"
    if number >= 100 or number == 0:
        return f"{number:,.0f}"
    if number < 0.005:
        return f"{number:.1e}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2f}"


def tenths(number: float) -> str:
    """One decimal and no more: an estimate is not known better."""
    number = round(number, 1)
    return f"−{-number:.1f}" if number < 0 else f"{number + 0.0:.1f}"


def short(number: float) -> str:
    """A count where there is little room: ``950``, ``1.2k``, ``3.4M``."""
    for least, unit in ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= least:
            value = number / least
            return f"{value:.0f}{unit}" if value >= 10 or value == int(value) else f"{value:.1f}{unit}"
    return f"{number:.0f}" if number == int(number) or number >= 10 else f"{number:.2g}"


def tight(number: float) -> str:
    """A rate where there is little room: as :func:`figure`, thousands as :func:`short`."""
    return short(number) if number >= 1000 else figure(number)


def percent(share: float | None) -> str:
    """A part of a whole; without one it is not known."""
    if share is None:
        return UNKNOWN
    if 0 < share < 0.01:
        return f"{share:.1%}" if share >= 0.001 else "<0.1%"
    return f"{min(share, 0.999):.1%}" if 0.99 < share < 1 else f"{share:.0%}"


def sample(portion: Portion | None) -> str:
    """``12 of 80``: what a percentage is made of."""
    return "" if portion is None else f"{portion.part:,} of {portion.of:,}"


def reach_of(reach: Reach) -> tuple[str, str]:
    """The estimate as a lower or an upper limit, and of whose followers it is made."""
    said = f"estimate, from {sample(reach.known)} sharers whose followers TikTok told"
    if not reach.known.part:
        return UNTOLD, said
    if reach.at_most is None:
        return f"at least {full(reach.followers)}", f"{said}, added up; whoever shared besides adds more"
    between = "" if reach.at_most == reach.followers else f", at least {full(reach.followers)}"
    return f"at most {full(reach.at_most)}", said + between


def a_minute(per_minute: float | None) -> str:
    """``4.20 a minute``."""
    return "no time was observed" if per_minute is None else f"{figure(per_minute)} a minute"


def minutes_of(rate: Rate) -> str:
    """``45 in 30 min``: what a rate is made of."""
    return f"{rate.count:,} in {span(rate.minutes * 60)}"


def seconds(value: float | None) -> str:
    """A delay."""
    return UNKNOWN if value is None else span(value)


def quartiles(delays: Delays) -> str:
    """``middle half 2 s – 1 min 5 s``."""
    if delays.lower_s is None or delays.upper_s is None:
        return "nobody"
    return f"middle half {span(delays.lower_s)} – {span(delays.upper_s)}, of {delays.sample:,}"


def span(length_s: float) -> str:
    """A duration: ``42 s``, ``12 min``, ``3 h 05 min``, ``2 d 4 h``; seconds only in the first ten minutes."""
    left = max(0, round(length_s))
    if left < 60:
        return f"{left} s"
    if left < 600:
        return f"{left // 60} min {left % 60} s" if left % 60 else f"{left // 60} min"
    left = round(left / 60)
    if left < 60:
        return f"{left} min"
    if left < 1440:
        return f"{left // 60} h {left % 60:02d} min"
    return f"{left // 1440} d {left % 1440 // 60} h"


def lasting(minutes: float) -> str:
    """A duration where there is little room: ``47 min``, ``3.2 h``."""
    return (
        f"{minutes:.0f} min"
        if minutes < 99.5
        else f"{minutes / 60:.1f} h"
        if minutes < 5995
        else f"{minutes / 60:.0f} h"
    )


class Clock:
    """Local times of a zone: by its IANA name, ``UTC`` or an offset like ``UTC+02:00``; what is none is UTC."""

    def __init__(self, zone: str) -> None:
        self.zone = _zone(zone)
        self.name = zone if self.zone is not UTC else "UTC"

    def at(self, time_ms: int) -> datetime:
        """UTC milliseconds as local time, kept within what dates can say."""
        return datetime.fromtimestamp(min(max(time_ms / 1000, -2e9), 2e11), self.zone)

    def date(self, time_ms: int) -> str:
        """``Fri 15 Jan 2027``."""
        at = self.at(time_ms)
        return f"{DAYS[at.weekday()]} {at.day} {_month(at)} {at.year}"

    def day(self, time_ms: int) -> str:
        """``15 Jan``."""
        at = self.at(time_ms)
        return f"{at.day} {_month(at)}"

    def time(self, time_ms: int) -> str:
        """``20:14``."""
        return f"{self.at(time_ms):%H:%M}"

    def exact(self, time_ms: int) -> str:
        """``20:14:05``."""
        return f"{self.at(time_ms):%H:%M:%S}"

    def moment(self, time_ms: int, of_ms: int) -> str:
        """The time of day, with the day where it is another than that of ``of_ms``."""
        same = self.at(time_ms).date() == self.at(of_ms).date()
        return self.exact(time_ms) if same else f"{self.day(time_ms)} {self.exact(time_ms)}"

    def stretch(self, start_ms: int, end_ms: int) -> str:
        """From when to when, the second day only where it is another."""
        same = self.at(start_ms).date() == self.at(end_ms).date()
        end = self.time(end_ms) if same else f"{self.date(end_ms)}, {self.time(end_ms)}"
        return f"{self.date(start_ms)}, {self.time(start_ms)} – {end}"


def _zone(name: str) -> tzinfo:
    if found := _OFFSET.fullmatch(name):
        sign, hours, rest, last = found.groups()
        offset = timedelta(hours=int(hours), minutes=int(rest or 0), seconds=int(last or 0))
        return timezone(offset if sign == "+" else -offset) if offset < timedelta(days=1) else UTC
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def _month(at: datetime) -> str:
    """In English, whatever the locale."""
    return ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[at.month - 1]


def hourly(per_minute: float | None) -> float | None:
    """The same rate an hour."""
    return None if per_minute is None else per_minute * 60
