"""The shares of one session (SPEC §9), counted event by event; the same live and from history.

What a result says depends on the events in their order of arrival and on the gaps, not on when the gaps were told or
how the events were batched. An event costs less than a microsecond. Memory is bounded: 80 bytes for each of 200,000
people, 400 for each of 50,000 sharers, 16 for each of 500,000 shares, 0.4 MB for ten hours of counts over time (10 MB
at the most); what is beyond is counted as such.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import UTC, tzinfo

from tui_live.core.engagement.figures import Names, Portion, most
from tui_live.core.engagement.observed import Observed
from tui_live.core.engagement.outside import unobserved
from tui_live.core.engagement.seen import Seen
from tui_live.core.engagement.series import STEP_MS, Series
from tui_live.core.events import Batch, Event, GiftData, SocialData
from tui_live.core.shares.cascades import Chains
from tui_live.core.shares.new_viewers import new_viewers
from tui_live.core.shares.result import MOST_LISTED, Joined, Reach, ShareCell, SharesResult, Target
from tui_live.core.shares.rules import ShareRules
from tui_live.core.shares.sharers import AFTER, CHAT, FOLLOW, GIFT, JOIN, LIKE, SHARE, Sharers
from tui_live.core.shares.surges import Surges
from tui_live.core.shares.viral import busiest_minute, busiest_stretches, viral
from tui_live.core.totals import MOST

_COLUMNS = ("messages", "gifts", "coins", "joins", "follows", "shares")
_DEEDS = {"chat": CHAT, "gift": GIFT, "like": LIKE}


class Shares:
    """Who shares one session's stream, when, and what comes of it.

    ``start_ms`` is when the session was begun, UTC milliseconds. ``known`` has the ids of whoever shared in earlier
    sessions of the streamer (``None``: not known).
    """

    def __init__(self, start_ms: int, rules: ShareRules | None = None, *, known: Container[str] | None = None) -> None:
        self.rules = rules = rules or ShareRules()
        self.observed = Observed(start_ms)
        self._series = Series(_COLUMNS, start_ms)
        self._sharers = Sharers(known, rules.influencer_followers)
        self._surges = Surges(rules, self.observed)
        self._chains = Chains(rules.cascade_seconds)
        self._targets = Names()
        self._shares = self._anonymous = self._joined = self._joined_messages = 0
        self._until_ms = start_ms

    def add(self, batch: Batch) -> None:
        """Take in one batch."""
        self.take(batch.events, batch.received_ms)

    def add_gap(self, start_ms: int, end_ms: int) -> None:
        """Nobody was looking from ``start_ms`` until before ``end_ms``; any time, any order."""
        self.add_gaps([(start_ms, end_ms)])

    def add_gaps(self, gaps: Iterable[tuple[int, int]]) -> None:
        """Several gaps (start, end) at once, which is much less work than one by one."""
        first_ms = self.observed.add_gaps(gaps)
        if first_ms is not None:
            self._surges.gap(first_ms)

    def take(self, events: Sequence[Event], received_ms: int) -> None:
        """Take in events in their order of arrival; ``received_ms`` is when the last of them came."""
        self._until_ms = max(self._until_ms, received_ms)
        series, sharers = self._series, self._sharers
        step, columns, deeds_of, did = STEP_MS, series.columns, sharers.deeds, sharers.did
        messages = columns["messages"]
        for event in events:
            kind, time_ms, user = event.type, event.time_ms, event.user
            deed = _DEEDS.get(kind)
            if deed is not None:
                if kind == "chat":
                    at = time_ms // step - series.shift
                    if not series.low <= at < series.high:
                        at = series.place(time_ms)
                    if at >= 0:
                        messages[at] += 1
                elif kind == "gift":
                    deed = self._gift(event)
                if user is not None and deed:
                    deeds = deeds_of.get(user.user_id, 0)
                    if deeds & SHARE or not deeds & deed:
                        did(user, deed, time_ms)
            elif kind == "member":
                if event.subtype == "joined":
                    deeds = deeds_of.get(user.user_id, 0) if user is not None else 0
                    first = not deeds & (JOIN | JOIN << AFTER)
                    if first and (user is None or did(user, JOIN, time_ms)):
                        series.add("joins", series.place(time_ms), 1)
            elif kind == "social":
                self._social(event)
        if events:
            self._surges.go_on(events[-1].time_ms)

    def _gift(self, event: Event) -> int:
        data = event.data
        if not isinstance(data, GiftData):
            return 0
        if data.count_delta <= 0:  # the end of a streak, or for a guest
            return 0
        series = self._series
        at = series.place(event.time_ms)
        series.add("gifts", at, data.count_delta)
        series.add("coins", at, data.coins_delta)
        return GIFT

    def _social(self, event: Event) -> None:
        series, user, time_ms = self._series, event.user, event.time_ms
        if event.subtype == "follow":
            if user is None or self._sharers.did(user, FOLLOW, time_ms):
                series.add("follows", series.place(time_ms), 1)
        elif event.subtype == "share":
            self._shares += 1
            series.add("shares", series.place(time_ms), 1)
            number = -1
            if user is None:
                self._anonymous += 1
            else:
                number = self._sharers.shared(user, time_ms)
            self._surges.add(time_ms)
            self._chains.add(time_ms, number)
            data = event.data
            if isinstance(data, SocialData):
                if data.share_target:
                    self._targets.add(data.share_target)
                if isinstance(data.users_joined, int) and data.users_joined >= 0:
                    self._joined = min(self._joined + data.users_joined, MOST)
                    self._joined_messages += 1

    @property
    def spiking(self) -> bool:
        """Whether a spike of shares lasts, as of the latest share."""
        self._surges.settle(self._until_ms)
        return self._surges.spiking

    @property
    def spikes(self) -> int:
        """How many spikes there were: a change is something to tell the operator."""
        self._surges.settle(self._until_ms)
        return self._surges.count

    def result(
        self, *, until_ms: int | None = None, zone: tzinfo = UTC, top: int = 20, step_s: int = 60
    ) -> SharesResult:
        """The figures as they are now, in some milliseconds.

        ``until_ms``: until when the session was watched, without it until the last batch. ``zone``: whose local time
        the hours are in. ``top``: the length of lists of people and of cascades. ``step_s``: of the finer plot, a
        multiple of five.
        """
        until_ms = self._until_ms if until_ms is None else until_ms
        seen = Seen(self._series, self.observed, until_ms)
        sharers, surges, rules = self._sharers, self._surges, self.rules
        surges.settle(until_ms)
        stretches = viral(seen, rules.viral_per_minute)
        shares = seen.rate("shares")
        cascades, longest = self._chains.cascades(shares.count, seen.observed_sums[-1], top)
        most_shares, most_ms = busiest_minute(seen)
        targets = self._targets
        return SharesResult(
            start_ms=self.observed.start_ms,
            until_ms=until_ms,
            observed_s=seen.observed_ms / 1000,
            gaps=len(self.observed.gaps),
            time_zone=str(zone),
            rules=rules,
            shares=self._shares,
            anonymous=self._anonymous,
            per_minute=shares,
            over_minutes=seen.plot("shares", step_s, zone),
            over_hours=seen.plot("shares", 3600, zone),
            busiest_minute=most_shares,
            busiest_minute_ms=most_ms,
            sharers=len(sharers),
            top_sharers=sharers.top(top),
            repeat_sharers=Portion.out_of(sharers.repeat, len(sharers)),
            first_time_sharers=Portion.out_of(sharers.first_time, len(sharers)) if sharers.knows_earlier else None,
            influencers=sharers.influencer_count,
            top_influencers=sharers.influencers(top),
            influencer_shares=Portion.out_of(sharers.influencer_shares, sharers.known_shares),
            reach=self._reach(),
            spikes=surges.told(seen, MOST_LISTED),
            spikes_found=surges.count,
            viral=busiest_stretches(stretches, MOST_LISTED),
            viral_found=len(stretches),
            follows_after_spikes=surges.follows_after(seen),
            conversion=sharers.conversion(),
            cascades=cascades,
            longest_cascades=longest,
            chain_lengths=self._chains.lengths(),
            new_viewers=new_viewers(seen, rules),
            users_joined=Joined(self._joined, self._joined_messages),
            targets=Target(
                most(targets.counted, top),
                Portion.out_of(targets.counted.total() + targets.others, self._shares),
                targets.others,
            ),
            hours=_cells(seen, zone),
            messages_per_minute=seen.rate("messages"),
            gifts_per_minute=seen.rate("gifts"),
            coins_per_minute=seen.rate("coins"),
            untold=sharers.untold + surges.unremembered,
            misplaced=self._series.misplaced,
            outside=unobserved(seen, "shares", self._shares),
        )

    def _reach(self) -> Reach:
        followers, known = self._sharers.reach()
        followers, sharers = min(followers, MOST), len(self._sharers)
        whole = known == sharers and not self._anonymous and not self._sharers.untold
        return Reach(followers, followers if whole else None, Portion.out_of(known, sharers))


def _cells(seen: Seen, zone: tzinfo) -> list[ShareCell]:
    sums: dict[tuple[int, int], tuple[int, int]] = {}
    for weekday, hour, ms, [count] in seen.hours(("shares",), zone):
        observed, before = sums.get((weekday, hour), (0, 0))
        sums[weekday, hour] = observed + ms, before + count
    return [ShareCell(*key, ms / 60_000, count, count * 3_600_000 / ms) for key, (ms, count) in sorted(sums.items())]
