"""Every family of rarer events has a tab of its own, with columns and sums of its own."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tests.ui.fakes import event, person, rare_events
from tests.ui.test_tabs import cells, row_of
from tui_live.core.events import (
    BannerData,
    BarrageData,
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
from tui_live.core.totals import Totals
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
