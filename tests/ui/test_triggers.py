"""Triggers are made, edited, tried, switched, removed and taken back by keyboard; OBS says what it lacks."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from tests.ui.conftest import started, ticked, until
from tests.ui.fake_clips import READY, REFUSED, FakeClips, matched
from tests.ui.fakes import chat, person
from tests.ui.nights import KEYS
from tests.ui.scored import ANA, gift, screen_text, toasts
from tui_live.core.clips import ObsState, ObsStatus
from tui_live.core.status import Health
from tui_live.ui.obs_words import ObsWatch
from tui_live.ui.rule_form import RuleForm
from tui_live.ui.screens.details import Details
from tui_live.ui.screens.dry_run import DryRun
from tui_live.ui.screens.event import EventDetails
from tui_live.ui.screens.main import MainScreen
from tui_live.ui.screens.trigger import EditTrigger

RULES = (
    "clip that",
    {"word": "gg+", "match": "regex", "streams": ["alice", "bob"], "cooldown_seconds": 30},
    {"gift_coins": 1000, "per_user_cooldown_seconds": 2.5, "enabled": False},
    {"rate": {"of": "share", "times": 4.5}},
)


@pytest.fixture
def ruled(scored):
    scored.clips = FakeClips(*RULES)
    return scored


def labels(backend) -> list[str]:
    return [view.rule.label for view in backend.clips.rules()]


def field(app, name: str):
    return app.screen.query_one(f"#trigger-{name}")


def said(app, selector: str) -> str:
    return str(app.screen.query_one(selector).render())


# The pane


async def test_a_row_says_how_a_rule_is_doing(console, ruled) -> None:
    ruled.clips.say("please clip that", ANA, last_clip="ana_clip-that.mkv")
    ruled.clips.say("gggg", ANA)
    ruled.clips.say("ggg", ANA)
    ruled.clips.now_s += 22
    app = console(ruled)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        await pilot.press("T")
        rows = [line for line in screen_text(app).splitlines() if line[1:2] in "●○✕"]
        assert rows[0].split() == ["▸●", "clip", "that", "text", "all", "1", "-", "ready", "ana_clip-that.mkv"]
        assert rows[1].split() == ["●", "gg+", "regex", "alice,", "bob", "1", "1", "00:08"]
        assert rows[2].split() == ["○", "gift", "≥", "1,000", "gift", "all", "-", "-", "off", "off"]
        assert rows[3].split() == ["●", "share-rate", "×4.5", "rate", "all", "-", "-", "ready"]


async def test_space_d_and_u_in_the_order_in_which_things_were_done(console, ruled) -> None:
    app = console(ruled)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("T", "space")
        assert not ruled.clips.rules()[0].rule.enabled
        await pilot.press("g", "r")
        await until(pilot, lambda: ruled.recorded)
        await pilot.press("T", "d")
        assert labels(ruled) == ["gg+", "gift-1000", "share-rate"]
        await pilot.press("0", "u")
        assert labels(ruled)[0] == "clip that"
        await pilot.press("u")
        await until(pilot, lambda: len(ruled.recorded) == 2)
        assert not ruled.clips.rules()[0].rule.enabled
        await pilot.press("u")
        assert ruled.clips.rules()[0].rule.enabled
        assert toasts(app)[-1] == "undone: that “clip that” was switched off"
        await pilot.press("T", "u")
        await until(pilot, lambda: toasts(app)[-1] == "add one with t")


async def test_looking_costs_one_question_a_tick_and_repaints_nothing_that_stays(console, ruled, monkeypatch) -> None:
    app = console(ruled)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        pane, looks = app.main.triggers, ruled.clips.looks
        painted = []
        monkeypatch.setattr(pane.list, "refresh", lambda *regions, **_: painted.append(regions))
        pane.tick()
        assert (ruled.clips.looks, painted) == (looks + 1, [])
        ruled.clips.say("please clip that", ANA)
        pane.tick()
        assert [len(regions) for regions in painted] == [1]


# The form


async def test_a_trigger_is_made_by_keyboard_and_tried_while_it_is_typed(console, ruled) -> None:
    app = console(ruled)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        await pilot.press("t")
        assert isinstance(app.screen, EditTrigger)
        assert said(app, ".dialog-error") == ""
        await pilot.press(*"amazing", "down", "right", "up", "up", "up", *"that was amazin")
        assert said(app, ".trigger-said") == "no: it is not in the text"
        await pilot.press("g")
        assert said(app, ".trigger-said") == "✓ matches “amazing” at character 10"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        written = ruled.clips.written(5)
        assert (written["word"], written["match"], written["enabled"]) == ("amazing", "word", True)
        assert app.main.triggers.list.selected.rule.number == 5


async def test_what_is_wrong_is_said_in_the_form_and_nothing_is_kept(console, ruled) -> None:
    app = console(ruled)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        await pilot.press("t", "enter")
        assert said(app, ".dialog-error") == "the text: a text of 1 to 200 characters"
        await pilot.press("(", "down", "left")
        assert "unterminated" in said(app, ".dialog-error")
        await pilot.press("right", *["down"] * 2, *"x", "enter")
        assert isinstance(app.screen, EditTrigger)
        assert said(app, ".dialog-error") == "pause: 'x' — a number from 0 to 86,400 seconds"
        await pilot.press("escape")
        assert len(labels(ruled)) == len(RULES)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
async def test_a_rule_that_is_only_looked_at_stays_as_it_is(console, ruled, number) -> None:
    before = ruled.clips.written(number)
    app = console(ruled)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("T", *["down"] * (number - 1), "enter")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
    assert ruled.clips.written(number) == before


async def test_a_gift_and_a_spike_have_their_own_fields(console, ruled) -> None:
    app = console(ruled)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        await pilot.press("t", "up", "right", "down", *"5000", "enter")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        await pilot.press("t", "up", "left", "down", "right", "down", "backspace", *"2.5", "enter")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        assert labels(ruled)[-2:] == ["gift-5000", "gift-rate"]


async def test_w_makes_a_trigger_of_a_line(console, ruled) -> None:
    ruled.log.append(0, [chat("  what a GOAL  ")])
    app = console(ruled)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("1", "w")
        await until(pilot, lambda: toasts(app))
        await pilot.press("up", "w")
        assert field(app, "word").value == "what a GOAL"
        assert "matches" in said(app, ".trigger-said")
        await pilot.press(*["backspace"] * 5, "enter")
        await until(pilot, lambda: isinstance(app.screen, MainScreen))
        assert labels(ruled)[-1] == "what a"
        ruled.log.append(0, [gift(ANA, 500, 3)])
        app.main.log_pane.log_view.tick()
        await pilot.press("1", "f", "up", "w")
        assert field(app, "coins").value == "1500"


def test_a_form_says_what_the_rule_says() -> None:
    written = {"word": "a", "match": "word", "streams": ("x", "y"), "cooldown_seconds": 2.0, "enabled": False}
    form = RuleForm.of_rule(written)
    assert form.wanted() == {**written, "streams": ["x", "y"], "cooldown_seconds": "2"}


# Dry run


async def test_a_dry_run_lists_matches_opens_one_and_can_be_stopped(console, past, three, backend) -> None:
    backend = past(three)
    backend.clips = FakeClips("clip that")
    backend.clips.matches = [[matched(n, f"please clip that {n}", person(n)) for n in range(3)], [], []]
    backend.clips.go_on.clear()
    app = console(backend)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("T", "enter", "f5")
        assert isinstance(app.screen, DryRun)
        screen = app.screen
        await until(pilot, lambda: screen.sessions.row_count() == 3)
        await pilot.press("down", "enter")
        await until(pilot, lambda: screen.matches.row_count() == 3)
        assert said(app, ".dry-run-state") == "3 matches so far, 1,000 messages looked at …"
        await pilot.press("escape")
        await until(pilot, lambda: "stopped after 1,000" in said(app, ".dry-run-state"))
        await pilot.press("down", "enter")
        assert isinstance(app.screen, EventDetails)
        await pilot.press("escape", "escape")
        backend.clips.go_on.set()
        await pilot.press("enter")
        await until(pilot, lambda: said(app, ".dry-run-state") == "3 matches, of 3,000 messages")
        assert [key for _, key in backend.clips.done] == [KEYS["alice"]] * 2
        await pilot.press("escape", "escape")
        assert isinstance(app.screen, EditTrigger)
        await backend.closing()


# OBS


async def test_the_status_bar_says_how_obs_is_doing(console, ruled) -> None:
    app = console(ruled)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        for status, words in (
            (READY, "OBS ● replay"),
            (ObsStatus(ObsState.CONNECTING), "OBS ◐ connecting"),
            (REFUSED, "OBS ✕ wrong password"),
            (ObsStatus(ObsState.READY, warning="no source Overlay"), "OBS ▲ replay"),
        ):
            ruled.state = Health(obs=status)
            await ticked(pilot)
            assert words in screen_text(app).splitlines()[0]


def test_an_alarm_comes_once_for_each_change() -> None:
    watch = ObsWatch()
    assert watch.alarm(ObsStatus(ObsState.OFF, "off")) is None
    assert watch.alarm(ObsStatus(ObsState.CONNECTING)) is None
    gone = ObsStatus(ObsState.ABSENT, "OBS is gone", "start it")
    assert watch.alarm(gone) == ("OBS is gone", "start it")
    for again in (ObsStatus(ObsState.CONNECTING), ObsStatus(ObsState.ABSENT, "OBS is not running"), gone):
        assert watch.alarm(again) is None
    assert watch.alarm(REFUSED) is not None
    assert watch.alarm(READY) is None
    assert watch.alarm(gone) is not None
    warned = ObsStatus(ObsState.READY, warning="no source Overlay")
    assert watch.alarm(warned) == ("OBS", "no source Overlay")
    assert watch.alarm(warned) is None


async def test_b_connects_and_shows_what_to_do(console, ruled) -> None:
    ruled.clips.obs = REFUSED
    app = console(ruled)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        await pilot.press("b")
        assert isinstance(app.screen, Details)
        assert ruled.clips.done == [("connect", "")]
        shown = " ".join(screen_text(app).split())
        assert "wrong password" in shown
        assert "set obs.password to the one under" in shown
        lines = screen_text(app).splitlines()
        at = next(number for number, line in enumerate(lines) if "what to do" in line)
        assert lines[at].index("set obs") == lines[at + 1].index("Server Settings")


@pytest.mark.parametrize(("status", "words"), [(READY, "saving a clip …"), (REFUSED, REFUSED.remedy)])
async def test_c_saves_a_clip_of_the_selected_stream_or_says_what_to_do(console, ruled, status, words) -> None:
    ruled.clips.obs = status
    app = console(ruled)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        await pilot.press("down", "1", "c")
        await until(pilot, lambda: toasts(app) == [words])
        assert ruled.clips.done == [("clip_now", "bob")]


async def test_lines_about_triggers_have_their_own_word_and_keep_their_end(console, ruled) -> None:
    ruled.log.trigger(0, "john", "john_doe", "please clip that " * 20 + "→ saved, 0.4 s", "1")
    app = console(ruled)
    async with app.run_test(size=(120, 40)) as pilot:
        await started(pilot)
        line = next(line for line in screen_text(app).splitlines() if " trig " in line)
        assert "john_doe" in line
        assert "… → saved, 0.4 s" in line
        await pilot.press("slash", *"type:trig", "enter")
        await until(pilot, lambda: len(app.main.log_pane.log_view.reader) == 1)
        assert isinstance(app.focused, type(app.main.log_pane.log_view))
        assert not app.screen.query(Input)


async def test_an_arrow_typed_together_with_t_goes_from_the_first_field(console, ruled) -> None:
    app = console(ruled)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        for key in ("t", "up", "right"):
            app.simulate_key(key)
        await until(pilot, lambda: app.screen.query("#trigger-kind"))
        await until(pilot, lambda: field(app, "kind").value == "gift")
        assert app.focused is field(app, "kind")
        await until(pilot, lambda: not app._key_under_way)


async def test_a_rule_that_is_taken_back_is_selected_and_one_toast_says_so(console, ruled) -> None:
    app = console(ruled)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        await pilot.press("T", "down", "d", "down", "space", "space")
        assert len(toasts(app)) == 1
        await pilot.press("u", "u", "u")
        assert app.main.triggers.list.selected.rule.label == "gg+"
        assert len(toasts(app)) == 1


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"word": "a"}, "1,000 messages"),
        ({"gift_coins": 5}, "1,000 gifts"),
        ({"rate": {"of": "share"}}, "1,000 shares"),
    ],
)
def test_a_dry_run_counts_what_the_rule_looks_at(ruled, wanted, words) -> None:
    assert DryRun(ruled, wanted, "")._looked(1000) == words


async def test_the_palette_moves_nothing(console, ruled) -> None:
    app = console(ruled)
    async with app.run_test(size=(80, 24)) as pilot:
        await started(pilot)
        titles = [command.title for command in app.get_system_commands(app.screen)]
        assert not [title for title in titles if title.startswith("Triggers") and "page" in title]
