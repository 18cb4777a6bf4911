"""A replay has keys of its own, offers nothing that cannot be done to a recording, and says when it is over."""

from __future__ import annotations

import pytest

from tests.ui.conftest import started, until
from tests.ui.fakes import FakeBackend, view
from tests.ui.moment import NOW_MS
from tui_live.core.status import Health, State, StreamView
from tui_live.engine.playing import Playing
from tui_live.ui.app import TuiLiveApp
from tui_live.ui.screens.help import Help
from tui_live.ui.widgets.key_bar import KeyBar
from tui_live.ui.widgets.status_bar import parts

ADDED = ("Watch another stream", "Start the selected stream", "Stop watching it", "End its session")


class Played(FakeBackend):
    """A recording of a minute that is played."""

    def __init__(self) -> None:
        super().__init__([view("alice", 0)])
        self.playback: Playing = Playing("abcd2345", NOW_MS - 60_000, NOW_MS, 1.0)
        self.playback.begin()

    def streams(self) -> list[StreamView]:
        return [view("alice", 0, self.playback.standing.state, self.playback.standing.reason)]

    def health(self) -> Health:
        return Health(playing=self.playback.said)


@pytest.fixture
def played() -> Played:
    return Played()


def bottom(app: TuiLiveApp) -> str:
    return app.screen.query_one(KeyBar).render_line(0).text


def top(app: TuiLiveApp) -> str:
    return app.main.status.render_line(0).text


@pytest.mark.parametrize("pane", ["0", "1", "g"])
async def test_space_pauses_and_goes_on_wherever_one_is(console, played, pane) -> None:
    app = console(played)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press(pane)
        await until(pilot, lambda: "pause/go on" in bottom(app))
        await pilot.press("space")
        assert played.playback.standing.state is State.STOPPED
        assert "replay paused 1×" in top(app)
        assert "□ 1 paused" in top(app)
        await pilot.press("space")
        assert played.playback.standing.state is State.LIVE
        assert played.done == []


async def test_a_narrow_log_says_how_to_pause(console, played) -> None:
    app = console(played)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        await pilot.press("2")
        await until(pilot, lambda: "q to overlay  space pause/go on" in bottom(app))


async def test_a_space_in_a_filter_is_one(console, played) -> None:
    app = console(played)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("slash", *"a+b", "space", *"-c", "enter")
        assert app.main.log_pane.log_view.filter.source == "a+b -c"
        assert (played.playback.standing.state, played.playback.speed) == (State.LIVE, 1)


async def test_the_triggers_keep_their_space(console, played) -> None:
    played.clips.add_rule({"word": "clip that"})
    app = console(played)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("T", "space")
        await until(pilot, lambda: not played.clips.rules()[0].rule.enabled)
        assert played.playback.standing.state is State.LIVE


async def test_plus_and_minus_change_the_speed_at_once(console, played) -> None:
    app = console(played)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        assert "+ faster  - slower" in bottom(app)
        await pilot.press("plus", "plus")
        assert "replay 5×" in top(app)
        await pilot.press("1", "minus")
        assert "replay 2×" in top(app)
        await pilot.press(*["plus"] * 4)
        assert [note.title for note in app._notifications] == ["20× is as far as it goes"]


async def test_what_is_over_says_so(console, played) -> None:
    app = console(played)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        played.playback.end()
        for key in ("space", "plus"):
            await pilot.press(key)
        assert {(note.title, note.message) for note in app._notifications} == {
            ("The recording is over", "open it again with tui-live replay")
        }
        app.main.tick()
        assert "■ 1 ended" in top(app)
        assert "waiting" not in top(app)
        assert "live" not in top(app).removeprefix(" TUI Live").lower()


def test_a_live_stream_that_ended_is_awaited() -> None:
    said = [part.text for part in parts([view("alice", 0, State.ENDED)], Health())]
    assert "◌ 1 waiting" in said


async def test_what_cannot_be_done_to_a_recording_is_not_offered(console, played) -> None:
    app = console(played)
    async with app.run_test(size=(200, 50)) as pilot:
        await started(pilot)
        for word in ("start/stop", " add ", " remove", "new session"):
            assert word not in bottom(app)
        await pilot.press("a", "d", "N")
        assert app.screen is app.main
        commands = {command.title: command.help for command in app.get_system_commands(app.screen)}
        assert {"Replay: pause or go on", "Replay: faster", "Replay: slower"} <= set(commands)
        assert not [said for said in commands.values() if said.startswith(ADDED)]
        await pilot.press("question_mark")
        assert isinstance(app.screen, Help)
        told = [tooltip for _, _, keys in app.screen._sections for _, tooltip in keys]
        assert "Pause the replay, or go on" in told
        assert not [said for said in told if said.startswith(ADDED)]


async def test_the_palette_pauses(console, played) -> None:
    app = console(played)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        commands = {command.title: command.callback for command in app.get_system_commands(app.screen)}
        await commands["Replay: pause or go on"]()
        assert played.playback.standing.state is State.STOPPED


async def test_keys_of_a_replay_can_be_changed(console, played) -> None:
    app = console(played, keymap={"replay.pause": "f5", "replay.faster": "f8"})
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("space")
        assert played.playback.standing.state is State.LIVE
        await pilot.press("f5", "f8")
        assert played.playback.standing.state is State.STOPPED
        assert played.playback.speed == 2


async def test_without_a_replay_there_is_nothing_of_one(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(200, 50)) as pilot:
        await started(pilot)
        assert "start/stop" in bottom(app)
        assert "faster" not in bottom(app)
        await pilot.press("1", "space", "plus", "minus")
        assert "pause/go on" not in bottom(app)
        assert not [each for each in app.get_system_commands(app.screen) if each.title.startswith("Replay")]


async def test_nothing_is_asked_before_a_replay_is_left(console, played) -> None:
    app = console(played)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: played.closed)
        assert len(app._notifications) == 0
