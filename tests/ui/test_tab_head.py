"""The head of a tab tells what its sums lack at every width: sums and the latest give way, never that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style

from tests.ui.conftest import started, ticked
from tests.ui.fakes import NOW_MS, FakeBackend, event, some_totals, view
from tui_live.core.events import BattleData, BattleUser, ChatData
from tui_live.core.log_filter import parse
from tui_live.core.status import State
from tui_live.core.totals import Totals
from tui_live.ui.format import full
from tui_live.ui.tab_line import Grid, draw_cells, titles
from tui_live.ui.tabs import FAMILIES, TABS, missing, summed, tab_named
from tui_live.ui.widgets.tab_head import within

SIZES = [(80, 24), (100, 30), (120, 40), (160, 45), (200, 50)]
SIDES = (BattleUser("1", "alice", "Alice", 1_234_567), BattleUser("2", "bob", "the other side of it", 800_000))


def large() -> Totals:
    """A busy evening of which much is missing."""
    made = some_totals()
    made.messages |= {kind: 1_234_567 for tab in (*TABS, *FAMILIES) for kind in tab.types or ()}
    made.gifts, made.coins, made.guest_coins = 1_234_567, 98_765_432, 3964
    made.likes, made.room_likes = 1_234_567, 9_876_543
    made.follows, made.shares, made.users_joined = 234_567, 123_456, 34_567
    made.viewers, made.peak_viewers, made.envelope_coins = 123_456, 234_567, 7_654_321
    made.gaps, made.gap_ms, made.undecodable = 45, 54_000, 1204
    return made


def many_streams() -> FakeBackend:
    """Twelve streams, of which the first lacks something."""
    views = [view("alice_the_great_one", 0, viewers=123_456, totals=large(), gaps=45, gap_ms=54_000)]
    views += [view(f"stream{number}", number, State.LIVE) for number in range(1, 12)]
    made = FakeBackend(views)
    made.log.append(0, [event(BattleData(SIDES, "started"), "armies")])
    return made


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("filtered", [False, True], ids=["all", "filtered"])
async def test_what_is_lacking_is_never_cut(console, size, filtered) -> None:
    app = console(many_streams())
    async with app.run_test(size=size) as pilot:
        await started(pilot)
        await pilot.press("l")
        for tab in (*TABS, *FAMILIES):
            if tab.sums is None:
                continue
            app.main.show_tab(tab.key)
            if filtered:
                app.main.log_pane.log_view.set_filter(parse("!zzz !somebody_with_a_long_name", {}))
            await ticked(pilot)
            head = app.main.log_pane.head
            line = head.render_line(0).text
            assert len(line) == head.content_size.width
            assert "45 gaps" in line, line
            assert "1.2k unread" in line or "1,204 undecodable" in line, line
            assert ("12%" in line) is (tab.key == "likes")
            if filtered:
                assert "!zzz" in line, line


@given(st.integers(0, 80))
def test_no_number_of_the_sums_is_cut(width) -> None:
    sums = "12 messages   1,234,567 coins   3 more   latest: Alice leads with many points"
    said = within(sums, width)
    assert len(said) <= width
    parts = said.removesuffix(" …").split("   ") if said else []
    whole = sums.split("   ")
    assert parts[:3] == whole[: min(3, len(parts))]
    assert said == sums or not parts[1:] or said.endswith("…")
    assert not parts[3:] or (parts[3].startswith("latest: A") and len(parts) == 4)


def test_sums_are_said_at_the_length_there_is_room_for() -> None:
    long, middle, least = missing(large(), likes=True)
    assert long == "45 gaps (00:54)   1,204 undecodable   likes 12% covered"
    assert middle == "45 gaps 00:54 · 1.2k unread · likes 12%"
    assert least == "45 gaps · 1.2k unread · likes 12%"
    assert missing(large())[2] == "45 gaps · 1.2k unread"
    assert missing(Totals(gaps=1, gap_ms=6000))[:2] == ("1 gap (00:06)", "1 gap 00:06")
    assert missing(Totals(likes=5)) == ()


@pytest.mark.parametrize(
    ("tab", "totals", "said"),
    [
        ("gifts", Totals(gifts=1, coins=1, guest_coins=3964), "1 gift   1 coin   3,964 coins to guests"),
        ("gifts", Totals(gifts=2, coins=12, guest_coins=1), "2 gifts   12 coins   1 coin to guests"),
        ("social", Totals(follows=1, shares=1), "1 follow   1 share   0 joined by them"),
        ("members", Totals(messages={"member": 1}, viewers=1, peak_viewers=3), "1 join   1 viewer   peak 3"),
        ("envelopes", Totals(messages={"envelope": 1}, envelope_coins=1), "1 message   1 coin"),
    ],
)
def test_sums_have_their_units(tab, totals, said) -> None:
    assert tab_named(tab).sums(totals) == said  # type: ignore[misc]


def test_the_peak_is_of_one_stream() -> None:
    views = [view("a", 0, viewers=7, totals=Totals(peak_viewers=9)), view("b", 1, viewers=3)]
    members = tab_named("members").sums
    assert members is not None
    assert members(summed(views, None)) == "0 joins   10 viewers   peak 9"
    views.append(view("c", 2, viewers=2, totals=Totals(peak_viewers=4)))
    assert members(summed(views, None)) == f"0 joins   {full(12)} viewers"
    assert members(summed(views, 2)).endswith("peak 4")


@pytest.mark.parametrize("tab", [tab for tab in (*TABS, *FAMILIES) if tab.columns], ids=lambda tab: tab.key)
def test_the_title_of_the_streams_is_whole(tab) -> None:
    for width in (40, 62, 82, 160):
        assert " stream " in titles(Grid.for_width(tab, width, {0: "ana"}, one=False))


def test_what_was_said_stands_rightmost_and_newer_emoji_are_seen() -> None:
    tab = tab_named("chat")
    row = (NOW_MS, 0, "chat", "", "Ana 🩷", "ana", "love 🩷", 0, "1", 1, ChatData("love 🩷", "en"), True)
    cells = draw_cells(row, Grid.for_width(tab, 80, {0: "alice"}, one=False), "alice", lambda _: Style(), None, " ")
    assert cells[-1].text.strip() == "love 🩷"


async def test_what_a_person_did_is_whole_in_the_box_of_a_wide_window(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(200, 50)) as pilot:
        await started(pilot)
        brief = app.main.board.brief
        words = ("gift", "coin", "like", "comment", "follow", "share")
        brief._facts = [("did", "   ".join(f"1,234,567 {word}s" for word in words))]
        said = brief.render_line(1).text.split("  ")
        parts = [part.strip() for part in said if part.strip()][1:]
        assert parts[-1] == "…" and all(part in brief._facts[0][1].split("   ") for part in parts[:-1])
