"""Each tab shows its events in its own columns and sums; digits choose it; the place in it is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from rich.cells import cell_len
from rich.style import Style

from tests.ui.conftest import started, ticked, until
from tests.ui.fakes import NOW_MS, FakeBackend, chat, event, every_state, person, rare_events, some_events, some_totals
from tests.ui.test_log_line import HOSTILE
from tui_live.core.events import (
    TYPES,
    BannerData,
    BarrageData,
    BattleData,
    BattleUser,
    CaptionData,
    ChatData,
    ControlData,
    EmoteData,
    EnvelopeData,
    Event,
    GiftData,
    GoalData,
    IntroData,
    LikeData,
    LinkData,
    MemberData,
    ModerationData,
    OtherData,
    PollData,
    QuestionData,
    RankingData,
    RoomUpdateData,
    ShoppingData,
    SocialData,
    SystemData,
)
from tui_live.core.log import NOTE, LogModel, Row
from tui_live.core.log_index import LogReader
from tui_live.core.status import Standing, State, StreamView
from tui_live.core.totals import Totals
from tui_live.ui.event_text import bar, battle_text, event_text
from tui_live.ui.tab_line import Grid, cell_text, draw_cells, plain_cells, titles
from tui_live.ui.tabs import FAMILIES, TABS, missing, summed, tab_named
from tui_live.ui.viewers import drawn_plot, over_time

ANA = person(0)
CARD = BattleUser("1", "alice", "Alice", None)
SIDES = (BattleUser("1", "alice", "Alice", 1200), BattleUser("2", "bob", "", 800))


def row_of(one: Event) -> Row:
    log = LogModel(4)
    log.append(0, [one])
    row = log.row(0)
    assert row is not None
    return row


def cells(one: Event, tab: str) -> list[str]:
    return [cell_text(row_of(one), column) for column in tab_named(tab).columns]


@pytest.mark.parametrize(
    ("tab", "one", "expected"),
    [
        ("chat", event(ChatData("hi", "en"), text="hi", who=ANA), ["Ana", "en", "hi"]),
        (
            "gifts",
            event(GiftData("Rose", "1", 5, 12, True, "9", 60, 3, 15), who=ANA),
            ["Ana", "Rose", "×12", "3", "5", "15"],
        ),
        (
            "gifts",
            event(GiftData("Rose", "1", 5, 12, False, "9", 60, 0, 0, to_user="8", guest_coins_delta=60), who=ANA),
            ["Ana", "Rose → a guest", "×12…", "0", "5", "(60)"],
        ),
        ("likes", event(LikeData(15, 9000), who=ANA), ["Ana", "15", "9,000"]),
        ("social", event(SocialData("followed"), "follow", who=ANA), ["Ana", "followed", ""]),
        (
            "social",
            event(SocialData("shared", share_target="WhatsApp", users_joined=7), "share", who=ANA),
            ["Ana", "shared to WhatsApp", "7"],
        ),
        ("members", event(MemberData("joined", 120), "joined", who=ANA), ["Ana", "joined", "120"]),
        ("members", event(RoomUpdateData(1234, 56789)), ["", "56,789 came in all", "1,234"]),
        (
            "battles",
            event(BattleData(SIDES, "punish_started"), "mic_battle"),
            ["punish started", "1,200 : 800  Alice ▇▇▇▇▇▇│▇▇▇▇ bob"],
        ),
        (
            "battles",
            event(BattleData(SIDES, "started"), "armies"),
            ["scores", "1,200 : 800  Alice ▇▇▇▇▇▇│▇▇▇▇ bob"],
        ),
        (
            "battles",
            event(BattleData((CARD,), "use_smoke_card"), "item_card", "Mia used a smoke card"),
            ["use smoke card", "Mia used a smoke card"],
        ),
        (
            "battles",
            event(BattleData((structs.replace(CARD, score=0),), "punish_finished"), "punish", "punishment over"),
            ["punish finished", "punishment over"],
        ),
        (
            "battles",
            event(BattleData((structs.replace(CARD, user_id="9"), CARD), "invited"), "mic_battle", "Alice : Bob"),
            ["invited", "Alice : Bob"],
        ),
        (
            "more",
            event(PollData("song?", ("a", "b"), (3, 1))),
            ["poll", "", "song?   a ▇▇▇▇·· 3   b ▇▇···· 1"],
        ),
        ("more", event(PollData("", ("a", "b"), ())), ["poll", "", "a ······ 0   b ······ 0"]),
        (
            "more",
            event(GoalData("gifts", 450, 600, 75.0)),
            ["goal", "", "gifts ▇▇▇▇▇▇▇▇▇··· 450 of 600, 75%"],
        ),
    ],
)
def test_columns_of_each_family(tab, one, expected) -> None:
    assert cells(one, tab) == expected
    assert tab_named(tab).match()(row_of(one))  # type: ignore[misc]


def test_every_type_has_exactly_one_tab_beside_the_log_and_more() -> None:
    for kind in TYPES:
        row = (NOW_MS, 0, kind, "", "", "", "", 0, "", 0, None, True)
        tabs = [tab for tab in (*TABS, *FAMILIES) if (match := tab.match()) is not None and match(row)]
        assert all(tab.shows(kind) for tab in tabs)
        own = [tab for tab in tabs if tab.key != "more"]
        assert len(own) == 1, kind
        # More shows what has no digit.
        assert (own[0] in FAMILIES) == (len(tabs) == 2), kind
    note = (NOW_MS, 0, NOTE, "", "", "", "", 0, "", 0, None, True)
    with_columns = [tab.match() for tab in (*TABS, *FAMILIES) if tab.columns]
    assert not any(match is None or match(note) for match in with_columns)


def test_every_rare_type_says_something() -> None:
    for one in rare_events():
        if one.type != "battle":
            assert event_text(row_of(one)), one


def test_scores_and_bars_at_their_ends() -> None:
    assert battle_text(BattleData((BattleUser("1", "a", "", 0), BattleUser("2", "b", "", 0)))).count("▇") == 10
    assert battle_text(BattleData((*SIDES, BattleUser("3", "", "", 5)))) == "Alice 1,200   bob 800   guest 5"
    assert battle_text(BattleData((CARD, SIDES[1]))) == "Alice   bob 800"


def test_the_latest_of_a_battle_is_the_latest_with_scores() -> None:
    model = LogModel(1000)
    tab = tab_named("battles")
    reader = LogReader(model)
    reader.set_match(tab.match())
    card = event(BattleData((CARD,), "use_smoke_card"), "item_card", "Mia used a smoke card")
    model.append(0, [card])
    reader.catch_up()
    assert tab.latest_of(reader) == ""
    model.append(0, [event(BattleData(SIDES, "started"), "armies"), event(ChatData("hi"), text="hi"), card, card])
    reader.catch_up()
    assert tab.latest_of(reader) == "1,200 : 800  Alice ▇▇▇▇▇▇│▇▇▇▇ bob"
    assert bar(7.0, 4) == "▇▇▇▇"
    assert bar(-1.0, 4) == "····"
    assert [bar(part, 1) for part in (-1.0, 0.0, 0.5, 1.0, 7.0)] == ["▁", "▁", "▄", "█", "█"]


def rare_with(text: str) -> list[Event]:
    """The same text wherever the rarer types have any."""
    carrying = (
        *(PollData(text, (text, text), (1,)), GoalData(text, 1, 2, 50.0, text), RankingData(text, 1, text)),
        *(EnvelopeData(1, 2, text), EmoteData("1", text, text), CaptionData(text, text), IntroData(text, text)),
        *(ShoppingData("1", text, text), ModerationData("1", text, text, text), LinkData(text, text, text)),
        *(BannerData(text, text), BarrageData(text, text), ControlData(1, text), SystemData(text, text)),
        *(OtherData(text), OtherData(text, text), QuestionData(text)),
    )
    return [event(data, text, text, person(0)) for data in carrying]


@given(
    st.sampled_from([tab.key for tab in (*TABS, *FAMILIES) if tab.columns]),
    st.integers(40, 240),
    st.one_of(st.text(), st.sampled_from(HOSTILE)),
    st.booleans(),
)
def test_every_line_of_a_tab_fills_its_width(key, width, text, one) -> None:
    tab = tab_named(key)
    grid = Grid.for_width(tab, width, {0: text}, one=one)
    assert cell_len(titles(grid)) == width
    log = LogModel(100)
    who = person(0)
    log.append(0, [*rare_events(), *some_events(40), chat(text, who), *rare_with(text)])
    match = tab.match()
    assert match is not None
    for seq in range(log.next_seq):
        row = log.row(seq)
        if row is not None and match(row):
            segments = draw_cells(row, grid, text, lambda name: Style(), None, " ")
            assert cell_len("".join(segment.text for segment in segments)) == width
            assert plain_cells(row, tab, "alice").startswith("20:14:")


def test_sums_are_of_one_stream_or_of_all_and_only_deltas_count() -> None:
    views = every_state()
    one = summed(views, 0)
    assert tab_named("gifts").sums(one) == "4,100 gifts   8,412 coins   120 coins to guests"  # type: ignore[misc]
    assert tab_named("likes").sums(one) == "300 with a name   room total 9,000"  # type: ignore[misc]
    assert tab_named("social").sums(one) == "210 follows   100 shares   37 joined by them"  # type: ignore[misc]
    assert tab_named("members").sums(one) == "7,000 joins   1,234 viewers   peak 2,345"  # type: ignore[misc]
    assert tab_named("more").sums(one) == "goal 12   poll 3"  # type: ignore[misc]
    assert summed(views, None).viewers == sum(view.viewers for view in views)
    assert summed(views, 3).gifts == 0
    assert summed(views, 0).messages == some_totals().messages


def test_viewers_over_time() -> None:
    assert over_time([], 5) == []
    assert over_time([(0, 0, 10), (50, 1, 5), (100, 0, 20)], 5) == [10, 10, 15, 15, 25]
    plot = drawn_plot([(0, 0, 10), (100, 0, 20)], 12, 2)
    assert plot == ("   █     20", "████     20")
    assert drawn_plot([], 12, 2) == ("    ", "    ")


# In the console


async def test_digits_and_arrows_choose_tabs(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        log = app.main.log_pane.log_view
        for digit, tab in enumerate(TABS, 1):
            await pilot.press(str(digit))
            assert log.tab is tab
            assert app.focused is log
        await pilot.press("1", "right")
        assert log.tab.key == "chat"
        await pilot.press("left")
        assert log.tab.key == "log"
        await pilot.press("0")
        assert app.focused is app.main.streams.list


async def test_narrow_digits_begin_with_the_streams(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        await pilot.press("4")
        assert app.main.log_pane.log_view.tab.key == "gifts"
        assert not app.main.streams.display
        await pilot.press("1")
        assert app.focused is app.main.streams.list
        await pilot.press("9")
        assert app.main.log_pane.log_view.tab.key == "more"
        line = app.main.tabs.render_line(0).text
        assert line.startswith(" 1 Streams g Board T Triggers 2 Log 3 4 5 6 Social 7 Members 8 Battles[9 More]")
        await pilot.click("#tabs", offset=(line.index(" 3") + 1, 0))
        assert app.main.log_pane.log_view.tab.key == "chat"
        assert "[3 Chat]" in app.main.tabs.render_line(0).text


async def test_a_tab_costs_its_own_lines_and_keeps_filter_and_place(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        log = app.main.log_pane.log_view
        await pilot.press("2", "home")
        chats = len(log.reader)
        assert chats == sum(one.type == "chat" for n in range(5) for one in some_events(100, seed=n))
        top = log.view.rows[0]
        await pilot.press("3")
        assert log.view.follow
        backend.log.append(0, [chat("new")] * 5)
        log.tick()
        await pilot.press("2")
        await ticked(pilot)
        assert log.view.rows[0] == top
        assert not log.view.follow
        assert len(log.reader) == chats + 5


async def test_one_stream_or_all(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        log = app.main.log_pane.log_view
        everything = len(log.reader)
        await pilot.press("l")
        assert log.only == 0
        assert len(log.reader) == 200
        await pilot.press("down")
        await pilot.pause()
        assert log.only == 1
        await pilot.press("2")
        row = log.reader.row(log.reader.seq_at(0))
        assert row is not None
        assert row[1] == 1
        await pilot.press("1", "l")
        assert log.only is None
        await until(pilot, lambda: len(log.reader) == everything)


async def test_what_is_copied_has_every_column(console) -> None:
    backend = FakeBackend(every_state())
    backend.log.append(0, [event(GiftData("Rose", "1", 5, 12, True, "9", 60, 3, 15), who=ANA)])
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("3", "up", "y")
        assert app.clipboard == "20:14:06  alice  Ana  Rose  ×12  3  5  15"


def test_sums_say_what_they_lack_and_peaks_are_not_added() -> None:
    views = [
        StreamView(
            name="a", index=0, standing=Standing(State.LIVE), totals=Totals(gaps=1, gap_ms=6000, peak_viewers=5)
        ),
        StreamView(
            name="b", index=1, standing=Standing(State.ENDED), totals=Totals(gaps=2, undecodable=4, peak_viewers=3)
        ),
    ]
    together = summed(views, None)
    assert missing(together)[0] == "3 gaps (00:06)   4 undecodable"
    assert missing(summed(views, 0))[0] == "1 gap (00:06)"
    assert (together.peak_viewers, missing(Totals())) == (0, ())


async def test_a_window_may_shrink_while_another_screen_hides_the_tabs(console, backend) -> None:
    app = console(backend)
    async with app.run_test(size=(200, 50)) as pilot:
        await started(pilot)
        await pilot.press("k")
        await pilot.resize_terminal(100, 30)
        await pilot.press("escape")
        await ticked(pilot)
        assert app.main.log_pane.log_view.size.width > 0


@pytest.mark.parametrize("width", range(12))
def test_hardly_any_room_is_no_trouble(width) -> None:
    for tab in (*TABS, *FAMILIES):
        assert len(Grid.for_width(tab, width, {0: "alice"}, one=False).columns) <= len(tab.columns)
