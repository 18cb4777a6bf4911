"""How figures are said: each with its sample, and “not known” where there is no number."""

from __future__ import annotations

from tui_live.core.counts import several
from tui_live.core.engagement.figures import Comparison, Delays, Portion, Rate
from tui_live.core.shares.result import NewViewers, Reach, SharesResult
from tui_live.core.text import drawn
from tui_live.ui.format import clock, full, short, span

UNKNOWN = "not known"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def decimal(number: float | None) -> str:
    """Two digits that tell something: ``0.04``, ``3.4``, ``27``, ``1.2k``; whole numbers stay whole."""
    if number is None:
        return UNKNOWN
    if number < 0:
        return "-" + decimal(-number)
    if number >= 999.5:
        return short(number)
    if number >= 9.95 or number == int(number):
        return f"{number:.0f}"
    return f"{number:.1f}" if number >= 0.95 else f"{number:.2f}" if number >= 0.005 else "0.00"


def percent(portion: Portion) -> str:
    """``32%``; what is there is never 0%, what is missing never 100%."""
    if portion.share is None:
        return UNKNOWN
    if 0 < portion.share < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= portion.share < 1 else f"{portion.share:.0%}"


def sample(portion: Portion) -> str:
    """``12 of 80``."""
    return f"{full(portion.part)} of {full(portion.of)}"


def per_minute(rate: Rate) -> str:
    """``3.4 a minute``."""
    return f"{decimal(rate.per_minute)} a minute" if rate.per_minute is not None else UNKNOWN


def counted(rate: Rate) -> str:
    """The sample of a rate: ``412 in 2:01:12``."""
    return f"{full(rate.count)} in {span(rate.minutes * 60)}"


def times(comparison: Comparison) -> str:
    """``4.1×``."""
    return UNKNOWN if comparison.times is None else f"{decimal(comparison.times)}×"


def against(comparison: Comparison, what: str) -> str:
    """The sample of a comparison: ``12 follows in 10:00, usual are 2.9``."""
    said = f"{full(comparison.within.count)} {what} in {span(comparison.within.minutes * 60)}"
    usual = "the usual is not known" if comparison.expected is None else f"usual are {decimal(comparison.expected)}"
    return f"{said}, {usual}"


def reach_of(reach: Reach) -> tuple[str, str]:
    """The number, named as an estimate, a lower or an upper limit, and its sample."""
    if not reach.known.part:
        return UNKNOWN, f"TikTok told the followers of none of {several(reach.known.of, 'sharer')}"
    said = f"followers of {sample(reach.known)} sharers added up"
    if reach.at_most is None:
        return f"≥ {short(reach.followers)}", f"an ESTIMATE: {said}, whoever shared besides adds more"
    if reach.at_most > reach.followers:
        return f"≤ {short(reach.at_most)}", f"an ESTIMATE, upper limit, {short(reach.followers)} at least: {said}"
    return f"≤ {short(reach.at_most)}", f"an ESTIMATE, upper limit: {said}"


def brought(new: NewViewers) -> tuple[str, str]:
    """New viewers per share with the standard error, or why they are not known; and the sample."""
    of = f"{several(new.shares, 'share')}, {several(new.joins, 'first join')} in {span(new.minutes * 60)}"
    if new.error is None:
        return UNKNOWN, f"an ESTIMATE takes more shares over a longer time than {of}"
    if new.per_share is None:
        return UNKNOWN, f"an ESTIMATE would be within ± {new.error:.1f} a share by chance alone: {of}"
    return tenths(new.per_share), f"± {new.error:.1f} a share, an ESTIMATE: {of}"


def tenths(number: float | None) -> str:
    """One decimal and no more: an estimate is not known better."""
    return UNKNOWN if number is None else f"{round(number, 1) + 0.0:.1f}"


def cascades_of(found: SharesResult) -> tuple[str, str]:
    """How many, and the longest; or that they cannot be told from chance."""
    if found.cascades is None:
        return UNKNOWN, "shares are too frequent, or too little was watched, to tell them from chance"
    if not found.longest_cascades:
        seconds = decimal(found.rules.cascade_seconds)
        return full(found.cascades), f"no chain within {seconds} s of each other that chance does not make"
    longest = found.longest_cascades[0]
    people = several(longest.people, "person", "people")
    return full(found.cascades), f"the longest {several(longest.shares, 'share')} by {people}"


def spikes_of(found: SharesResult) -> tuple[str, str]:
    """How many, and the highest; or that none can have been noticed yet."""
    if not found.spikes_known:
        return UNKNOWN, f"not yet: the first {span(found.learning_s)} only tell what is usual"
    if not found.spikes:
        return "0", f"none of {decimal(found.rules.spike_times)}× the usual or more"
    best = max(found.spikes, key=lambda spike: spike.peak_times)
    most = f"{several(best.peak_count, 'share')} in {span(best.peak_seconds)}"
    return full(
        found.spikes_found
    ), f"the highest {decimal(best.peak_times)}× the usual: {most} at {clock(best.peak_ms)}"


def quartiles(delays: Delays) -> str:
    """``half within 00:20 – 01:30, of 12``."""
    if delays.lower_s is None or delays.upper_s is None:
        return "of nobody"
    return f"the middle half {span(delays.lower_s)} – {span(delays.upper_s)}, of {full(delays.sample)}"


def median(delays: Delays) -> str:
    """``00:45``."""
    return UNKNOWN if delays.median_s is None else span(delays.median_s)


def called(display_name: str, username: str, user_id: str = "") -> str:
    """What to call somebody, fit to be drawn."""
    handle = drawn(username).strip()
    return drawn(display_name).strip() or (f"@{handle}" if handle else "") or user_id or "–"
