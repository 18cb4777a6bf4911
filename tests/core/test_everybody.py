"""The ranking of all streams together is the sum of their rankings, whatever happens to them meanwhile."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.scores import NOW_MS, batch, events, follow, gift, like, person
from tui_live.core import everybody as module
from tui_live.core.everybody import Everybody
from tui_live.core.leaderboard import Leaderboard
from tui_live.core.scoring import Rules, shown
from tui_live.core.standings import Standings

RULES = (
    Rules.of(),
    Rules.of(likes_per_point=(7, 11), comment=1),
    Rules.of(likes_per_point=(4, 0.3), share="0.013"),
)
steps = st.one_of(
    st.tuples(st.just("add"), st.integers(0, 2), events()),
    st.tuples(st.just("add"), st.integers(0, 2), events()),
    st.tuples(st.just("add"), st.integers(0, 2), events()),
    st.tuples(st.just("appear"), st.integers(0, 2), st.none()),
    st.tuples(st.just("go"), st.integers(0, 2), st.none()),
    st.tuples(st.just("reset"), st.integers(0, 2), st.integers(1, 6)),
    st.tuples(st.just("refine"), st.integers(0, 2), st.integers(2, 5)),
    st.tuples(st.just("look"), st.just(0), st.none()),
    st.tuples(st.just("leave"), st.just(0), st.none()),
)


def settled(everybody: Everybody, boards: dict[str, Leaderboard]) -> Standings:
    """Look until everybody was added up."""
    seen = everybody.standings(boards, 0, 999)
    while everybody.filling:
        seen = everybody.standings(boards, 0, 999)
    return seen


def check(seen: Standings, boards: dict[str, Leaderboard]) -> None:
    points: defaultdict[str, Fraction] = defaultdict(Fraction)
    used: defaultdict[str, Fraction] = defaultdict(Fraction)
    likes: defaultdict[str, int] = defaultdict(int)
    for board in boards.values():
        for key, one in board.people.items():
            points[key] += Fraction(one.now.points, board.scale)
            used[key] += Fraction(one.used.points, board.scale)
            likes[key] += one.now.likes
    assert {line.user_id: line.score for line in seen.lines} == {
        key: shown(value.numerator, value.denominator) for key, value in points.items()
    }
    assert {line.user_id: line.used_score for line in seen.lines} == {
        key: shown(used[key].numerator, used[key].denominator) for key in points
    }
    assert {line.user_id: line.now.likes for line in seen.lines} == likes
    exact = [points[line.user_id] for line in seen.lines]
    assert exact == sorted(exact, reverse=True)
    assert [line.place for line in seen.lines] == list(range(1, len(exact) + 1))
    assert (seen.people, seen.scoring) == (len(points), sum(value > 0 for value in points.values()))
    for line in seen.lines:
        ones = [board.people[line.user_id] for board in boards.values() if line.user_id in board.people]
        assert line.first_ms == min(one.first_ms for one in ones)
        assert line.last_ms == max(one.last_ms for one in ones)


@given(st.lists(steps, max_size=50))
@settings(deadline=None)
def test_any_story_of_three_streams_adds_up(story) -> None:
    everybody = Everybody()
    boards: dict[str, Leaderboard] = {}
    for what, index, detail in story:
        name = f"stream{index}"
        if what == "appear":
            boards[name] = Leaderboard(RULES[index])
        elif what == "go":
            boards.pop(name, None)
        elif what == "look":
            check(settled(everybody, boards), boards)
        elif what == "leave":
            everybody.forget()
        elif name in boards:
            if what == "add":
                boards[name].add(batch(detail))
            elif what == "reset":
                boards[name].reset(person(detail).user_id)
            else:
                boards[name].refine(detail)
    check(settled(everybody, boards), boards)


def test_a_look_waits_for_nobody_and_the_rest_follows(monkeypatch) -> None:
    monkeypatch.setattr(module, "_LOOK_S", 0.001)
    board = Leaderboard(RULES[0])
    board.add(batch(*(like(person(number), number) for number in range(1, 3000))))
    everybody, looks = Everybody(), 1
    seen = everybody.standings({"a": board})
    assert 0 < seen.people < 2999
    while everybody.filling:
        seen = everybody.standings({"a": board})
        looks += 1
    assert looks > 2
    assert (seen.people, seen.scoring) == (2999, 2999)


def test_who_follows_one_of_them_is_a_follower_under_the_latest_name() -> None:
    boards = {"a": Leaderboard(RULES[0]), "b": Leaderboard(RULES[0])}
    boards["a"].add(batch(follow(person(1, 1), NOW_MS)))
    boards["b"].add(batch(like(person(1, 2), 9, NOW_MS + 5)))
    [line] = Everybody().standings(boards).lines
    assert (line.follower, line.name, line.handle) == (True, "Nick 2", "user1.2")


def test_a_board_that_is_no_longer_followed_keeps_no_list() -> None:
    everybody, board = Everybody(), Leaderboard(RULES[0])
    everybody.standings({"a": board})
    watching = len(board._watchers)
    everybody.standings({})
    assert len(board._watchers) == watching - 1
    everybody.standings({"a": board})
    everybody.forget()
    assert len(board._watchers) == watching - 1


def test_leaders_of_every_board_are_there_at_the_first_look() -> None:
    boards = {name: Leaderboard(Rules.of()) for name in ("a", "b")}
    for at, board in enumerate(boards.values()):
        for number in range(20_000):
            who = person(number + at * 10_000)
            board.add_event(gift(who, 1, 1 + (number * 7919) % 20_000), who)
    everybody = Everybody()
    first = everybody.standings(boards, 0, 5)
    assert first.lines and everybody.filling
    best = {line.score for line in first.lines}
    while everybody.filling:
        whole = everybody.standings(boards, 0, 5)
    assert whole.people == 30_000
    assert best & {line.score for line in whole.lines}
