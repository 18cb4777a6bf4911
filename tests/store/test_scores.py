"""What the database has of a board is the board: after every flush, after every restart."""

from __future__ import annotations

import json
from fractions import Fraction

import msgspec
import pytest

from tests.store.conftest import ANA, KING, NOW_MS, batch, chat, event, gift, join, like, share
from tests.store.shows import ASKED, BOB, LATER, RULES, Show, follow, picture, rows
from tui_live.core.board import Action, Board, Deed
from tui_live.core.events import Batch, LikeData, Person
from tui_live.core.scoring import Rules
from tui_live.store.boards import load_actions_in_place, load_board, load_moves, places
from tui_live.store.scores import replace_scores


@pytest.fixture
async def show(recorder) -> Show:
    return await Show.begin(recorder)


async def test_after_every_flush_the_database_has_the_board(show, reader) -> None:
    async def same() -> None:
        await show.recorder.flush()
        loaded = await load_board(reader, show.session.id, RULES)
        assert picture(loaded) == picture(show.board)

    await same()
    show.put(like(15, 100), gift(5, 3), chat("hi", BOB), join(Person("6900000000000000004", "", "")))
    await same()
    show.put(follow(ANA), share(BOB), like(7, 120), event(LikeData(10, 130, True), BOB, "like"))
    show.note(NOW_MS)
    await same()
    show.do(show.board.ask(ASKED, NOW_MS + 1))
    show.do(show.board.ask(LATER, NOW_MS + 2))
    await same()
    show.do(show.board.reset(ANA.user_id, NOW_MS + 3))
    show.put(chat("again"))
    await same()
    show.do(show.board.pick_winner(NOW_MS + 4))
    show.put(gift(100, 9, BOB), follow(BOB))
    await same()
    show.do(show.board.undo(NOW_MS + 5))
    show.do(show.board.unuse(LATER, NOW_MS + 6))
    show.put(gift(1, 9, BOB))
    show.note(NOW_MS + 60_000)
    await same()
    show.do(show.board.reset_all(NOW_MS + 7))
    show.note(NOW_MS + 120_000)
    await same()
    assert show.board.ranking.changed == {}
    assert await rows(reader, "SELECT total_users FROM sessions") == [(4,)]


async def test_who_renames_is_one_row_and_two_of_the_same_nickname_are_two(show, reader) -> None:
    renamed = Person(KING.user_id, "emperor", "Ana")
    show.put(like(30, 1, KING), like(15, 1, ANA))
    await show.recorder.flush()
    show.put(like(15, 1, renamed))
    await show.recorder.flush()
    assert await rows(reader, "SELECT user_id, username, nickname, likes, points FROM scores ORDER BY points DESC") == [
        (KING.user_id, "emperor", "Ana", 45, 3.0),
        (ANA.user_id, "ana", "Ana", 15, 1.0),
    ]


async def test_the_view_says_points_as_people_read_them(show, reader) -> None:
    other = await Show.begin(show.recorder, Rules.of(likes_per_point=(7, 7)), "other")
    show.put(like(20, 1), gift(3, 2, ANA), chat("x"), share(), follow(ANA))
    other.put(like(14, 1))
    show.do(show.board.reset(ANA.user_id, NOW_MS))
    show.put(gift(5, 1, ANA))
    await show.recorder.flush()
    columns = "points, coins, gifts, likes, comments, follows, shares, used_points, first_seen, last_seen"
    [row] = await rows(reader, f"SELECT {columns} FROM scores WHERE session_id = ?", show.session.id)
    seen = "2026-11-21T02:36:44.829Z"
    assert row[:7] == (50.0, 5, 1, 0, 0, 0, 0)
    assert row[7] == pytest.approx(20 / 15 + 30 + 0.5 + 1 + 2)
    assert row[8:] == (seen, seen)
    assert await rows(reader, "SELECT points FROM scores WHERE session_id = ?", other.session.id) == [(2.0,)]


async def test_actions_stand_where_they_happened_among_the_events(show, reader) -> None:
    done: dict[int, int] = {}

    def do(action: Action, behind: int) -> None:
        show.do(action)
        done[action.number] = behind

    do(show.board.pause(NOW_MS), 0)  # before the first event, alone
    await show.recorder.flush()
    show.put(chat("1"), chat("2"))
    do(show.board.pause(NOW_MS), 2)
    show.put()  # a frame without events
    do(show.board.ask(ASKED, NOW_MS), 2)
    show.put(chat("3"))
    do(show.board.reset(ANA.user_id, NOW_MS), 3)
    do(show.board.undo(NOW_MS), 3)
    show.put(chat("4"), chat("5"))
    await show.recorder.flush()
    do(show.board.reset_all(NOW_MS), 5)
    await show.recorder.flush()  # no batch at all
    other = await Show.begin(show.recorder)
    other.put(chat("6"))
    other.do(other.board.pause(NOW_MS))
    do(show.board.clear(NOW_MS), 6) if show.board.desk.shown else None
    show.put(chat("7"))
    await show.recorder.flush()
    found = await load_actions_in_place(reader, show.session.id)
    assert {action.number: after for after, action in found} == done
    assert [action for _, action in found] == show.board.actions
    assert await rows(reader, "SELECT after_event FROM score_actions WHERE session = 2") == [(6,)]


