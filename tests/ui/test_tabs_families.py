"""Every family of rarer events has a tab of its own; More leads to those that have events, and the palette to all."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tests.ui.conftest import started, ticked, until
from tests.ui.fakes import FakeBackend, event, every_state, person, rare_events, view
from tests.ui.nights import looked_into, opened
from tests.ui.test_event_and_search import text_of
from tests.ui.test_tabs import cells, row_of
from tui_live.core.events import (
    BannerData,
    BarrageData,
    Batch,
    CaptionData,
    ControlData,
    EmoteData,
    EnvelopeData,
    Event,
    GoalData,
    IntroData,
    LinkData,
    ModerationData,
    OtherData,
    PollData,
    QuestionData,
    RankingData,
    ShoppingData,
    SystemData,
)
from tui_live.core.log import LogModel
from tui_live.core.totals import Totals
from tui_live.store import sessions
from tui_live.ui.event_text import options_text
from tui_live.ui.tab_line import Grid
from tui_live.ui.tabs import FAMILIES, MORE, at_more, families_in, tab_named, way_on

ANA = person(0)
HUGE = 2**53


@pytest.mark.parametrize(
    ("tab", "one", "expected"),
    [
        ("questions", event(QuestionData("where from?"), who=ANA), ["Ana", "where from?"]),
        (
            "polls",
            event(PollData("song?", ("a", "b"), (3, 1)), "ended"),
            ["ended", "4", "song?", "a ▇▇▇▇·· 3   b ▇▇···· 1"],
        ),
        ("polls", event(PollData("", ("a",), ()), "started"), ["started", "0", "", "a ······ 0"]),
        (
            "goals",
            event(GoalData("gift", 450, 600, 75.0, "500 × Rose", "7")),
            ["▇▇▇▇▇▇▇▇▇···", "75%", "450", "600", "gift", "500 × Rose"],
        ),
        (
            "goals",
            event(GoalData("type_3", HUGE, HUGE, 99.9)),
            ["▇" * 11 + "·", "99%", "9.0P", "9.0P", "type 3", "type 3"],
        ),
        (
            "rankings",
            event(RankingData("weekly_rising", 12, "e_commerce"), "rank_update", "you rose"),
            ["weekly rising", "12", "e commerce", "you rose"],
        ),
        ("rankings", event(RankingData(), "hourly"), ["hourly", "", "", ""]),
        ("envelopes", event(EnvelopeData(5000, 10, "user_diamond"), who=ANA), ["Ana", "5,000", "10", "user diamond"]),
        ("envelopes", event(EnvelopeData(500, 10), "hidden", who=ANA), ["Ana", "(500)", "10", "hidden"]),
        (
            "envelopes",
            event(EnvelopeData(500, 10, "super_fan_box"), "super_fan_box"),
            ["", "500", "10", "super fan box"],
        ),
        ("envelopes", event(EnvelopeData(HUGE, HUGE), "hidden"), ["", "(9.0P)", "9.0P", "hidden"]),
        ("emotes", event(EmoteData("77", "wave", "with_sticker"), who=ANA), ["Ana", "with sticker", "wave"]),
        ("emotes", event(EmoteData("77"), who=ANA), ["Ana", "", "emote 77"]),
        ("captions", event(CaptionData("welcome", "en")), ["caption", "en", "welcome"]),
        ("captions", event(CaptionData("wel", "en"), "partial"), ["partial", "en", "wel"]),
        ("captions", event(IntroData("now playing", "game"), "game"), ["game intro", "", "now playing"]),
        ("shopping", event(ShoppingData("1", "Pan", "€ 79.00", 2)), ["2", "€ 79.00", "Pan"]),
        ("shopping", event(ShoppingData("1"), text="the shop opens"), ["", "", "the shop opens"]),
        (
            "moderation",
            event(ModerationData("", "8", "spam", "9"), "user_removed", "Ivy: spam", ANA),
            ["user removed", "Ivy", "Ana", "spam"],
        ),
        (
            "moderation",
            event(ModerationData("", "8", "", "9"), "moderator_added", "Ivy", ANA),
            ["moderator added", "Ivy", "Ana", ""],
        ),
        (
            "moderation",
            event(ModerationData("", "8", "rules", ""), "warning"),
            ["warning", "8", "", "rules"],
        ),
        (
            "moderation",
            event(ModerationData("1", "8", user_ids=("8", "7", "6")), "user_removed", "3 users removed", ANA),
            ["user removed", "Ana +2", "", "3 users removed"],
        ),
        (
            "moderation",
            event(ModerationData("123"), "message_deleted"),
            ["message deleted", "", "", "message 123"],
        ),
        (
            "links",
            event(LinkData("", "kick_out", "co_host"), text="kick out · co host · bad sound", who=ANA),
            ["kick out", "co host", "Ana", "bad sound"],
        ),
        ("links", event(LinkData("http://x/y", "state"), text="state"), ["state", "", "", "http://x/y"]),
        ("banners", event(BannerData("be kind", "sub_pin", 30), who=ANA), ["sub pin", "Ana", "30", "be kind"]),
        ("banners", event(BarrageData("level!", "level_up", 0, 45), "level_up"), ["level up 45", "", "", "level!"]),
        ("system", event(ControlData(1), "paused"), ["paused", "", ""]),
        ("system", event(ControlData(1, "back soon"), "paused", "back soon"), ["paused", "", "back soon"]),
        (
            "system",
            event(SystemData("hi", "WebcastNoticeMessage"), "gift_panel", "hi"),
            ["gift panel", "NoticeMessage", "hi"],
        ),
        ("system", event(OtherData("WebcastNew")), ["unknown", "New", "WebcastNew"]),
        (
            "system",
            event(OtherData("WebcastChatMessage", "broken"), "undecodable", "WebcastChatMessage: broken"),
            ["undecodable", "ChatMessage", "WebcastChatMessage: broken"],
        ),
        # What a database holds may be unreadable: then only its words are there.
        ("polls", Event("poll", "ended", None, "song?", 0, OtherData(""), 1, 0), ["", "", "", "song?"]),
    ],
)
def test_columns_of_each_family(tab, one, expected) -> None:
    assert cells(one, tab) == expected
    assert tab_named(tab).match()(row_of(one))  # type: ignore[misc]


def test_every_option_of_a_poll_stays_while_there_is_room_for_it() -> None:
    poll = PollData("song?", ("Bohemian Rhapsody", "夜に駆ける", "none"), (1204, 988, 17))
    for width, expected in (
        (80, "Bohemian Rhapsody ▇▇▇··· 1,204   夜に駆ける ▇▇▇··· 988   none ······ 17"),
        (63, "Bohemian Rh… ▇▇▇··· 1.2k  夜に駆ける ▇▇▇··· 988  none ······ 17"),
        (42, "Bohe… ▇▇· 1.2k  夜に… ▇·· 988  none ··· 17"),
        (31, "Bo… ▅ 1.2k  夜… ▄ 988  no… ▁ 17"),
    ):
        assert options_text(poll, width) == expected
        assert cell_len(expected) <= width
    assert options_text(poll, 5) == options_text(poll, 31)
    assert options_text(PollData("song?"), 5) == ""


def test_words_have_more_room_where_there_is_plenty() -> None:
    widths = [
        {column.title: cells for column, cells in Grid.for_width(tab_named("polls"), width, {}, one=True).columns}
        for width in (79, 99, 200)
    ]
    assert [each["question"] for each in widths] == [14, 31, 32]
    assert [each["options"] for each in widths] == [45, 48, 140]


@pytest.mark.parametrize("one", [one for one in rare_events() if one.type != "battle"], ids=lambda one: one.type)
def test_every_rare_event_says_something_beside_its_user(one) -> None:
    tab = next(tab for tab in FAMILIES if tab.shows(one.type))
    said = [cell for cell in cells(one, tab.key) if cell]
    assert len(said) >= 1 + (one.user is not None)


@pytest.mark.parametrize(
    ("tab", "expected"),
    [
        ("questions", "4 questions"),
        ("emotes", "1 emote"),
        ("envelopes", "3 messages   1,500 coins"),
        ("captions", "33 captions   8 introductions"),
        ("banners", "1,200 banners   5 barrages"),
        ("system", "2 control   0 system   9 other"),
    ],
)
def test_sums_of_a_family(tab, expected) -> None:
    messages = {"question": 4, "envelope": 3, "caption": 33, "intro": 8, "banner": 1200, "barrage": 5, "emote": 1}
    sums = Totals(messages=messages | {"control": 2, "other": 9}, envelope_coins=1500)
    assert tab_named(tab).sums(sums) == expected  # type: ignore[misc]


def test_a_session_from_before_boxes_were_summed_claims_no_coins() -> None:
    assert tab_named("envelopes").sums(Totals(messages={"envelope": 3})) == "3 messages"  # type: ignore[misc]


def test_every_family_adds_something_up_and_says_what_will_come() -> None:
    for tab in FAMILIES:
        assert tab.sums is not None
        assert tab.sums(Totals()).startswith("0 ")
        assert tab.hint.endswith(".")


def test_only_families_with_events_are_on_the_way_and_the_one_that_is_shown() -> None:
    sums = Totals(messages={"chat": 5, "battle": 3, "goal": 2, "intro": 1, "poll": 0, "other": 4})
    assert [tab.key for tab in families_in(sums)] == ["goals", "captions", "system"]
    assert [tab.key for tab in families_in(sums, "polls")] == ["polls", "goals", "captions", "system"]
    pressed = ["log"]
    for _ in range(6):
        pressed.append(at_more(sums, pressed[-1]))
    assert pressed == ["log", "more", "goals", "captions", "system", "more", "goals"]
    assert at_more(sums, "polls") == "goals"
    assert at_more(Totals(), MORE.key) == MORE.key
    ways = [way_on(sums, key) for key in ("log", "more", "goals", "system")]
    assert ways == ["", "→ one by one", "→ Captions", ""]
    assert way_on(Totals(messages={"chat": 5}), MORE.key) == ""


# In the console


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
