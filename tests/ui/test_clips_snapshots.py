"""What triggers, clips and OBS look like. Look at a changed picture before accepting it."""

from __future__ import annotations

import pytest
from msgspec import structs
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.conftest import pressing, started, until
from tests.ui.fake_clips import READY, REFUSED, FakeClips, cause, chat_before, clip, matched
from tests.ui.fakes import NOW_MS, FakeBackend, every_state, person
from tests.ui.test_log_line import HOSTILE
from tests.ui.test_snapshots import HEALTH, SIZES, no_timers
from tui_live.core.clips import ClipState, ObsState, ObsStatus
from tui_live.core.past import PastSession
from tui_live.ui.screens import clips as clips_screen
from tui_live.ui.screens.clips import Clips

__all__ = ["no_timers"]

_THREE = pytest.mark.parametrize("size", SIZES, ids=str)
RULES = (
    "clip that",
    {"word": "amazing", "match": "word", "cooldown_seconds": 30},
    {"word": "gg+|ez", "match": "regex", "streams": ["alice", "bob"], "enabled": False},
    {"gift_coins": 1000},
    {"rate": {"of": "chat", "times": 4.5}},
)
ABSENT = (
    "OBS is not running at localhost:4455, or its WebSocket server is off — start OBS, and switch on Tools → WebSocket "
    "Server Settings → Enable WebSocket server"
)
ELSEWHERE = "OBS runs on another machine and obs.clip_dir is not set"
#: Unprintable ones cannot be in a rule.
WORDS = [text[:150] for text in HOSTILE if text and "\ud800" not in text and not set("\x1b\x07\0") & set(text)]


class Past:
    """Two recorded sessions."""

    async def sessions(self, text: str = "", limit: int = 1000) -> list[PastSession]:
        day = 86_400_000
        return [
            PastSession("a2a2a2a2", "alice", NOW_MS - day, NOW_MS - day + 7_200_000, "ended", 310, 48_211, 8412),
            PastSession("s4s4s4s4", "さくらチャンネル", NOW_MS - 2 * day, NOW_MS - 2 * day + 60_000, "interrupted"),
        ]


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clips_screen, "TICK", 3600)


@pytest.fixture
def evening(backend: FakeBackend) -> FakeBackend:
    """Five rules, a ledger with every state, and an OBS that is ready."""
    clips = backend.clips = FakeClips(*RULES)
    for number in range(12):
        clips.say("please clip that", person(number), last_clip="ana_clip-that_2026-11-20_08-14-06_PM.mkv")
    clips.say("amazing!", person(1), last_clip=ABSENT)
    clips.say("amazing!", person(2))
    clips.now_s += 8
    backend.log.trigger(0, "john", "john_doe", "please clip that → saved, 0.4 s", "1")
    backend.log.trigger(1, "sakura", "さくら", f"{'please clip that, ' * 5} → no clip: {ABSENT}", "1")
    asked = tuple(cause("amazing", "king", nickname="👑 King", message="that was amazing") for _ in range(2))
    failed = [clip(n, ClipState.FAILED, reason=ABSENT, causes=asked) for n in range(65, 72)]
    clips.put(
        *(clip(n) for n in range(60, 64)),
        clip(64, ClipState.KEPT, path="C:\\Users\\ana\\Replay 2026-11-20 20-14-06.mkv", reason=ELSEWHERE),
        *(structs.replace(one, requested_ms=NOW_MS - 2_000_000 + one.number * 9000) for one in failed),
        clip(80, ClipState.DELETED, reason="deleted by the operator", path="/home/ana/clips/x.mkv"),
        clip(
            81,
            causes=(
                cause("gift-1000", nickname="Ana", message="Galaxy ×1"),
                cause(who="sakura", nickname="さくら", message="please clip that"),
                cause("amazing", "king", nickname="👑 King", message="amazing", stream="bob"),
            ),
            chat=chat_before(
                ("Ana", "where are you from?"), ("さくら", "こんにちは、" * 12), ("bob", "please clip that")
            ),
        ),
        clip(82, ClipState.REQUESTED),
    )
    return with_obs(backend, READY)


def with_obs(backend: FakeBackend, status: ObsStatus) -> FakeBackend:
    backend.clips.obs = status
    backend.state = structs.replace(HEALTH, obs=status)
    return backend


def in_the_ledger(*keys: str):
    async def run(pilot: Pilot[None]) -> None:
        await started(pilot)
        await pilot.press("k")
        screen = pilot.app.screen
        assert isinstance(screen, Clips)
        await until(pilot, lambda: screen.list._started)
        await pilot.press(*keys)
        await pilot.app.workers.wait_for_complete(list(screen.workers))
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await pilot.pause()

    return run


