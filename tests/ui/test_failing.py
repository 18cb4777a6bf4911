"""A console that fails by an error of its own says so in a line, and is opened again on the streams that it had."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from msgspec import structs
from textual.pilot import WaitForScreenTimeout

from tests.ui.conftest import started
from tests.ui.fakes import FakeBackend, every_state
from tui_live.config import load
from tui_live.core.status import State
from tui_live.ui import run
from tui_live.ui.widgets.log_view import LogView


async def test_an_error_of_its_own_is_a_line_on_the_terminal_and_all_of_it_in_the_log(
    console, monkeypatch, caplog
) -> None:
    def failing(self: LogView) -> None:
        raise ZeroDivisionError("[bold]a fault\x1b[31m")

    monkeypatch.setattr(LogView, "action_follow", failing)
    app = console(FakeBackend(every_state()))
    said: list[Any] = []
    monkeypatch.setattr(app, "_print_error_renderables", lambda: said.extend(app._exit_renderables))
    with pytest.raises((ZeroDivisionError, WaitForScreenTimeout)), caplog.at_level(logging.CRITICAL):
        async with app.run_test(size=(120, 40)) as pilot:
            await started(pilot)
            await pilot.press("1", "f")
    [line] = {str(each) for each in said}
    assert line.startswith("tui-live: The console failed (ZeroDivisionError) — ") and "\n" not in line
    [record] = [record for record in caplog.records if record.name == "tui_live.ui.app"]
    assert record.exc_info is not None and record.exc_info[0] is ZeroDivisionError
    stopped = {view.name for view in every_state() if view.standing.state is State.STOPPED}
    assert stopped and (set(app.watched or ()), set(app.resting)) == ({view.name for view in every_state()}, stopped)


class Ended:
    """What a console leaves behind."""

    def __init__(self, failure: Exception | None, watched: tuple[str, ...] | None = ("alice", "bob")) -> None:
        self.failure = failure
        self.watched = watched
        self.resting = () if watched is None else watched[1:]
        self.return_code = 0 if failure is None else 1


def test_it_is_opened_again_on_the_streams_that_it_had(own_home, monkeypatch) -> None:
    ends = [Ended(ZeroDivisionError(), None), Ended(ZeroDivisionError()), Ended(None)]
    opened: list[tuple[object, ...]] = []

    def opening(loaded, prepare, *, demo: bool, again: bool, resting: tuple[str, ...]) -> Ended:
        opened.append((loaded.config.streams, again, resting))
        return ends[len(opened) - 1]

    monkeypatch.setattr(run, "_run", opening)
    loaded = load(None, {})
    run.run_console(structs.replace(loaded, config=structs.replace(loaded.config, streams=("alice",))))
    assert opened == [(("alice",), False, ()), (("alice",), True, ()), (("alice", "bob"), True, ("bob",))]


def test_one_that_keeps_failing_stays_shut(own_home, monkeypatch) -> None:
    opened: list[bool] = []

    def opening(loaded, prepare, *, demo: bool, again: bool, resting: tuple[str, ...]) -> Ended:
        opened.append(again)
        return Ended(ZeroDivisionError())

    monkeypatch.setattr(run, "_run", opening)
    with pytest.raises(SystemExit) as ended:
        run.run_console(load(None, {}))
    assert ended.value.code == 1
    assert opened == [False, True, True, True]
