"""A program that is started again goes on showing what it showed, also while a stream is not live."""

from __future__ import annotations

import sqlite3

import msgspec
import pytest

from tests.e2e.conftest import query
from tests.waiting import until
from tui_live.core.standings import Line
from tui_live.core.status import State
from tui_live.simulator import SCENARIOS

SHORT = msgspec.structs.replace(SCENARIOS["ends"], messages=300, rate=600)


async def recorded(simulators, watch):
    simulator = await simulators(ends=SHORT)
    first = await watch(simulator, "ends")
    await first.until_state("ends", State.ENDED)
    before = first.engine.scores.standings("ends", 0, 10)
    assert before.people
    await first.close()
    return simulator, first.path, before


def unseen(line: Line) -> Line:
    return msgspec.structs.replace(line, last_ms=0)


async def test_the_last_session_stays_in_sight_until_the_next_begins(simulators, watch) -> None:
    simulator, path, before = await recorded(simulators, watch)
    [(key, events)] = query(path, "SELECT id, total_events FROM sessions")
    second = await watch(simulator, "ends", path=path)
    await second.until_state("ends", State.OFFLINE)
    await until(lambda: second.view("ends").session_id)
    now = second.engine.scores.standings("ends", 0, 10)
    # When they were last seen is written about once a minute only.
    assert [unseen(line) for line in now.lines] == [unseen(line) for line in before.lines]
    assert (now.scoring, now.people) == (before.scoring, before.people)
    view = second.view("ends")
    assert (view.session_id, view.totals.events) == (key, events)
    # It is shown, not under way: nothing has begun, and nothing was written.
    assert second.engine.watchlist.stream("ends").sessions.current is None
    await second.close()
    assert query(path, "SELECT id, status, total_events FROM sessions") == [(key, "ended", events)]


@pytest.mark.parametrize("hours", [11, 13])
async def test_what_was_over_long_ago_is_not_shown_again(simulators, watch, hours) -> None:
    simulator, path, before = await recorded(simulators, watch)
    with sqlite3.connect(path) as database:
        database.execute(
            "UPDATE sessions SET session_end = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ?),"
            " last_received_ms = last_received_ms - ? * 3600000",
            (f"-{hours} hours", hours),
        )
    database.close()
    second = await watch(simulator, "ends", path=path)
    await second.until_state("ends", State.OFFLINE)
    async with second.engine.watchlist.stream("ends").sessions._turn:  # whatever is to be shown was looked for
        shown = second.engine.scores.standings("ends", 0, 10)
    assert shown.people == (before.people if hours < 12 else 0)
