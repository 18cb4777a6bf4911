"""What the database has of a board is the board: after every flush, after every restart."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from fractions import Fraction

import msgspec
import pytest

from tests.store.conftest import ANA, KING, NOW_MS, batch, chat, event, gift, join, like, share
from tui_live.core.board import Action, Board, Deed
from tui_live.core.events import Batch, LikeData, Person, SocialData
from tui_live.core.questions import Question
from tui_live.core.scoring import Rules
from tui_live.core.tally import MOST, Tally
from tui_live.errors import StoreError
from tui_live.store import sessions, writing
from tui_live.store.batches import BatchWriter
from tui_live.store.boards import load_actions_in_place, load_board, load_moves, places
from tui_live.store.recorder import Recorder
from tui_live.store.rescore import rescore
from tui_live.store.scores import replace_scores

RULES = Rules.of(comment="0.5", follow=2, share=1, gift_factors=[(4, 5), (None, 10)])
BOB = Person("6900000000000000003", "bob", "Ana", follow_status=1, followers=12, badges=("moderator",), verified=True)
ASKED = Question(77, ANA.user_id, "ana", "Ana", ANA.avatar_url, "why \N{SNOWMAN} 'so'?", NOW_MS)
LATER = msgspec.structs.replace(ASKED, msg_id=78, user_id=BOB.user_id, text="and now?")


class Show:
    """A session that is recorded, and its board, as a stream does it."""

    def __init__(self, recorder: Recorder, session: sessions.Session, board: Board) -> None:
        self.recorder, self.session, self.board = recorder, session, board

    @classmethod
    async def begin(cls, recorder: Recorder, rules: Rules = RULES, name: str = "host") -> Show:
        return cls(recorder, await sessions.begin(recorder, name, "7", NOW_MS, {}), Board(rules))

    def put(self, *events, **more) -> Batch:
        some = batch(*events, **more)
        self.session.totals.add(some)
        self.board.add(some)
        self.recorder.put(self.session.id, some, self.session.totals, self.board)
        return some

    def do(self, action: Action) -> Action:
        self.recorder.put_action(self.session.id, self.board, action)
        return action

    def note(self, now_ms: int) -> None:
        self.recorder.put_places(
            self.session.id, self.board, now_ms, self.board.movement.note(self.board.ranking, now_ms)
        )


@pytest.fixture
async def show(recorder) -> Show:
    return await Show.begin(recorder)


def picture(board: Board) -> dict[str, object]:
    """Everything that is to survive, points as fractions."""

    def exact(tally: Tally) -> list[object]:
        values = msgspec.structs.astuple(tally)
        return [*(Fraction(value, board.ranking.scale) for value in values[:5]), *values[5:]]

    def said(person: Person) -> Person:
        """What a leaderboard says of them: of what else is known, a session that goes on hears with what they do."""
        return Person(
            person.user_id, person.handle, person.nickname, person.avatar_url, follow_status=person.follow_status
        )

    state = msgspec.structs.asdict(board.state())
    del state["scale"]
    return {
        "people": [
            (said(one.person), one.number, one.first_ms, one.last_ms, one.followed, exact(one.now), exact(one.used))
            for one in board.ranking.stretch(0, 10**6)
        ],
        "state": state,
        "actions": board.actions,
        "used": board.used(),
        "last places": {who: place for who, place in board.movement._last.items() if place},
    }


async def rows(database, sql: str, *parameters: object) -> list[tuple]:
    async with database.execute(sql, parameters) as cursor:
        return [tuple(row) for row in await cursor.fetchall()]


def follow(user: Person):
    return event(SocialData("followed"), user, "social", "follow")


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


async def test_a_batch_that_cannot_be_written_takes_no_score_and_no_action_with_it(show, reader) -> None:
    show.put(like(15, 1), msgspec.structs.replace(chat("bad", time_ms=2**70), user=None))
    show.do(show.board.reset(ANA.user_id, NOW_MS))
    show.put(like(30, 2))
    await show.recorder.flush()
    assert await rows(reader, "SELECT likes, used_points FROM scores") == [(30, 1.0)]
    assert await rows(reader, "SELECT deed FROM score_actions") == [("reset",)]


@pytest.mark.parametrize("more", [[], [chat("two")]])
async def test_scores_that_cannot_be_written_take_no_event_and_no_other_session_with_them(show, reader, more) -> None:
    other = await Show.begin(show.recorder, name="other")
    show.board.add(batch(chat("from nowhere", time_ms=2**70)))
    show.put(chat("one"))
    if more:
        other.put(*more)
    else:
        other.do(other.board.pause(NOW_MS))
    await show.recorder.flush()
    show.put(chat("three"))
    await show.recorder.flush()
    said = [row[0] for row in await rows(reader, "SELECT message FROM events ORDER BY id")]
    assert said == ["one", *(each.text for each in more), "three"]
    assert await rows(reader, "SELECT total_events FROM sessions WHERE id = ?", show.session.id) == [(2,)]
    assert picture(await load_board(reader, other.session.id, RULES)) == picture(other.board)


async def test_a_disk_that_is_full_for_a_while_loses_no_score_and_no_action(show, reader, monkeypatch) -> None:
    failures = [sqlite3.OperationalError("database or disk is full")] * 2
    write = BatchWriter.write

    async def failing(self, *work) -> None:
        if failures:
            raise failures.pop()
        await write(self, *work)

    monkeypatch.setattr(BatchWriter, "write", failing)
    monkeypatch.setattr(writing, "_RETRY_SECONDS", 0.01)
    show.put(like(15, 1))
    show.do(show.board.pause(NOW_MS))
    flush = asyncio.create_task(show.recorder.flush())
    await asyncio.sleep(0)
    show.put(chat("meanwhile"))
    show.do(show.board.pause(NOW_MS))
    await flush
    await show.recorder.flush()
    assert picture(await load_board(reader, show.session.id, RULES)) == picture(show.board)
    assert [after for after, _ in await load_actions_in_place(reader, show.session.id)] == [1, 2]


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


@pytest.mark.parametrize(
    "board", ["{", "[]", "7", '{"scale": 0}', '{"scale": "x"}', '{"scale": 30, "paused": 3}', '{"waiting": [1]}', ""]
)
async def test_a_board_whose_state_is_broken_goes_on_and_is_written_again(show, reader, board) -> None:
    show.put(like(15, 1))
    show.do(show.board.pause(NOW_MS))
    await show.recorder.flush()
    async with show.recorder.writing() as database:
        await database.execute("UPDATE sessions SET board = ?", (board,))
    told: list[str] = []
    again = Show(show.recorder, show.session, await load_board(reader, show.session.id, RULES, told=told.append))
    assert "rescore" in told[0]
    assert not again.board.ranking.paused
    again.put(like(15, 2))
    await show.recorder.flush()
    told.clear()
    loaded = await load_board(reader, show.session.id, RULES, told=told.append)
    assert picture(loaded) == picture(again.board)
    assert told == []


async def test_what_was_done_and_cannot_be_read_is_left_out_and_its_number_is_not_used_again(show, reader) -> None:
    show.put(like(15, 1))
    for _ in range(3):
        show.do(show.board.pause(NOW_MS))
    show.do(show.board.ask(ASKED, NOW_MS))
    show.do(show.board.pause(NOW_MS))
    await show.recorder.flush()
    async with show.recorder.writing() as database:
        for number, column, value in ((2, "time_ms", "soon"), (4, "question", "{"), (5, "deed", "dance")):
            await database.execute(f"UPDATE score_actions SET {column} = ? WHERE number = ?", (value, number))
    found = [action for _, action in await load_actions_in_place(reader, show.session.id)]
    assert [(action.number, action.deed, action.question) for action in found] == [
        (1, Deed.PAUSE, None),
        (3, Deed.PAUSE, None),
        (4, Deed.ASK, None),
    ]
    again = Show(show.recorder, show.session, await load_board(reader, show.session.id, RULES))
    assert again.do(again.board.reset(ANA.user_id, NOW_MS)).number == 6
    again.do(again.board.undo(NOW_MS))
    await show.recorder.flush()
    loaded = await load_board(reader, show.session.id, RULES)
    assert [(action.number, action.target) for action in loaded.actions[-2:]] == [(6, 0), (7, 6)]


async def test_an_action_never_takes_the_place_of_another(show, reader) -> None:
    stale = Show(show.recorder, show.session, Board(RULES))
    show.put(like(15, 1))
    show.do(show.board.pause(NOW_MS))
    show.do(show.board.pause(NOW_MS))
    await show.recorder.flush()
    stale.board.add(batch(like(15, 1)))
    stale.do(stale.board.reset(ANA.user_id, NOW_MS))
    stale.do(stale.board.undo(NOW_MS))
    await show.recorder.flush()
    done = await rows(reader, "SELECT number, deed, target FROM score_actions ORDER BY number")
    assert done == [(1, "pause", 0), (2, "resume", 0), (3, "reset", 0), (4, "undo", 3)]
    assert await rows(reader, "SELECT action FROM score_moves") == [(3,)]


async def test_points_that_hostile_gifts_filled_up_stay_numbers_under_finer_units(show, reader) -> None:
    show.board.ranking.put(ANA, Tally(gift_points=MOST), Tally(), 1, 1)
    show.do(show.board.reset(ANA.user_id, NOW_MS))
    await show.recorder.flush()
    finer = Rules.of(likes_per_point=(7, 11))
    again = Show(show.recorder, show.session, await load_board(reader, show.session.id, finer))
    again.do(again.board.pause(NOW_MS))
    await show.recorder.flush()
    assert (await load_board(reader, show.session.id, finer)).ranking.people[ANA.user_id].used.gift_points == MOST


@pytest.mark.parametrize(
    "sql", ["score_rows SET used = '[1.5e30]'", "score_rows SET likes = 'many'", "score_moves SET tally = '[0]'"]
)
async def test_scores_that_cannot_be_read_say_so_and_are_counted_again(show, reader, path, sql) -> None:
    show.put(like(15, 1))
    reset = show.do(show.board.reset(ANA.user_id, NOW_MS))
    await show.recorder.flush()
    async with show.recorder.writing() as database:
        await database.execute(f"UPDATE {sql}")
    with pytest.raises(StoreError, match="rescore"):
        await load_board(reader, show.session.id, RULES)
        await load_moves(reader, show.session.id, reset.number, RULES.scale)
    if "moves" not in sql:
        assert await rescore(path, show.session.id, RULES, write=True)
        assert picture(await load_board(reader, show.session.id, RULES)) == picture(show.board)
        assert not await rescore(path, show.session.id, RULES)
