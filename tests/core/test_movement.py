"""Places are noted once a minute; what changed since is what arrows and histories show."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.scores import NOW_MS, batch, like, person
from tui_live.core import movement as module
from tui_live.core.leaderboard import Leaderboard
from tui_live.core.movement import EVERY_MS, FOLLOWED, Movement
from tui_live.core.scoring import Rules


def test_nothing_is_noted_before_a_minute_is_over() -> None:
    board, movement = Leaderboard(Rules.of()), Movement()
    board.add(batch(like(person(1), 15)))
    assert movement.note(board, NOW_MS) == [(person(1).user_id, 1, board.scale)]
    board.add(batch(like(person(2), 30)))
    assert movement.note(board, NOW_MS + EVERY_MS - 1) == []
    assert movement.before(person(1).user_id) == 0
    assert movement.note(board, NOW_MS + EVERY_MS) == [
        (person(2).user_id, 1, 2 * board.scale),
        (person(1).user_id, 2, board.scale),
    ]
    assert movement.before(person(1).user_id) == 1
    assert movement.before(person(2).user_id) == 0


def test_who_has_no_points_any_more_or_falls_behind_has_place_0() -> None:
    board, movement = Leaderboard(Rules.of()), Movement()
    board.add(batch(*(like(person(number), number) for number in range(1, FOLLOWED + 1))))
    movement.note(board, NOW_MS)
    board.reset(person(5).user_id)
    board.add(batch(like(person(500), 1000), like(person(501), 1000)))
    changed = {who: place for who, place, _ in movement.note(board, NOW_MS + EVERY_MS)}
    assert changed[person(5).user_id] == 0
    assert changed[person(1).user_id] == 0
    assert changed[person(500).user_id] == 1
    assert movement.before(person(1).user_id) == FOLLOWED


minutes = st.lists(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 60), st.booleans()), max_size=6), max_size=8)


@given(minutes, st.integers(0, 8))
@settings(deadline=None)
def test_the_notes_tell_everybodys_place_at_every_minute_also_over_a_restart(told, restart) -> None:
    followed, module.FOLLOWED = module.FOLLOWED, 4
    try:
        board, movement = Leaderboard(Rules.of()), Movement()
        known: dict[str, int] = {}
        before: dict[str, int] = {}
        for number, minute in enumerate(told):
            for who, likes, reset in minute:
                board.add(batch(like(person(who), likes)))
                if reset:
                    board.reset(person(who).user_id)
            if number == restart:
                movement = Movement()
                movement.resume({who: place for who, place in known.items() if place})
            notes = movement.note(board, NOW_MS + number * EVERY_MS)
            assert all(known.get(who, 0) != place for who, place, _ in notes)
            assert all(points == board.people[who].now.points for who, place, points in notes if place)
            assert all(points == 0 for _, place, points in notes if not place)
            before = dict(known)
            known |= {who: place for who, place, _ in notes}
            expected = {one.person.user_id: place for place, one in enumerate(board.stretch(0, 4), 1) if one.now.points}
            assert {who: place for who, place in known.items() if place} == expected
            assert all(movement.before(who) == before.get(who, 0) for who in board.people)
    finally:
        module.FOLLOWED = followed
