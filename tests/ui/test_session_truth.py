"""Below the streams stands how far the selected one's numbers can be trusted, without a key press."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tests.ui.conftest import started, ticked
from tests.ui.fakes import FakeBackend, view
from tui_live.core.status import State
from tui_live.ui.stream_row import truth

MUCH = {"events": 9, "gaps": 45, "gap_ms": 54_000, "undecodable": 1204, "duplicates": 12_345}
MUCH |= {"likes": 1234, "room_likes": 9876}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"gaps": 3, "gap_ms": 12_000, "duplicates": 4, "undecodable": 1}, "3 gaps 00:12 · 1 unread · 4 twice"),
        ({"gaps": 1, "gap_ms": 3_600_000, "likes": 1, "room_likes": 8}, "1 gap 1:00:00 · likes 12%"),
        ({"likes": 5, "room_likes": 5}, "nothing lost · likes 100%"),
        ({"likes": 999, "room_likes": 1000, "duplicates": 2}, "nothing lost · 2 twice · likes 99%"),
        ({}, "nothing lost"),
    ],
)
def test_what_is_said_of_a_session(fields, said) -> None:
    assert truth(view("a", 0, session_id="s", **fields), 80, 1) == (said,)


def test_a_stream_without_a_session_has_nothing_to_say() -> None:
    assert truth(view("a", 0, State.OFFLINE), 40, 2) == ("no session yet", "")


def test_two_lines_where_one_has_no_room_and_numbers_in_full_while_they_have_it() -> None:
    one = view("a", 0, **MUCH)
    assert truth(one, 60, 1) == ("45 gaps 00:54 · 1,204 unread · 12,345 twice · likes 12%",)
    assert truth(one, 36, 2) == ("45 gaps 00:54 · 1,204 unread", "12,345 twice · likes 12%")
    assert truth(one, 24, 2) == ("45 gaps 00:54", "1.2k unread · 12k twice")


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (200, 50)], ids=str)
async def test_it_stands_below_the_rows_at_every_size(console, size) -> None:
    views = [view("alice", 0, **MUCH), *(view(f"stream{number}", number) for number in range(1, 60))]
    app = console(FakeBackend(views))
    async with app.run_test(size=size) as pilot:
        await started(pilot)
        streams = app.main.streams.list

        def shown() -> list[str]:
            return [streams.render_line(y).text for y in range(streams.size.height)]

        whole = " · ".join(line.strip() for line in shown()[-streams.foot :])
        assert whole == "45 gaps 00:54 · 1,204 unread · 12,345 twice · likes 12%"
        assert all(cell_len(line) == streams.size.width for line in shown())
        await pilot.press("end")
        await ticked(pilot)
        # Rows that have no room are scrolled to, above what is said of the last one.
        assert "▸● stream59" in shown()[-1 - streams.foot]
        assert shown()[-streams.foot].strip() == "no session yet"
        assert streams.region.bottom <= app.main.streams.region.bottom
        await pilot.click(streams, offset=(3, streams.size.height - 1))
        assert streams.selected is not None and streams.selected.name == "stream59"
