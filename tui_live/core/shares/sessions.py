"""The shares of several sessions of one streamer together."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from tui_live.core.engagement.figures import Portion, Rate, one_zone
from tui_live.core.shares.result import Reach, ShareCell, SharesResult
from tui_live.core.shares.sharers import Sharer
from tui_live.core.totals import MOST


class SessionShares(Struct, frozen=True):
    """One session in a comparison; the rate is per observed minute. ``None``: not known."""

    start_ms: int
    observed_s: float
    shares: int
    per_minute: float | None
    sharers: int
    first_time: Portion | None
    spikes: int | None
    cascades: int | None
    followed: Portion
    new_viewers_per_share: float | None


class RegularSharer(Struct, frozen=True):
    """One who shared in ``sessions`` of them, under the latest names; ``followers`` as last told."""

    user_id: str
    username: str
    display_name: str
    shares: int
    sessions: int
    followers: int | None


class HourOfShares(Struct, frozen=True):
    """An hour of the day or a day of the week (0 is Monday) over all sessions, local time."""

    at: int
    minutes: float
    shares: int
    per_hour: float


class SharesOverSessions(Struct, frozen=True):
    """Several sessions together; ``lines`` are in order of time.

    ``top_sharers`` add up the sessions' lists of sharers, each of which is as long as it was asked for. Where no
    session had more, they are ``complete``: ``sharers`` (different people), ``regular_sharers`` (those who shared in
    two sessions or more) and ``reach`` are exact then. Else ``sharers`` and ``regular_sharers`` are lower limits, the
    latter without a share, and ``reach`` adds up sessions: see :func:`_reach`. ``followed``, ``engaged`` are the
    sessions' sums: whoever shared in two of them counts twice.
    ``influencer_shares`` is of all shares whose sharer's followers were told.
    """

    lines: list[SessionShares]
    time_zone: str
    observed_s: float
    shares: int
    per_minute: Rate
    complete: bool
    sharers: int
    regular_sharers: Portion
    top_sharers: list[RegularSharer]
    influencer_shares: Portion
    reach: Reach
    spikes: int
    cascades: int
    followed: Portion
    engaged: Portion
    hours: list[ShareCell]
    by_hour: list[HourOfShares]
    by_weekday: list[HourOfShares]


def combine(results: Sequence[SharesResult], top: int = 20) -> SharesOverSessions:
    """The sessions together; ``ValueError`` when their hours are in different time zones."""
    results = sorted(results, key=lambda one: one.start_ms)
    zone = one_zone(one.time_zone for one in results)
    people = _people(results)
    cells = _cells(results)
    observed_s = sum(one.observed_s for one in results)
    complete = all(one.sharers == len(one.top_sharers) for one in results)
    sharers, regular = len(people), sum(one.sessions > 1 for one in people)
    if not complete:
        sharers, regular = max(sharers, _at_least(results)), max([regular, *map(_came_back, results)])
    return SharesOverSessions(
        lines=[_line(one) for one in results],
        time_zone=zone,
        observed_s=observed_s,
        shares=sum(one.shares for one in results),
        per_minute=Rate.together([one.per_minute for one in results]),
        complete=complete,
        sharers=sharers,
        regular_sharers=Portion.out_of(regular, sharers) if complete else Portion(regular, sharers, None),
        top_sharers=sorted(people, key=lambda one: (-one.shares, -one.sessions, one.user_id))[:top],
        influencer_shares=Portion.together([one.influencer_shares for one in results]),
        reach=_reach(results, people, complete),
        spikes=sum(one.spikes_found for one in results),
        cascades=sum(one.cascades or 0 for one in results),
        followed=Portion.together([one.conversion.followed for one in results]),
        engaged=Portion.together([one.conversion.engaged for one in results]),
        hours=cells,
        by_hour=_by(cells, "hour"),
        by_weekday=_by(cells, "weekday"),
    )


def _line(one: SharesResult) -> SessionShares:
    return SessionShares(
        one.start_ms,
        one.observed_s,
        one.shares,
        one.per_minute.per_minute,
        one.sharers,
        one.first_time_sharers,
        one.spikes_found if one.spikes_known else None,
        one.cascades,
        one.conversion.followed,
        one.new_viewers.per_share,
    )


def _came_back(one: SharesResult) -> int:
    """How many of a session's sharers shared in an earlier one, too."""
    return 0 if one.first_time_sharers is None else one.first_time_sharers.of - one.first_time_sharers.part


def _at_least(results: Sequence[SharesResult]) -> int:
    """How many different people shared at least: those of the first session, and in each later one whoever was new."""
    first_times = [one.first_time_sharers.part if one.first_time_sharers else 0 for one in results[1:]]
    return max([results[0].sharers + sum(first_times), *(one.sharers for one in results)])


def _reach(results: Sequence[SharesResult], people: list[RegularSharer], complete: bool) -> Reach:
    """Of different people where the lists are complete.

    Else at least that of the sessions' highest and of all who are listed, and at most all sessions' together; of the
    sharers of all sessions, whoever shared in two of them twice.
    """
    each = [one.reach for one in results]
    known = [one.followers for one in people if one.followers is not None]
    limits = [one.at_most for one in each if one.at_most is not None]
    whole = len(limits) == len(each)
    if complete:
        followers = min(sum(known), MOST)
        return Reach(followers, followers if whole else None, Portion.out_of(len(known), len(people)))
    followers = min(max([sum(known), *(one.followers for one in each)]), MOST)
    return Reach(followers, min(sum(limits), MOST) if whole else None, Portion.together([one.known for one in each]))


def _people(results: Sequence[SharesResult]) -> list[RegularSharer]:
    found: dict[str, RegularSharer] = {}
    for one in (sharer for result in results for sharer in result.top_sharers):
        found[one.user_id] = _again(found.get(one.user_id), one)
    return list(found.values())


def _again(before: RegularSharer | None, now: Sharer) -> RegularSharer:
    names = now.user_id, now.username, now.display_name
    if before is None:
        return RegularSharer(*names, now.shares, 1, now.followers)
    followers = before.followers if now.followers is None else now.followers
    return RegularSharer(*names, before.shares + now.shares, before.sessions + 1, followers)


def _cells(results: Sequence[SharesResult]) -> list[ShareCell]:
    sums: dict[tuple[int, int], tuple[float, int]] = {}
    for cell in (cell for result in results for cell in result.hours):
        minutes, shares = sums.get((cell.weekday, cell.hour), (0.0, 0))
        sums[cell.weekday, cell.hour] = minutes + cell.minutes, shares + cell.shares
    return [ShareCell(*key, minutes, shares, shares * 60 / minutes) for key, (minutes, shares) in sorted(sums.items())]


def _by(cells: list[ShareCell], field: str) -> list[HourOfShares]:
    sums: dict[int, tuple[float, int]] = {}
    for cell in cells:
        minutes, shares = sums.get(getattr(cell, field), (0.0, 0))
        sums[getattr(cell, field)] = minutes + cell.minutes, shares + cell.shares
    return [HourOfShares(at, minutes, shares, shares * 60 / minutes) for at, (minutes, shares) in sorted(sums.items())]