@_THREE
def test_triggers(snap_compare, console, evening, size) -> None:
    assert snap_compare(console(evening), terminal_size=size, run_before=pressing("T", "down"))


@_THREE
def test_no_triggers(snap_compare, console, backend, size) -> None:
    backend = with_obs(backend, ObsStatus(ObsState.OFF))
    assert snap_compare(console(backend), terminal_size=size, run_before=pressing("T"))


@_THREE
def test_triggers_on_the_whole_screen(snap_compare, console, evening, size) -> None:
    with_obs(evening, REFUSED)
    assert snap_compare(console(evening), terminal_size=size, run_before=pressing("T", "z"))


@pytest.mark.parametrize("theme", ["tui-live-light", "ansi-dark"])
def test_triggers_in_themes(snap_compare, console, evening, theme) -> None:
    assert snap_compare(console(evening, theme=theme), terminal_size=(120, 40), run_before=pressing("T"))


@_THREE
def test_editing(snap_compare, console, evening, size) -> None:
    keys = ("T", "down", "enter", *["down"] * 6, *"that was amazing")
    assert snap_compare(console(evening), terminal_size=size, run_before=pressing(*keys))


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("new", ("t",)),
        ("wrong", ("t", "(", "down", "left")),
        ("gift", ("T", *["down"] * 3, "enter", "up")),
        ("spike", ("T", "end", "enter")),
    ],
)
def test_forms(snap_compare, console, evening, name, keys) -> None:
    assert snap_compare(console(evening), terminal_size=(80, 24), run_before=pressing(*keys))


@_THREE
@pytest.mark.parametrize("chosen", [False, True], ids=["sessions", "matches"])
def test_dry_run(snap_compare, console, evening, size, chosen) -> None:
    evening.history = Past()  # type: ignore[attr-defined]
    evening.clips.matches = [[matched(n, f"please clip that {n}", person(n)) for n in range(5)], []]

    async def run(pilot: Pilot[None]) -> None:
        await pressing("T", "enter", "f5")(pilot)
        screen = pilot.app.screen
        await until(pilot, screen.sessions.row_count)  # type: ignore[attr-defined]
        if chosen:
            await pilot.press("enter")
            await until(pilot, lambda: screen.matches.row_count() and not screen.matches.under_way)  # type: ignore[attr-defined]
        await pilot.pause()

    assert snap_compare(console(evening), terminal_size=size, run_before=run)


@_THREE
@pytest.mark.parametrize(
    ("name", "keys"), [("saved", ("down",)), ("failed", ("down", "down", "down"))], ids=["saved", "failed"]
)
def test_clips(snap_compare, console, evening, size, name, keys) -> None:
    assert snap_compare(console(evening), terminal_size=size, run_before=in_the_ledger(*keys))


@_THREE
def test_no_clips(snap_compare, console, backend, size) -> None:
    assert snap_compare(console(backend), terminal_size=size, run_before=in_the_ledger())


@pytest.mark.parametrize(("name", "keys"), [("rename", ("down", "r")), ("delete", ("down", "d"))])
def test_asking_about_a_clip(snap_compare, console, evening, name, keys) -> None:
    assert snap_compare(console(evening), terminal_size=(80, 24), run_before=in_the_ledger(*keys))


@_THREE
def test_obs(snap_compare, console, evening, size) -> None:
    with_obs(evening, REFUSED)
    assert snap_compare(console(evening), terminal_size=size, run_before=pressing("b"))


@_THREE
@pytest.mark.parametrize("where", ["triggers", "clips", "form"])
def test_hostile_text(snap_compare, console, size, where) -> None:
    backend = FakeBackend(every_state())
    backend.clips = FakeClips(*({"word": text} for text in WORDS))
    for text in WORDS:
        backend.clips.say(text, person(1), last_clip=text)
    facts = {"nickname": "", "message": ""}
    backend.clips.put(
        *(
            clip(
                60 + number,
                causes=(cause(text, text, stream=text, **{**facts, "nickname": text, "message": text}),),
                path=f"/x/{text}",
                reason=text,
                chat=chat_before((text, text)),
            )
            for number, text in enumerate(WORDS)
        )
    )
    run = in_the_ledger("down") if where == "clips" else pressing("T", "down", *(["enter"] if where == "form" else []))
    assert snap_compare(console(backend), terminal_size=size, run_before=run)


def test_help_of_the_triggers(snap_compare, console, evening) -> None:
    assert snap_compare(console(evening), terminal_size=(120, 40), run_before=pressing("T", "question_mark"))
