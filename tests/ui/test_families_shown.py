"""In the console, More leads to the families that have events, and the palette to all."""

from __future__ import annotations

import pytest

from tests.ui.conftest import started, ticked, until
from tests.ui.fakes import FakeBackend, event, every_state, rare_events, view
from tests.ui.nights import looked_into, opened
from tests.ui.test_event_and_search import text_of
from tui_live.core.events import (
    Batch,
    GoalData,
)
from tui_live.core.log import LogModel
from tui_live.core.totals import Totals
from tui_live.store import sessions
from tui_live.ui.tabs import FAMILIES, MORE


def with_rare(**messages: int) -> FakeBackend:
    """Two streams: alice has these messages, bob none; the log has one of each rare type."""
    backend = FakeBackend([view("alice", 0, totals=Totals(messages=messages)), view("bob", 1)])
    backend.log.append(0, rare_events())
    return backend


async def test_arrows_go_on_from_more_to_what_has_events_and_round(console) -> None:
    app = console(with_rare(goal=12, poll=3))
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        log = app.main.log_pane.log_view
        seen = []
        await pilot.press("8")
        for _ in range(4):
            await pilot.press("right")
            seen.append(log.tab.key)
        assert seen == ["polls", "goals", "log", "chat"]
        await pilot.press("1", "left")
        assert log.tab.key == "goals"
        await pilot.press("left", "left")
        assert log.tab.key == "more"


@pytest.mark.parametrize(("size", "digit", "elsewhere"), [((120, 40), "8", "0"), ((80, 24), "9", "1")])
async def test_the_digit_of_more_again_goes_to_the_next(console, size, digit, elsewhere) -> None:
    app = console(with_rare(goal=12, poll=3))
    async with app.run_test(size=size) as pilot:
        await started(pilot)
        log = app.main.log_pane.log_view
        seen = []
        for _ in range(4):
            await pilot.press(digit)
            seen.append(log.tab.key)
        assert seen == ["more", "polls", "goals", "more"]
        await pilot.press(digit, elsewhere)
        assert app.focused is app.main.streams.list
        # From elsewhere it shows what stands at that place, and goes no further.
        await pilot.press(digit)
        assert log.tab.key == "polls"
        assert app.focused is log


async def test_one_stream_has_the_families_of_its_own_events(console) -> None:
    app = console(with_rare(goal=12, poll=3))
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        log = app.main.log_pane.log_view
        await pilot.press("0", "down", "l", "8")
        assert log.only == 1
        await pilot.press("8", "right")
        assert log.tab.key == "log"


async def test_the_place_of_more_shows_the_family_and_clicks_go_on(console) -> None:
    app = console(with_rare(goal=12, moderation=3))
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        log, title = app.main.log_pane.log_view, app.main.log_pane.title

        def line() -> str:
            return str(title.render_line(0).text)

        assert "─[Log]│" in line()
        await pilot.press("8", "8")
        assert "│[Goals]" in line()
        assert "Battles" in line()
        await pilot.click(title, offset=(line().index("Goals") + 1, 0))
        assert log.tab.key == "moderation"
        assert "[Moderation]" in line()
        await pilot.click(title, offset=(line().index("[Moderation]") + 1, 0))
        assert log.tab.key == "more"
        assert "[More]" in line()
        assert "Moderation" not in line()
        await pilot.resize_terminal(80, 24)
        await pilot.press("9")
        keys = app.main.tabs
        assert keys.render_line(0).text.rstrip().endswith("[9 Goals]")
        await pilot.click(keys, offset=(keys.render_line(0).text.index("9 Goals"), 0))
        assert log.tab.key == "moderation"
        await pilot.press("8")
        assert keys.render_line(0).text.rstrip().endswith("9 More")


async def test_where_there_is_room_more_stands_beside_the_family(console) -> None:
    app = console(with_rare(goal=12))
    async with app.run_test(size=(160, 40)) as pilot:
        await started(pilot)
        await pilot.press("8", "8")
        title = app.main.log_pane.title
        assert "│ More │[Goals]" in title.render_line(0).text
        await pilot.click(title, offset=(title.render_line(0).text.index("More") + 1, 0))
        assert app.main.log_pane.log_view.tab is MORE


