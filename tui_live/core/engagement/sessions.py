"""The engagement of several sessions of one streamer, side by side and together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from tui_live.core.engagement.figures import Portion, Rate, one_zone
from tui_live.core.engagement.gifts import Gift, Spender
from tui_live.core.engagement.result import EngagementResult, HourCell
from tui_live.core.totals import MOST


class SessionLine(Struct, frozen=True):
    """One session in a comparison; rates are per observed minute."""

    start_ms: int
    observed_s: float
    peak_viewers: int | None
    mean_viewers: float | None
    messages_per_minute: float | None
    coins: int
    coins_per_minute: float | None
    follows: int
    shares: int
    viewers_seen: int
    returning: Portion | None
    active: Portion


class BusyHour(Struct, frozen=True):
    """An hour of the day or a day of the week (0 is Monday) over all sessions, local time; per observed minute."""

    at: int
    minutes: float
    messages: int
    coins: int
    messages_per_minute: float
    coins_per_minute: float


class EngagementOverSessions(Struct, frozen=True):
    """Several sessions together. ``lines`` are in order of time.

    Sums of people over sessions would count regulars several times, so there are none: see :func:`attendance`.
    ``spenders`` and ``gifts`` add up the lists of the sessions, each of which is as long as it was asked for; they are
    ``complete`` when no session had more. ``mean_viewers`` is weighted by the time in which viewers are known.
    """

    lines: list[SessionLine]
    time_zone: str
    observed_s: float
    messages: Rate
    coins: Rate
    peak_viewers: int | None
    mean_viewers: float | None
    spenders: list[Spender]
    spenders_complete: bool
    gifts: list[Gift]
    cells: list[HourCell]
    by_hour: list[BusyHour]
    by_weekday: list[BusyHour]


def combine(results: Sequence[EngagementResult], top: int = 20) -> EngagementOverSessions:
    """The sessions together; ``ValueError`` when their hours are in different time zones."""
    results = sorted(results, key=lambda one: one.start_ms)
    zone = one_zone(one.time_zone for one in results)
    known = [one.viewers for one in results if one.viewers.mean is not None]
    minutes = sum(one.known_minutes for one in known)
    spenders = _spenders(results)
    gifts = _gifts(results)
    cells = _cells(results)
    return EngagementOverSessions(
        lines=[_line(one) for one in results],
        time_zone=zone,
        observed_s=sum(one.observed_s for one in results),
        messages=Rate.together([one.messages_per_minute for one in results]),
        coins=Rate.together([one.coins_per_minute for one in results]),
        peak_viewers=max((one.viewers.peak for one in results if one.viewers.peak is not None), default=None),
        mean_viewers=sum((one.mean or 0) * one.known_minutes for one in known) / minutes if minutes else None,
        spenders=sorted(spenders, key=lambda one: (-one.coins, one.user_id))[:top],
        spenders_complete=all(one.givers == len(one.spenders) for one in results),
        gifts=sorted(gifts, key=lambda one: (-one.units, one.gift_id))[:top],
        cells=cells,
        by_hour=_by(cells, "hour"),
        by_weekday=_by(cells, "weekday"),
    )


def attendance(sessions: Iterable[Iterable[str]]) -> dict[int, int]:
    """How many people were seen in exactly so many sessions, from the ids of each (``Engagement.viewer_ids``)."""
    times = Counter(user_id for ids in sessions for user_id in set(ids))
    return dict(sorted(Counter(times.values()).items()))


def _line(one: EngagementResult) -> SessionLine:
    return SessionLine(
        one.start_ms,
        one.observed_s,
        one.viewers.peak,
        one.viewers.mean,
        one.messages_per_minute.per_minute,
        one.coins,
        one.coins_per_minute.per_minute,
        one.follows,
        one.shares,
        one.people.seen,
        one.people.returning,
        one.people.active,
    )


def _spenders(results: Sequence[EngagementResult]) -> list[Spender]:
    """By person, under the latest names."""
    found: dict[str, Spender] = {}
    for one in (spender for result in results for spender in result.spenders):
        before = found.get(one.user_id, Spender(one.user_id, "", ""))
        units, coins = min(before.units + one.units, MOST), min(before.coins + one.coins, MOST)
        found[one.user_id] = Spender(one.user_id, one.username, one.display_name, units, coins)
    return list(found.values())


def _gifts(results: Sequence[EngagementResult]) -> list[Gift]:
    found: dict[str, Gift] = {}
    for result in results:
        for one in {gift.gift_id: gift for gift in (*result.most_sent, *result.dearest)}.values():
            before = found.get(one.gift_id, Gift(one.gift_id, "", ""))
            units, coins = min(before.units + one.units, MOST), min(before.coins + one.coins, MOST)
            found[one.gift_id] = Gift(one.gift_id, one.gift_name, one.image_url, units, coins)
    return list(found.values())


def _cells(results: Sequence[EngagementResult]) -> list[HourCell]:
    found: dict[tuple[int, int], HourCell] = {}
    for one in (cell for result in results for cell in result.hours):
        before = found.get((one.weekday, one.hour), HourCell(one.weekday, one.hour, 0.0, 0, 0, 0, 0))
        found[one.weekday, one.hour] = HourCell(
            one.weekday,
            one.hour,
            before.minutes + one.minutes,
            min(before.messages + one.messages, MOST),
            min(before.coins + one.coins, MOST),
            min(before.likes + one.likes, MOST),
            min(before.joins + one.joins, MOST),
        )
    return [found[key] for key in sorted(found)]


def _by(cells: list[HourCell], field: str) -> list[BusyHour]:
    found: dict[int, tuple[float, int, int]] = {}
    for cell in cells:
        minutes, messages, coins = found.get(getattr(cell, field), (0.0, 0, 0))
        found[getattr(cell, field)] = minutes + cell.minutes, messages + cell.messages, min(coins + cell.coins, MOST)
    return [
        BusyHour(at, minutes, messages, coins, messages / minutes, coins / minutes)
        for at, (minutes, messages, coins) in sorted(found.items())
    ]
