"""The whole way, from TikTok's stand-in to rows: in the engine, and as the command that a user types."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.core.videos import counts, video
from tests.store.test_trends import good
from tests.trends.conftest import LIMITS
from tests.trends.leftovers import browsers_at
from tests.trends.site import Site, fresh, text, videos
from tests.waiting import until
from tui_live.config import load
from tui_live.core.trends import Kind
from tui_live.engine import Engine
from tui_live.engine import trends_pacing as module
from tui_live.store.database import WriterLock
from tui_live.store.trends import own_store

pytestmark = pytest.mark.asyncio(loop_scope="module")

Start = Callable[..., Any]


def rows(path: Path, sql: str) -> list[tuple]:
    with sqlite3.connect(path) as database:
        found = database.execute(sql).fetchall()
    database.close()
    return found


@pytest.fixture
def settings(site: Site, tmp_path: Path) -> Path:
    file = tmp_path / "c.yaml"
    args = json.dumps(site.browser_args)
    file.write_text(f"trends: {{browser_args: {args}, rate_limit_delay_seconds: 0, every_minutes: 0.1}}\n")
    return file


@pytest.fixture
def spare() -> Iterator[Path]:
    """A folder for temporary files with a short name: Chromium does not start where its sockets' paths are too long."""
    with tempfile.TemporaryDirectory(prefix="tl-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def command(settings: Path, tmp_path: Path, spare: Path) -> Start:
    """Starts ``tui-live trends`` with the stand-in; its profile and crash reports lie in the test's folders."""

    async def start(*words: str) -> asyncio.subprocess.Process:
        environ = os.environ | {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path), "TMPDIR": str(spare)}
        program = (sys.executable, "-m", "tui_live", "-c", str(settings), "--db", str(tmp_path / "x.db"), "trends")
        pipe = asyncio.subprocess.PIPE
        more = {"stdout": pipe, "stderr": pipe, "start_new_session": True}
        return await asyncio.create_subprocess_exec(*program, *words, env=environ, **more)

    return start


async def test_an_engine_fetches_while_it_records_backs_off_and_recovers(site, settings, tmp_path, monkeypatch) -> None:
    posted = fresh(3, minutes=10) + fresh(1, minutes=120, first=4, **counts(1_000, 50, 10))
    limited = text("{}", "application/json", 429, **{"Retry-After": "1800"})
    site.plays(videos(*posted), text(""), limited, videos(*posted, *fresh(1, first=9)))
    loaded = load(settings, {"database.path": str(tmp_path / "x.db")})
    waits: list[float] = []
    genuine = module.next_wait_s

    def noted(*args: Any) -> float:
        waits.append(genuine(*args[:3], 0.0))
        return 0.01

    monkeypatch.setattr(module, "next_wait_s", noted)
    monkeypatch.setattr("tui_live.trends.fetching.Limits", lambda: LIMITS)
    engine = await Engine.create(loaded, lambda work, name: asyncio.create_task(work, name=name), web=False)
    troubles: list[Kind | None] = []
    try:
        engine.trends.told = lambda run: troubles.append(run.trouble and run.trouble.kind)
        engine.trends.watch(True)
        await until(lambda: len(troubles) == 4)
        engine.trends.watch(False)
        known = engine.trends.now()
    finally:
        await engine.close()
    assert troubles == [None, Kind.BLOCKED, Kind.LIMITED, None]
    assert waits == [6, 12, 1800, 6]
    assert sorted(trend.story.video.author for trend in known.trends) == ["ana1", "ana2", "ana3", "ana9"]
    assert [trend.new for trend in known.trends if trend.story.video.author == "ana9"] == [True]
    assert {len(trend.history) for trend in known.trends} == {1, 2}
    assert all(300 < trend.story.velocity <= 571 for trend in known.trends)
    assert known.run.dropped == {"too slow": 1} and known.trouble is None
    asked = (
        "SELECT platform, COUNT(*), AVG(engagement_velocity) > 300 FROM stories WHERE platform = 'TikTok' GROUP BY 1"
    )
    assert rows(tmp_path / "x.db", asked) == [("TikTok", 4, 1)]
    assert browsers_at(site.port) == []


