"""Who shared, and what they did afterwards."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Container
from operator import attrgetter

from msgspec import Struct

from tui_live.core.engagement.figures import Delays, Portion
from tui_live.core.events import Person

#: Sharers who are followed one by one (20 MB at the most); shares of others count as ``untold``.
MOST_SHARERS = 50_000
#: People whose earlier deeds are remembered: 16 MB at the most. Of others it is not known what they did before.
MOST_PEOPLE = 200_000

CHAT, GIFT, LIKE, FOLLOW, JOIN, SHARE = 1, 2, 4, 8, 16, 32
#: The same after the person's first share, and engagement after the follow that came after a share.
AFTER = 8
THEN = 1 << 16
ENGAGED = CHAT | GIFT | LIKE


class Sharer(Struct, gc=False):
    """One who shared. ``followers`` as TikTok last told them, ``None`` where it never did.

    ``first_time``: not among the sharers of earlier sessions (``None``: those are not known). ``followed_after_s``:
    seconds from the share before it to the follow, ``None`` where none came after a share or they followed before.
    """

    user_id: str
    username: str
    display_name: str
    shares: int
    first_ms: int
    last_ms: int
    followers: int | None
    first_time: bool | None
    influencer: bool = False
    followed_before: bool = False
    followed_after_s: int | None = None
    chatted_after: bool = False
    gave_after: bool = False
    liked_after: bool = False


class Conversion(Struct, frozen=True):
    """What sharers did after their first share in this session, in order of arrival; each person counts once.

    ``followed``: of those who were not known to follow before (neither by what TikTok says of them nor by a follow seen
    in the session), so many did after sharing; ``follow_delay`` is from the share before it. ``chatted``, ``gave``,
    ``liked`` and ``engaged`` (any of them) are of all sharers, ``engaged_before`` had done so before they shared;
    ``followed_and_engaged`` are those of the ones who followed after sharing that did so after following.
    What a gap hides is missing, and what was done after the session, too: these are lower limits.
    """

    followed: Portion
    follow_delay: Delays
    chatted: Portion
    gave: Portion
    liked: Portion
    engaged: Portion
    engaged_before: Portion
    followed_and_engaged: Portion


class Sharers:
    """The people of one session as far as sharing is concerned."""

    def __init__(self, known: Container[str] | None, influencer_followers: int) -> None:
        self.deeds: dict[str, int] = {}
        self.untold = 0
        self.repeat = self.first_time = self.fresh = self.followed = 0
        self.influencer_shares = self.known_shares = 0
        #: How many sharers did each deed after sharing, and had before.
        self.after: Counter[int] = Counter()
        self.engaged = self.engaged_before = self.then = 0
        self.delays: Counter[int] = Counter()
        self._known = known
        self._influencer = influencer_followers
        self._sharers: dict[str, Sharer] = {}
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._sharers)

    def did(self, person: Person, deed: int, time_ms: int) -> bool:
        """Somebody did this; whether it is the first time in the session."""
        deeds = self.deeds.get(person.user_id)
        if deeds is None:
            if len(self.deeds) >= MOST_PEOPLE:
                return True
            deeds = 0
        first = not deeds & (deed | deed << AFTER)
        if deeds & SHARE:
            if not deeds & deed << AFTER:
                self.after[deed] += 1
                self.engaged += bool(deed & ENGAGED) and not deeds & ENGAGED << AFTER
                if deed == FOLLOW and not deeds & FOLLOW:
                    self._follow(self._sharers[person.user_id], time_ms)
                deeds |= deed << AFTER
            if deed & ENGAGED and not deeds & THEN and self._sharers[person.user_id].followed_after_s is not None:
                deeds |= THEN
                self.then += 1
            self.deeds[person.user_id] = deeds
        elif not deeds & deed:
            self.deeds[person.user_id] = deeds | deed
        return first

    def _follow(self, sharer: Sharer, time_ms: int) -> None:
        if sharer.followed_before or sharer.followed_after_s is not None:
            return
        sharer.followed_after_s = max(0, time_ms - sharer.last_ms) // 1000
        self.delays[sharer.followed_after_s] += 1
        self.followed += 1

    def shared(self, person: Person, time_ms: int) -> int:
        """Somebody shared; returns a number that is theirs, -1 beyond the bounds."""
        user_id = person.user_id
        sharer = self._sharers.get(user_id)
        if sharer is None:
            sharer = self._enter(person, time_ms)
            if sharer is None:
                self.untold += 1
                return -1
        sharer.shares += 1
        self.repeat += sharer.shares == 2
        sharer.last_ms = max(sharer.last_ms, time_ms)
        if person.handle:
            sharer.username, sharer.display_name = person.handle, person.nickname
        if person.followers is not None:
            sharer.followers = max(person.followers, 0)
            self.known_shares += 1
            if sharer.followers >= self._influencer:
                sharer.influencer = True
                self.influencer_shares += 1
        return self._numbers[user_id]

    def _enter(self, person: Person, time_ms: int) -> Sharer | None:
        user_id = person.user_id
        deeds = self.deeds.get(user_id, 0)
        if len(self._sharers) >= MOST_SHARERS or (user_id not in self.deeds and len(self.deeds) >= MOST_PEOPLE):
            return None
        first_time = None if self._known is None else user_id not in self._known
        before = person.follow_status > 0 or bool(deeds & FOLLOW)
        sharer = Sharer(
            user_id, person.handle, person.nickname, 0, time_ms, time_ms, None, first_time, followed_before=before
        )
        self._sharers[user_id] = sharer
        self._numbers[user_id] = len(self._numbers)
        self.deeds[user_id] = deeds | SHARE
        self.first_time += bool(first_time)
        self.fresh += not before
        self.engaged_before += bool(deeds & ENGAGED)
        return sharer

    def top(self, count: int) -> list[Sharer]:
        """Who shared most often; equal ones in the order of their first shares."""
        ordered = sorted(self._sharers.values(), key=attrgetter("shares"), reverse=True)
        return [self._told(sharer) for sharer in ordered[:count]]

    def influencers(self, count: int) -> list[Sharer]:
        """The influencers among them, by followers."""
        found = [one for one in self._sharers.values() if one.influencer]
        found = heapq.nsmallest(count, found, key=lambda one: (-(one.followers or 0), one.first_ms, one.user_id))
        return [self._told(sharer) for sharer in found]

    @property
    def influencer_count(self) -> int:
        """How many of them are influencers."""
        return sum(one.influencer for one in self._sharers.values())

    def reach(self) -> tuple[int, int]:
        """The followers of all of whom they are known, and how many those are."""
        known = [one.followers for one in self._sharers.values() if one.followers is not None]
        return sum(known), len(known)

    @property
    def knows_earlier(self) -> bool:
        """Whether it is known who shared in earlier sessions."""
        return self._known is not None

    def conversion(self) -> Conversion:
        """What they did afterwards."""
        sharers, after = len(self._sharers), self.after
        return Conversion(
            Portion.out_of(self.followed, self.fresh),
            Delays.of(self.delays),
            Portion.out_of(after[CHAT], sharers),
            Portion.out_of(after[GIFT], sharers),
            Portion.out_of(after[LIKE], sharers),
            Portion.out_of(self.engaged, sharers),
            Portion.out_of(self.engaged_before, sharers),
            Portion.out_of(self.then, self.followed),
        )

    def _told(self, one: Sharer) -> Sharer:
        deeds = self.deeds[one.user_id] >> AFTER
        return Sharer(
            one.user_id,
            one.username,
            one.display_name,
            one.shares,
            one.first_ms,
            one.last_ms,
            one.followers,
            one.first_time,
            one.influencer,
            one.followed_before,
            one.followed_after_s,
            bool(deeds & CHAT),
            bool(deeds & GIFT),
            bool(deeds & LIKE),
        )
