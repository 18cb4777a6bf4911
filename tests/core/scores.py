"""Events by few people, as strategies and as functions, for tests of scores."""

from __future__ import annotations

import itertools

from hypothesis import strategies as st

from tui_live.core.events import Batch, ChatData, Event, GiftData, LikeData, MemberData, Person, SocialData

NOW_MS = 1_795_228_604_829
_ids = itertools.count(1)


def person(number: int, look: int = 0, *, status: int = 0) -> Person:
    """The person ``number`` under one of their names; all have the same nickname when ``look`` is 0."""
    nickname = f"Nick {look}" if look else "Alex"
    return Person(str(6_900_000_000_000_000_000 + number), f"user{number}.{look}", nickname, follow_status=status)


def event(user: Person | None, data, kind: str, subtype: str = "", time_ms: int = NOW_MS) -> Event:
    return Event(kind, subtype, user, "", time_ms, data, next(_ids), 0)


def chat(user: Person | None, time_ms: int = NOW_MS) -> Event:
    return event(user, ChatData("hello"), "chat", time_ms=time_ms)


def like(user: Person | None, count: int, time_ms: int = NOW_MS) -> Event:
    follower = user is not None and user.follow_status > 0
    return event(user, LikeData(count, 9_999_999, follower), "like", time_ms=time_ms)


def gift(user: Person | None, coins: int, count: int, time_ms: int = NOW_MS, *, guest: bool = False) -> Event:
    host = 0 if guest else count
    data = GiftData(
        *("Rose", "5655", coins, count, False, "9", coins * count, host, coins * host),
        to_user="77" if guest else "",
        guest_coins_delta=coins * count - coins * host,
    )
    return event(user, data, "gift", time_ms=time_ms)


def follow(user: Person | None, time_ms: int = NOW_MS) -> Event:
    return event(user, SocialData("followed"), "social", "follow", time_ms)


def share(user: Person | None, time_ms: int = NOW_MS) -> Event:
    return event(user, SocialData("shared"), "social", "share", time_ms)


def join(user: Person | None, time_ms: int = NOW_MS) -> Event:
    return event(user, MemberData("joined", 3), "member", "joined", time_ms)


def batch(*events: Event) -> Batch:
    return Batch("7", NOW_MS, b"frame", events)


def people(most: int = 6) -> st.SearchStrategy[Person]:
    """People who change their names and follow or not; about one in two shares a nickname with others."""
    return st.builds(
        lambda number, look, status: person(number, look, status=status),
        *(st.integers(1, most), st.integers(0, 2), st.integers(0, 2)),
    )


def events(most: int = 6) -> st.SearchStrategy[Event]:
    """Everything that counts, and something that does not."""
    users = st.one_of(people(most), people(most), people(most), st.none())
    times = st.integers(NOW_MS, NOW_MS + 300_000)
    return st.one_of(
        st.builds(chat, users, times),
        st.builds(like, users, st.integers(1, 500), times),
        st.builds(gift, users, st.sampled_from((1, 4, 5, 30, 99, 100, 999, 29_999)), st.integers(0, 99), times),
        st.builds(lambda *of: gift(*of, guest=True), users, st.just(5), st.integers(1, 9), times),
        st.builds(follow, users, times),
        st.builds(share, users, times),
        st.builds(join, users, times),
    )