async def test_tabs_never_push_the_state_off_the_title(console) -> None:
    app = console(with_rare(goal=12))
    async with app.run_test(size=(120, 30)) as pilot:
        await started(pilot)
        await pilot.press("8", "8")
        title = app.main.log_pane.title
        seen = set()
        for width in (98, 100, 105, 108, 114, 131):
            await pilot.resize_terminal(width, 30)
            await ticked(pilot)
            line = title.render_line(0).text
            assert line.endswith(" ● follow ━"), width
            seen.add((" More " in line, "[Goals]" in line))
    # By itself, in the place of More, and beside it.
    assert seen == {(False, False), (False, True), (True, True)}


async def test_the_palette_finds_every_family_and_an_empty_one_says_what_will_come(console) -> None:
    app = console(FakeBackend(every_state()))
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        commands = {command.title: command.callback for command in app.get_system_commands(app.screen)}
        assert {f"Tab: {tab.name}" for tab in FAMILIES} <= commands.keys()
        commands["Tab: Envelopes"]()
        await ticked(pilot)
        log = app.main.log_pane.log_view
        assert log.tab.key == "envelopes"
        assert log.tab.hint in text_of(app)
        # It is on the way while it is shown, though it has no events.
        await pilot.press("left")
        assert log.tab.key == "goals"
        await pilot.press("right")
        assert log.tab.key == "log"


async def test_heads_tell_sums_the_latest_and_the_way_on(console) -> None:
    backend = with_rare(goal=12, poll=3)
    backend.log.append(0, [event(GoalData("gift", 599, 600, 99.8, "Roses"))])
    app = console(backend)
    async with app.run_test(size=(160, 40)) as pilot:
        await started(pilot)
        head = app.main.log_pane.head
        await pilot.press("8")
        await ticked(pilot)
        assert "goal 12   poll 3" in head.render_line(0).text
        assert head.render_line(0).text.rstrip().endswith("→ one by one")
        await pilot.press("8")
        await ticked(pilot)
        assert head.render_line(0).text.rstrip().endswith("→ Goals")
        await pilot.press("8")
        await ticked(pilot)
        assert "12 messages   latest: Roses 99%, 599 of 600" in head.render_line(0).text


def test_a_family_shows_the_lines_of_its_types_only() -> None:
    log = LogModel(100)
    log.append(0, rare_events())
    rows = [row for seq in range(log.next_seq) if (row := log.row(seq)) is not None]
    shown = {tab.key: sum(tab.match()(row) for row in rows) for tab in FAMILIES}  # type: ignore[misc]
    assert shown.pop("captions") == 2
    assert shown.pop("banners") == 2
    assert shown.pop("system") == 3
    assert set(shown.values()) == {1}


# In a past session


async def test_a_past_session_has_the_families_of_its_events(console, past, three) -> None:
    session = (await sessions.listed(three.recorder._database))[0]
    events = tuple(one for one in rare_events() if one.type in ("goal", "poll"))
    batch = Batch("7", 1, b"x", events)
    session.totals.add(batch)
    three.recorder.put(session.id, batch, session.totals)
    await three.recorder.flush()
    app = console(past(three))
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        screen = await looked_into(pilot)
        seen = []
        for _ in range(5):
            await pilot.press("0")
            seen.append(screen.shown)
        # The session has control messages, too.
        assert seen == ["more", "polls", "goals", "system", "more"]
        await pilot.press("right", "right")
        await until(pilot, screen.events.row_count)
        assert screen.shown == "goals"
        assert screen.events.row_count() == 1
        assert "[Goals]" in screen.tabs.render_line(0).text
        assert "1 message " in screen.head.render_line(0).text
        assert "450" in text_of(app)
        await pilot.click(screen.tabs, offset=(screen.tabs.render_line(0).text.index("[Goals]") + 1, 0))
        assert screen.shown == "system"
        await pilot.press("right")
        assert screen.shown == "facts"
        await pilot.press("left", "left", "left", "left")
        assert screen.shown == "more"
        await until(pilot, lambda: screen.events.row_count() > 1)
        await pilot.press("1")
        assert "Goals" not in screen.tabs.render_line(0).text