async def test_events_and_actions_in_their_places_make_the_board_again(show, reader) -> None:
    """What a rescore relies on."""
    batches: list[Batch] = []
    for number in range(30):
        batches.append(show.put(chat(str(number)), gift(1 + number % 7, 2, BOB), like(number + 1, 1, KING)))
        if number % 4 == 0:
            show.do(show.board.pause(NOW_MS))
        if number % 5 == 0:
            show.do(show.board.reset(BOB.user_id, NOW_MS)) if show.board.ranking.people[BOB.user_id].now else None
        if number % 9 == 0:
            show.do(show.board.undo(NOW_MS))
        if number % 3 == 0:
            await show.recorder.flush()
    await show.recorder.flush()
    again = Board(RULES)
    todo = await load_actions_in_place(reader, show.session.id)
    last = 0
    for some in batches:
        while todo and todo[0][0] <= last:
            again.apply(todo.pop(0)[1])
        again.add(some)
        last += len(some.events)
    for _, action in todo:
        again.apply(action)
    assert picture(again) == picture(show.board)


async def test_a_reset_of_an_earlier_run_is_undone_after_a_restart(show, reader) -> None:
    show.put(like(15, 1), gift(5, 1), chat("x", BOB))
    reset = show.do(show.board.reset_all(NOW_MS))
    await show.recorder.flush()
    again = Show(show.recorder, show.session, await load_board(reader, show.session.id, RULES))
    assert again.board.moved(reset.number) is None
    again.put(chat("more"))
    moved = await load_moves(reader, show.session.id, reset.number, again.board.ranking.scale)
    assert {key: tally.points for key, tally in moved.items()} == {
        ANA.user_id: 30,
        KING.user_id: 50 * 30,
        BOB.user_id: 15,
    }
    again.board.remember_moved(reset.number, moved)
    again.do(again.board.undo(NOW_MS))
    await show.recorder.flush()
    points = await rows(reader, "SELECT username, points, used_points FROM scores ORDER BY points")
    assert points == [("bob", 0.5, None), ("ana", 1.5, None), ("king", 50.0, None)]
    assert picture(await load_board(reader, show.session.id, RULES)) == picture(again.board)


@pytest.mark.parametrize("rules", [Rules.of(likes_per_point=(7, 11)), Rules.of(likes_per_point=(1, 1)), RULES])
async def test_going_on_under_other_rules_keeps_every_fraction(show, reader, rules) -> None:
    show.put(like(1, 1), event(LikeData(3, 9, True), BOB, "like"), like(7, 2, KING))
    kept = show.do(show.board.reset(BOB.user_id, NOW_MS))
    show.note(NOW_MS)
    await show.recorder.flush()
    again = Show(show.recorder, show.session, await load_board(reader, show.session.id, rules))
    assert picture(again.board) == picture(show.board)
    again.put(like(1, 3))
    again.note(NOW_MS)
    expected = {
        ANA.user_id: Fraction(1, 15) + Fraction(rules.other_like, rules.scale),
        BOB.user_id: 0,
        KING.user_id: Fraction(7, 15),
    }
    ranking = again.board.ranking
    assert {key: Fraction(one.now.points, ranking.scale) for key, one in ranking.people.items()} == expected
    await show.recorder.flush()
    assert picture(await load_board(reader, show.session.id, rules)) == picture(again.board)
    points = dict(await rows(reader, "SELECT user_id, points FROM scores"))
    assert points == {key: pytest.approx(float(value)) for key, value in expected.items()}
    used = "SELECT used_points FROM scores WHERE user_id = ?"
    assert await rows(reader, used, BOB.user_id) == [(pytest.approx(0.3),)]
    noted = "SELECT points / (board ->> '$.scale' * 1.0) FROM score_places, sessions WHERE user_id = ? AND time_ms = ?"
    assert await rows(reader, noted, KING.user_id, NOW_MS) == [(pytest.approx(7 / 15),)]
    moved = await load_moves(reader, show.session.id, kept.number, ranking.scale)
    ranking.give_back(moved)
    assert Fraction(ranking.people[BOB.user_id].now.points, ranking.scale) == Fraction(3, 10)


async def test_moves_that_were_written_under_coarser_units_come_back_in_the_boards(show, reader) -> None:
    show.put(like(1, 1))
    reset = show.do(show.board.reset(ANA.user_id, NOW_MS))
    await show.recorder.flush()
    rules = Rules.of(likes_per_point=(7, 11))
    again = await load_board(reader, show.session.id, rules)  # nothing was written since: the database is coarser
    moved = await load_moves(reader, show.session.id, reset.number, again.ranking.scale)
    again.remember_moved(reset.number, moved)
    again.undo(NOW_MS)
    assert Fraction(again.ranking.people[ANA.user_id].now.points, again.ranking.scale) == Fraction(1, 15)
    assert not again.ranking.people[ANA.user_id].used


