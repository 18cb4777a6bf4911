"""The engagement of one session (SPEC §9), counted event by event; the same live and from history.

What a result says depends on the events in their order of arrival and on the gaps, not on when the gaps were told or
how the events were batched. An event costs about a microsecond. Memory is bounded: 90 bytes for each of 200,000
people, 0.6 MB for ten hours of counts over time (18 MB at the most), 3,000 kinds of gifts; what is beyond is counted
as such.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import UTC, tzinfo

from tui_live.core.engagement.audience import ACTS, Audience
from tui_live.core.engagement.figures import Names, Portion, most
from tui_live.core.engagement.gifts import Gifts
from tui_live.core.engagement.levels import Viewers, growth, held, mean_level
from tui_live.core.engagement.moments import Weights, most_engaging
from tui_live.core.engagement.observed import Observed
from tui_live.core.engagement.outside import outside
from tui_live.core.engagement.result import EngagementResult, HourCell, People, Words
from tui_live.core.engagement.seen import Seen
from tui_live.core.engagement.series import STEP_MS, Series
from tui_live.core.events import Batch, ChatData, Event, GiftData, LikeData, RoomUpdateData
from tui_live.core.totals import MOST

_COLUMNS = (
    *("events", "messages", "gifts", "givings", "coins", "likes", "follows", "shares", "joins", "viewers"),
    "room_likes",
)
_HOURLY = ("messages", "coins", "likes", "joins")
#: An hour of which less was observed is not called busy.
_BUSY_MINUTES = 10.0
_MOST_ROOMS = 1_000
#: So far from the session, a message's time tells nothing of when it came.
_ABOUT_MS = 60_000


class Engagement:
    """What the audience of one session does.

    ``start_ms`` is when the session was begun, UTC milliseconds. ``known`` has the ids of whoever was seen in earlier
    sessions of the streamer (``None``: not known), ``host_id`` is the host's.
    """

    def __init__(self, start_ms: int, *, known: Container[str] | None = None, host_id: str = "") -> None:
        self.observed = Observed(start_ms)
        self._series = Series(_COLUMNS, start_ms)
        self._audience = Audience(known, host_id)
        self._gifts = Gifts()
        self._languages = Names()
        self._followers: set[int] = set()
        self._visitors: dict[str, int] = {}
        self._events = self._messages = self._likes = self._follows = self._shares = 0
        self._peak: tuple[int, int] | None = None
        self._now: int | None = None
        self._until_ms = start_ms

    def add(self, batch: Batch) -> None:
        """Take in one batch."""
        self.take(batch.events, batch.received_ms, batch.room_id)

    def add_gap(self, start_ms: int, end_ms: int) -> None:
        """Nobody was looking from ``start_ms`` until before ``end_ms``; any time, any order."""
        self.add_gaps([(start_ms, end_ms)])

    def add_gaps(self, gaps: Iterable[tuple[int, int]]) -> None:
        """Several gaps (start, end) at once, which is much less work than one by one."""
        self.observed.add_gaps(gaps)

    def take(self, events: Sequence[Event], received_ms: int, room_id: str = "") -> None:
        """Take in events of one room in their order of arrival; ``received_ms`` is when the last of them came."""
        self._until_ms = max(self._until_ms, received_ms)
        self._events += len(events)
        audience, numbers, flags, acts = self._audience, self._audience.numbers, self._audience.flags, ACTS
        series, step = self._series, STEP_MS
        shift, low, high = series.shift, series.low, series.high
        columns = series.columns
        everything, messages, joins = columns["events"], columns["messages"], columns["joins"]
        for event in events:
            kind, time_ms, user, data = event.type, event.time_ms, event.user, event.data
            at = time_ms // step - shift
            if not low <= at < high:
                at = series.place(time_ms)
                shift, low, high = series.shift, series.low, series.high
            if at >= 0:
                everything[at] += 1
            if user is None:
                number = -1
            else:
                found = numbers.get(user.user_id)
                number = audience.enter(user.user_id, user.region) if found is None else found
                if number >= 0 and (act := acts.get(kind)) is not None and not flags[number] & act:
                    audience.acted(number, kind, time_ms)
            if isinstance(data, ChatData):
                self._messages += 1
                if at >= 0:
                    messages[at] += 1
                if data.language:
                    self._languages.add(data.language)
            elif kind == "member":
                if event.subtype == "joined":
                    if at >= 0:
                        joins[at] += 1
                    if number >= 0:
                        audience.came(number, time_ms)
            else:
                self._take_rarer(event, at, number, room_id)

    def _take_rarer(self, event: Event, at: int, number: int, room_id: str) -> None:
        data, series = event.data, self._series
        columns, add = series.columns, series.add
        if isinstance(data, LikeData):
            self._likes = _plus(self._likes, data.like_count)
            add("likes", at, data.like_count)
            if at >= 0 and data.total_like_count > 0:
                columns["room_likes"][at] = min(data.total_like_count, MOST)
        elif isinstance(data, GiftData):
            self._gifts.add(data, number, event.user)
            if data.count_delta > 0:
                add("givings", at, 1)
                add("gifts", at, data.count_delta)
                add("coins", at, data.coins_delta)
        elif event.type == "social":
            if event.subtype == "share":
                self._shares += 1
                add("shares", at, 1)
            elif event.subtype == "follow" and number not in self._followers:
                if number >= 0:
                    self._followers.add(number)
                self._follows += 1
                add("follows", at, 1)
        elif isinstance(data, RoomUpdateData):
            viewers = min(max(data.viewer_count, 0), MOST)
            self._now = viewers
            if self._peak is None or viewers > self._peak[0]:
                self._peak = viewers, event.time_ms
            if at >= 0:
                columns["viewers"][at] = viewers + 1
            if data.total_user_count > 0 and (room_id in self._visitors or len(self._visitors) < _MOST_ROOMS):
                most_told = max(self._visitors.get(room_id, 0), data.total_user_count)
                self._visitors[room_id] = min(most_told, MOST)

    def result(
        self,
        *,
        until_ms: int | None = None,
        zone: tzinfo = UTC,
        top: int = 20,
        step_s: int = 60,
        weights: Weights | None = None,
    ) -> EngagementResult:
        """The figures as they are now, in some milliseconds.

        ``until_ms``: until when the session was watched, without it until the last batch. ``zone``: whose local time
        the hours are in. ``top``: the length of lists. ``step_s``: of plots, a multiple of five.
        """
        until_ms = self._until_ms if until_ms is None else until_ms
        weights = weights or Weights()
        seen = Seen(self._series, self.observed, until_ms)
        levels = held(seen, "viewers")
        mean, known_minutes = mean_level(seen, levels)
        peak, peak_ms = self._peak or (None, None)
        if peak_ms is not None:
            peak_ms = _within(peak_ms, self.observed.start_ms, until_ms)
        cells = _cells(seen, zone)
        messages_over_time = seen.plot("messages", step_s, zone)
        gifts, audience = self._gifts, self._audience
        return EngagementResult(
            start_ms=self.observed.start_ms,
            until_ms=until_ms,
            observed_s=seen.observed_ms / 1000,
            gaps=len(self.observed.gaps),
            time_zone=str(zone),
            events=self._events,
            messages=self._messages,
            gifts=gifts.units,
            coins=gifts.coins,
            guest_coins=gifts.guest_coins,
            likes=self._likes,
            follows=self._follows,
            shares=self._shares,
            viewers=Viewers(peak, peak_ms, mean, self._now, known_minutes),
            people=self._people(),
            messages_per_minute=seen.rate("messages"),
            likes_per_minute=seen.rate("likes"),
            room_likes_per_minute=growth(seen, "room_likes"),
            coins_per_minute=seen.rate("coins"),
            joins_per_minute=seen.rate("joins"),
            first_action=audience.first_actions(self.observed),
            moments=most_engaging(seen, weights, levels),
            weights=weights,
            messages_over_time=messages_over_time,
            likes_over_time=seen.plot("likes", step_s, zone),
            coins_over_time=seen.plot("coins", step_s, zone),
            coins_per_hour=seen.plot("coins", 3600, zone),
            viewers_over_time=seen.means(levels, messages_over_time),
            most_sent=gifts.most_sent(top),
            dearest=gifts.dearest(top),
            givers=gifts.givers,
            spenders=gifts.spenders(top),
            untold_gifts=gifts.untold,
            languages=_words(self._languages, self._messages, top),
            regions=_words(audience.regions, len(audience), top),
            hours=cells,
            busiest=sorted(
                (cell for cell in cells if cell.minutes >= _BUSY_MINUTES),
                key=lambda cell: (-cell.messages_per_minute, cell.weekday, cell.hour),
            )[:5],
            misplaced=self._series.misplaced,
            outside=outside(seen, "events", self._events, until_ms),
        )

    def viewer_ids(self) -> Iterable[str]:
        """Everybody who was seen, for what later sessions know of earlier ones."""
        return self._audience.numbers.keys()

    def _people(self) -> People:
        audience = self._audience
        seen = len(audience)
        known = audience.knows_earlier
        visitors = min(sum(self._visitors.values()), MOST) if self._visitors else None
        return People(
            seen,
            audience.joined,
            seen - audience.returning if known else None,
            Portion.out_of(audience.returning, seen) if known else None,
            Portion.out_of(audience.active, seen),
            None if visitors is None else Portion.out_of(min(audience.active, visitors), visitors),
            visitors,
            {kind: audience.actors[kind] for kind in ACTS},
            audience.beyond,
        )


def _within(time_ms: int, start_ms: int, until_ms: int) -> int | None:
    """This time within the session's, ``None`` when it is far from that."""
    if not start_ms - _ABOUT_MS <= time_ms <= until_ms + _ABOUT_MS:
        return None
    return min(max(time_ms, start_ms), until_ms)


def _cells(seen: Seen, zone: tzinfo) -> list[HourCell]:
    sums: dict[tuple[int, int], list[int]] = {}
    for weekday, hour, ms, counts in seen.hours(_HOURLY, zone):
        before = sums.get((weekday, hour), [0] * (len(_HOURLY) + 1))
        sums[weekday, hour] = [a + b for a, b in zip(before, (ms, *counts), strict=True)]
    return [HourCell(*key, counts[0] / 60_000, *counts[1:]) for key, counts in sorted(sums.items())]


def _words(names: Names, of: int, top: int) -> Words:
    return Words(most(names.counted, top), Portion.out_of(names.counted.total() + names.others, of), names.others)


def _plus(total: int, more: int) -> int:
    return min(total + more, MOST) if more > 0 else total
