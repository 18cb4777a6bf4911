"""Shares and engagement are the same live and from history: however batched, and whenever the gaps are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.story import START, batch, batches, chat, follow, gift, join, like, person, share, viewers
from tui_live.core import engagement, shares
from tui_live.core.engagement import Engagement, audience, gifts
from tui_live.core.events import Event
from tui_live.core.shares import ShareRules, Shares, sharers, surges

Gap = tuple[int, int]
#: Short windows, so that short stories have spikes.
RULES = ShareRules(window_seconds=10, viral_per_minute=20, cascade_seconds=2)

_at = st.floats(-60, 400)
_who = st.builds(person, st.integers(1, 6), st.sampled_from([None, 5, 20_000]), st.booleans())
_event = st.one_of(
    st.builds(chat, _at, _who, st.sampled_from(["", "en", "ja"])),
    st.builds(like, _at, _who, st.integers(0, 20), st.integers(0, 900)),
    st.builds(gift, _at, _who, st.integers(0, 5), st.integers(0, 90), st.sampled_from(["Rose", "Lion"])),
    st.builds(join, _at, _who),
    st.builds(follow, _at, _who),
    st.builds(share, _at, _who, st.sampled_from(["", "copy"]), st.sampled_from([None, 3])),
    st.builds(viewers, _at, st.integers(0, 500), st.integers(0, 900)),
)


def _rush(start_s: int, count: int) -> list[Event]:
    """So many shares in a row, after the usual ones: a spike, and a cascade."""
    usual = [share(at, 1) for at in range(3, start_s, 15)] if count else []
    return usual + [share(start_s + at / 4, at % 7) for at in range(count)]


_story = st.tuples(
    st.lists(_event, max_size=60), st.builds(_rush, st.integers(100, 390), st.sampled_from([0, 0, 40])), st.booleans()
).map(lambda parts: sorted([*parts[0], *parts[1]], key=lambda event: event.time_ms * parts[2]))
_gap = st.tuples(st.integers(-10, 400), st.integers(0, 120)).map(lambda gap: (gap[0], sum(gap)))


def told(events: list[Event], cuts: Iterable[int], gaps: list[tuple[int, Gap]]) -> list[bytes]:
    """What both say at last; each gap is told before the batch with that number, or after all."""
    found: list[Any] = [Shares(START, RULES, known={"1"}), Engagement(START, known={"2"})]
    parts = batches(events, cuts)
    for number in range(len(parts) + 1):
        due = [gap for at, gap in gaps if at == number or (at > len(parts) and number == len(parts))]
        for one in found:
            for start_s, end_s in due:
                one.add_gap(START + start_s * 1000, START + end_s * 1000)
            if number < len(parts):
                one.add(parts[number])
            if number % 3 == 1:
                one.result()
    return [msgspec.json.encode(one.result(until_ms=START + 450_000)) for one in found]


@settings(deadline=None, max_examples=50)
@given(_story, st.sets(st.integers(1, 90), max_size=20), st.lists(st.tuples(st.integers(0, 20), _gap), max_size=4))
def test_batches_and_the_moment_at_which_gaps_are_told_change_nothing(
    events: list[Event], cuts: set[int], gaps: list[tuple[int, Gap]]
) -> None:
    live = told(events, cuts, gaps)
    assert told(events, (), [(0, gap) for _, gap in gaps]) == live
    assert told(events, range(100), [(999, gap) for _, gap in reversed(gaps)] * 2) == live


@settings(deadline=None, max_examples=40)
@given(_story, st.lists(_gap, max_size=4))
def test_figures_are_possible_ones(events: list[Event], gaps: list[Gap]) -> None:
    one, other = Shares(START, RULES), Engagement(START)
    for each in (one, other):
        each.add(batch(events))
        for start_s, end_s in gaps:
            each.add_gap(START + start_s * 1000, START + end_s * 1000)
    spread, done = one.result(until_ms=START + 450_000), other.result(until_ms=START + 450_000)
    unobserved = {second for start_s, end_s in gaps for second in range(max(start_s, 0), min(end_s, 450))}
    assert spread.observed_s == done.observed_s == 450 - len(unobserved)
    assert sum(spread.over_minutes.counts) == spread.per_minute.count <= spread.shares
    assert sum(spread.over_minutes.observed_s) == pytest.approx(spread.per_minute.minutes * 60)
    assert spread.observed_s - 10 * spread.gaps <= spread.per_minute.minutes * 60 <= spread.observed_s
    # No rate counts what is from a gap, from before or from after: brute force over whole steps.
    steps = [at for at in range(0, 450, 5) if not unobserved & set(range(at, at + 5))]
    assert spread.per_minute.minutes == pytest.approx(len(steps) / 12)
    seconds = {at + more for at in steps for more in range(5)}
    shared = [(event.time_ms - START) // 1000 for event in events if event.subtype == "share"]
    assert spread.per_minute.count == sum(second in seconds for second in shared)
    partial = {at + more for at in range(0, 450, 5) for more in range(5) if unobserved & set(range(at, at + 5))} - {
        second for second in unobserved if set(range(second // 5 * 5, second // 5 * 5 + 5)) <= unobserved
    }
    assert spread.outside == sum(second not in seconds | partial for second in shared)
    assert sum(cell.shares for cell in spread.hours) == spread.per_minute.count
    assert sum(length * count for length, count in spread.chain_lengths.items()) == spread.shares
    assert sum(cell.minutes for cell in done.hours) == pytest.approx(done.messages_per_minute.minutes)
    converted = spread.conversion
    for portion in (converted.followed, converted.engaged, converted.followed_and_engaged, done.people.active):
        assert 0 <= portion.part <= portion.of
    assert max(converted.chatted.part, converted.gave.part, converted.liked.part) <= converted.engaged.part
    assert done.shares == spread.shares
    assert done.follows == len({e.user.user_id for e in events if e.user and e.subtype == "follow"})
    if done.viewers.mean is not None:
        assert 0 <= done.viewers.mean <= (done.viewers.peak or 0)


def test_memory_is_bounded_and_what_is_dropped_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, most in (
        (audience, "MOST_PEOPLE", 3),
        (gifts, "MOST_GIFTS", 2),
        (sharers, "MOST_SHARERS", 2),
        (sharers, "MOST_PEOPLE", 4),
        (surges, "MOST_SHARES", 5),
    ):
        monkeypatch.setattr(module, name, most)
    crowd = [chat(1, who) for who in range(1, 8)]
    given = [gift(2, 1, 1, 5, name) for name in ("Rose", "Lion", "Cap")] + [gift(2, 7)]
    spread = [share(3, who) for who in (1, 2, 3, 6, 1, 1)]
    one, other = Shares(START), Engagement(START)
    for each in (one, other):
        each.add(batch([*crowd, *given, *spread]))
    found, done = one.result(), other.result()
    assert (found.shares, found.sharers, [each.shares for each in found.top_sharers]) == (6, 2, [3, 1])
    assert found.untold == 3
    assert (done.messages, done.people.seen, done.people.beyond) == (7, 3, 6)
    assert (done.gifts, len(done.most_sent), done.untold_gifts) == (4, 2, 2)


def test_both_modules_combine_nothing_into_something_empty() -> None:
    assert msgspec.json.encode(shares.combine([]))
    assert msgspec.json.encode(engagement.combine([]))