async def test_recomputed_scores_take_the_place_of_what_was_there(show, reader) -> None:
    show.put(like(15, 1), chat("x", BOB))
    show.do(show.board.reset(ANA.user_id, NOW_MS))
    show.note(NOW_MS)
    await show.recorder.flush()
    rules = Rules.of(likes_per_point=(3, 4))
    new = Board(rules)
    new.add(batch(like(15, 1)))
    for action in show.board.actions:
        new.apply(action)
    async with show.recorder.writing() as database:
        await replace_scores(database, show.session.id, new)
    loaded = await load_board(reader, show.session.id, rules)
    assert picture(loaded) | {"last places": 0} == picture(new) | {"last places": 0}
    assert [one.person.user_id for one in loaded.ranking.stretch(0, 9)] == [ANA.user_id]
    moved = await load_moves(reader, show.session.id, 1, rules.scale)
    assert Fraction(moved[ANA.user_id].points, rules.scale) == Fraction(15, 4)


async def test_a_reset_of_everybody_is_written_whole_before_it_has_reached_them(show, reader) -> None:
    async def same() -> None:
        await show.recorder.flush()
        loaded = await load_board(reader, show.session.id, RULES)
        again = Board(RULES)  # what memory has, by another way than reaching the people of this board
        for each in sent:
            again.add(each) if isinstance(each, Batch) else again.apply(each)
        assert picture(loaded) == picture(again)

    sent: list[Batch | Action] = []
    sent.append(show.put(like(15, 100), gift(5, 3), chat("hi", BOB), follow(BOB)))
    await same()
    sent.append(show.put(like(15, 100), like(30, 100, BOB)))
    sent.append(show.do(show.board.reset_all(NOW_MS)))
    sent.append(show.put(like(45, 100, BOB)))
    await same()
    sent.append(show.put(gift(5, 3, BOB)))
    sent.append(show.do(show.board.undo(NOW_MS)))
    sent.append(show.put(share(KING)))
    await same()
    for deed in ("reset_all", "undo", "reset_all"):
        sent.append(show.do(getattr(show.board, deed)(NOW_MS)))
    await same()
    sent.append(show.put(chat("late", KING)))
    sent.append(show.do(show.board.reset_all(NOW_MS)))
    await same()
    sent.append(show.do(show.board.undo(NOW_MS)))
    sent.append(show.do(show.board.undo(NOW_MS)))
    await same()


async def test_places_over_time_are_a_persons_history(show, reader) -> None:
    show.put(like(15, 1), like(16, 2, KING))
    show.note(NOW_MS)
    show.put(like(9, 3))
    show.note(NOW_MS + 60_000)
    show.note(NOW_MS + 120_000)  # nothing changed
    show.do(show.board.reset(ANA.user_id, NOW_MS))
    show.note(NOW_MS + 180_000)
    await show.recorder.flush()
    assert await places(reader, show.session.id, ANA.user_id) == [
        (NOW_MS, 2),
        (NOW_MS + 60_000, 1),
        (NOW_MS + 180_000, 0),
    ]
    assert await places(reader, show.session.id, "nobody") == []
    loaded = await load_board(reader, show.session.id, RULES)
    assert loaded.movement._last == {KING.user_id: 1}


async def test_last_seen_is_written_with_a_score_or_a_minute_later(show, reader) -> None:
    def joined(after_ms: int):
        return msgspec.structs.replace(join(), time_ms=NOW_MS + after_ms)

    last_ms = "SELECT last_ms - ? FROM score_rows"
    for after_ms, expected in ((0, 0), (30_000, 0), (60_001, 60_001), (90_000, 60_001), (130_000, 130_000)):
        show.put(joined(after_ms))
        await show.recorder.flush()
        assert await rows(reader, last_ms, NOW_MS) == [(expected,)]


async def test_a_session_without_scores_has_an_empty_board(show, reader) -> None:
    board = await load_board(reader, show.session.id, RULES)
    assert (len(board.ranking), board.ranking.scale, board.actions) == (0, RULES.scale, [])
    missing = await load_board(reader, "nothere", RULES)
    assert len(missing.ranking) == 0


async def test_hostile_words_in_a_question_come_back_as_they_are(show, reader) -> None:
    hostile = msgspec.structs.replace(ASKED, text="'; DROP TABLE scores; -- \x1b[31m [bold] \U0001f600 \u202e")
    show.do(show.board.ask(hostile, NOW_MS))
    await show.recorder.flush()
    board = await load_board(reader, show.session.id, RULES)
    assert board.desk.shown == hostile
    assert board.actions[0].question == hostile
    assert board.actions[0].deed is Deed.ASK
    [(state,)] = await rows(reader, "SELECT board FROM sessions")
    assert json.loads(state)["shown"]["text"] == hostile.text
