"""Everything about one person: what their score is made of, and what is done there."""

from __future__ import annotations

import pytest

from tests.ui.conftest import started, ticked, until
from tests.ui.fakes import NOW_MS
from tests.ui.scored import ANA, JOHN, gift, said, screen_text, toasts
from tui_live.core.events import Event, SocialData
from tui_live.core.tally import Tally
from tui_live.ui.person_words import known_facts, person_words
from tui_live.ui.screens.person import PersonScreen


async def test_a_persons_account_reads_why_comments_gifts_and_names(console, scored) -> None:
    scored.places = [(NOW_MS - 600_000, 7), (NOW_MS - 300_000, 2)]
    app = console(scored)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        await pilot.press("g", "enter")
        await until(pilot, lambda: "[Why 1]" in screen_text(app))
        text = screen_text(app)
        for word in ("Ana in alice", "@user0", "3,000", "gifts 3,000", "1 gift", "+3,000", "places"):
            assert word in text, word
        await pilot.press("right")
        assert "where are you from?" in screen_text(app)
        await pilot.press("right")
        assert "Rose" in screen_text(app)
        await pilot.press("right")
        assert "@old_handle" in screen_text(app)
        await pilot.press("left", "left", "y")
        assert "where are you from?" in app.clipboard
        await pilot.press("escape")
        assert app.screen is app.main


async def test_who_somebody_is_stands_above_their_account_as_far_as_it_is_known(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", "enter")
        await until(pilot, lambda: "[Why 1]" in screen_text(app))
        assert "TikTok says" not in screen_text(app)
        assert "bio " not in screen_text(app)
        await pilot.press("escape")
        scored.known[ANA.user_id] = {
            **{
                "follow_status": 1,
                "moderator": 1,
                "gifter_level": 12,
                "follower_count": 1204,
                "badges": ["top_viewer"],
            },
            "bio": "sings \x1b[31m every\nnight",
        }
        await pilot.press("enter")
        await until(pilot, lambda: "TikTok says" in screen_text(app))
        said = "follows the host · moderator · gifter level 12 · 1,204 followers · badges top viewer"
        assert f"TikTok says {said}" in screen_text(app)
        assert "bio         sings" in screen_text(app)
        assert "\x1b" not in screen_text(app)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, ""),
        ({"follow_status": 0, "verified": 0, "gifter_level": 0, "follower_count": None, "badges": []}, ""),
        ({"follow_status": 2, "verified": 1, "badges": ["gifter", "member"]}, "friends with the host · verified"),
        ({"follower_count": 1, "following_count": 0, "region": "PT"}, "1 follower · follows 0 · PT"),
        ({"member_level": 3, "badges": ["live_pro", "moderator"]}, "member level 3 · badges live pro"),
    ],
)
def test_only_what_is_known_of_somebody_is_said(row, said) -> None:
    assert person_words(row) == said


def test_what_is_known_of_somebody_takes_the_lines_it_needs() -> None:
    row = {"follow_status": 1, "verified": 1, "moderator": 1, "follower_count": 7, "bio": "sings"}
    assert known_facts(row, 80)[0] == ("TikTok says", "follows the host · verified · moderator · 7 followers")
    assert known_facts(row, 28) == [
        ("TikTok says", "follows the host · verified"),
        ("", "moderator · 7 followers"),
        ("bio", "sings"),
    ]
    assert [line for _, line in known_facts(row, 4)][:2] == ["follows the host", "verified"]
    assert known_facts(row, 16, brief=True) == [
        ("TikTok says", "follows the host"),
        ("", "verified · moderator · 7 followers"),
    ]
    assert known_facts({}, 80) == []


async def test_a_comment_is_chosen_unused_and_undone_in_the_account(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", "enter")
        await until(pilot, lambda: "[Why 1]" in screen_text(app))
        await pilot.press("q")
        assert "select a comment first" in toasts(app)[-1]
        await pilot.press("right", "q")
        await until(pilot, lambda: "✓ used" in screen_text(app))
        assert scored.scores.standings("alice").shown is not None
        await pilot.press("d")
        await until(pilot, lambda: "✓ used" not in screen_text(app))
        await pilot.press("u")
        await until(pilot, lambda: "✓ used" in screen_text(app))
        await pilot.press("r")
        await until(pilot, lambda: "used before" in screen_text(app))


async def test_the_account_follows_what_happens(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("g", "enter")
        await until(pilot, lambda: "[Why 1]" in screen_text(app))
        scored.feed(
            "alice", [Event("social", "follow", ANA, "", NOW_MS, SocialData("followed"), 9, 0), gift(ANA, 1, 3)]
        )
        screen = app.screen
        assert isinstance(screen, PersonScreen)
        screen.tick()
        await pilot.pause()
        assert "3,015" in screen_text(app)
        screen._read_at = -1000.0
        screen.tick()
        await until(pilot, lambda: "[Why 2]" in screen_text(app))


async def test_the_account_is_reached_from_a_line_of_the_log(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("1", "up", "enter", "p")
        await until(pilot, lambda: "👑 King in alice" in screen_text(app))
        await pilot.press("escape", "escape")
        assert app.screen is app.main
        scored.log.append(1, [said(JOHN, "nobody here knows me", 99)])
        await ticked(pilot)
        await pilot.press("end", "up", "enter", "p")
        assert not isinstance(app.screen, PersonScreen)


async def test_points_of_other_rules_are_said_to_be_that(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        await pilot.press("g", "enter")
        await until(pilot, lambda: "[Why 1]" in screen_text(app))
        assert "other rules" not in screen_text(app)
        await pilot.press("escape")
        person = scored.boards["alice"].ranking.people[ANA.user_id]
        person.now.gift_points //= 3
        await pilot.press("enter")
        await until(pilot, lambda: "under other rules; today's make 3,000 (see tui-live rescore)" in screen_text(app))
        await pilot.press("escape")
        person.now.gift_points *= 3
        person.used = Tally(like_points=100)  # not in place: whoever has nothing shares it
        await pilot.press("enter")
        await until(pilot, lambda: "in part under other rules (see tui-live rescore)" in screen_text(app))


async def test_the_latest_time_is_that_of_the_line_or_of_the_account(console, scored) -> None:
    app = console(scored)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        scored.feed("alice", [said(ANA, "still here", 74, at=90_000)])
        person = scored.boards["alice"].ranking.people[ANA.user_id]
        person.last_ms = NOW_MS  # as it was written, a minute ago
        await pilot.press("g", "enter")
        await until(pilot, lambda: "seen        20:14:06 to 20:15:36" in screen_text(app))
        person.last_ms = NOW_MS + 120_000
        app.screen.tick()  # type: ignore[attr-defined]
        await until(pilot, lambda: "seen        20:14:06 to 20:16:06" in screen_text(app))