async def test_the_command_shows_what_was_kept_and_why_others_were_not(site, command, tmp_path, spare) -> None:
    caption = "look \x1b[31mhere 🎉 한국"
    site.plays(videos(*fresh(1, desc=caption), *fresh(1, first=2, **counts(9)), None, *fresh(1)))
    process = await command("--limit", "30", "--min-velocity", "200")
    out, err = await process.communicate()
    assert (process.returncode, err) == (0, b"")
    summary, heads, line = out.decode().splitlines()
    assert summary.endswith("2 fetched, 1 kept; 1 too slow, 1 came again; no item ×1, views missing ×1")
    assert heads.split() == ["A", "MINUTE", "SCORE", "LIKES", "COMMENTS", "SHARES", "AUTHOR", "CAPTION", "LINK"]
    assert "\x1b" not in line and "look  [31mhere 🎉 한국" in line and "5,000" in line and "  Ana (@ana1)" in line
    assert line.endswith("https://www.tiktok.com/@ana1/video/7300000000000000001")
    assert site.requests[0].query["count"] == "30"
    assert rows(tmp_path / "x.db", "SELECT content FROM raw_posts") == [("look  [31mhere 🎉 한국",)]
    assert rows(tmp_path / "x.db", "SELECT wanted, min_velocity FROM trend_runs") == [(30, 200)]
    assert left(spare) == []


async def test_trouble_is_one_line_exit_code_1_and_the_last_good_result_stays(site, command, tmp_path) -> None:
    async with own_store(tmp_path / "x.db") as store:
        await good(store, video(1), video(2))
    site.plays(text("", status=429))
    process = await command("--json")
    out, err = await process.communicate()
    told = json.loads(out)
    assert process.returncode == 1 and len(told["stories"]) == 2 and "429" in told["run"]["trouble"]
    first, second = err.decode().splitlines()
    assert first.startswith("tui-live: TikTok takes no more requests for now (429) — wait;")
    assert "2 videos" in second and "stays" in second


async def _held(site: Site, start: Start, *words: str) -> asyncio.subprocess.Process:
    """The command, at the moment at which TikTok lets it wait."""
    site.plays(site.hang)
    process = await start(*words)
    async with asyncio.timeout(40):
        await site.asked.wait()
    assert browsers_at(site.port)
    return process


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [(signal.SIGINT, 130, ()), (signal.SIGTERM, 143, ("--watch",))],
)
async def test_a_signal_ends_the_browser_too(number, code, words, site, command, tmp_path, spare) -> None:
    process = await _held(site, command, *words)
    os.killpg(process.pid, number)  # a terminal's Ctrl-C is for Playwright's driver as well
    _, err = await process.communicate()
    assert process.returncode == code
    assert (b"interrupted" in err) == (number == signal.SIGINT) and b"Traceback" not in err
    assert browsers_at(site.port) == [] and left(spare) == []


async def test_no_browser_outlives_a_program_that_is_killed(site, command, tmp_path, spare) -> None:
    process = await _held(site, command)
    process.kill()
    await process.wait()
    await until(lambda: not browsers_at(site.port))
    await until(lambda: not _of_folders(spare, tmp_path))
    assert list(spare.glob("tui-live-*/*")) == []  # the empty folder goes with the next run


def left(folder: Path) -> list[Path]:
    """What a run left in its folder for temporary files."""
    return [*folder.glob("playwright*"), *folder.glob("tui-live-*")]


def _of_folders(*folders: Path) -> list[str]:
    """Processes that work in one of these folders: profiles and crash reports of browsers lie there."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = place.read_bytes()
        except OSError:
            continue
        if any(str(folder).encode() in words for folder in folders):
            found.append(words.decode("utf-8", "replace"))
    return found


async def test_a_database_that_another_records_into_is_said_before_anything_is_fetched(site, command, tmp_path) -> None:
    lock = WriterLock(tmp_path / "x.db")
    lock.acquire()
    process = await command()
    _, err = await process.communicate()
    lock.release()
    assert process.returncode == 2 and b"records into" in err and site.opened == 0


async def test_options_are_checked_like_settings(command) -> None:
    process = await command("--limit", "0")
    _, err = await process.communicate()
    assert process.returncode == 2 and b"allowed: " in err
