"""``tui-live rescore``, as a user types it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pty
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_storage_commands import command, run
from tests.store.conftest import ANA, KING, chat, gift, like
from tests.store.evening import Evening
from tui_live.config.rulebook import Scoring
from tui_live.core.events import Person
from tui_live.store.database import WriterLock, open_writer
from tui_live.store.recorder import Recorder

CROWD = [Person(str(6_900_000_000_000_001_000 + number), f"user{number}", f"Nr {number}") for number in range(30)]


async def fill(path: Path, events: int = 0) -> str:
    recorder = Recorder(await open_writer(path), keep_raw=False)
    await recorder.open()
    evening = await Evening.begin(recorder, Scoring().rules())
    evening.add(like(30, 900, ANA), gift(5, 3, KING), *(chat("hi", someone) for someone in CROWD))
    evening.do("reset", ANA.user_id)
    for _ in range(events // 1000):
        evening.add(*(chat("hello", ANA) for _ in range(1000)))
        await recorder.flush()
    await recorder.close()
    await recorder._database.close()
    return evening.session.id


@pytest.fixture
def filled(tmp_path: Path) -> tuple[Path, str]:
    path = tmp_path / "x.db"
    return path, asyncio.run(fill(path))


@pytest.fixture
def other_rules(tmp_path: Path) -> Path:
    file = tmp_path / "other.yaml"
    file.write_text("scoring:\n  comment_points: 0.5\n  likes_per_point: {follower: 7, other: 8}\n")
    return file


def scores(path: Path) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT username, points, used_points FROM scores ORDER BY 1").fetchall()


def test_the_same_rules_make_no_difference(filled) -> None:
    path, key = filled
    for words in ([], ["--apply"]):
        done = run(path, "rescore", key, *words)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines() == [f"Session {key} of @ana: 32 events, 32 people", "No differences."]
    assert json.loads(run(path, "rescore", key, "--json", "--apply").stdout)["applied"] is False


def test_differences_are_shown_first_and_kept_with_apply(filled, other_rules) -> None:
    path, key = filled
    before = scores(path)
    shown = run(path, "rescore", key[:4], "-c", str(other_rules)).stdout.splitlines()
    assert shown[1].split() == ["0", "→", "0.5", "+0.5", "@user0", "(Nr", "0)"]
    assert len(shown) == 1 + 20 + 3
    assert shown[21:] == [
        "and 11 more",
        "31 differences; all points 90 → 105, used ones 2 → 3.75",
        "Nothing was changed; --apply keeps these scores.",
    ]
    assert scores(path) == before
    written = run(path, "rescore", key, "-c", str(other_rules), "--apply").stdout.splitlines()
    assert written[:-1] == shown[:-1]
    assert written[-1] == "Written."
    assert ("ana", 0.0, 3.75) in scores(path)
    assert ("user7", 0.5, None) in scores(path)
    assert "No differences." in run(path, "rescore", key, "-c", str(other_rules)).stdout


def test_json_has_all_differences_and_nothing_else_on_standard_output(filled, other_rules) -> None:
    path, key = filled
    found = json.loads(run(path, "rescore", key, "-c", str(other_rules), "--json").stdout)
    assert (len(found["differences"]), found["total_users"], found["applied"]) == (31, 32, False)
    ana = next(each for each in found["differences"] if each["user_id"] == ANA.user_id)
    assert (ana["points"], ana["used_points"]) == ({"before": 0.0, "after": 0.0}, {"before": 2.0, "after": 3.75})
    assert json.loads(run(path, "rescore", key, "-c", str(other_rules), "--json", "--apply").stdout)["applied"] is True


def test_what_cannot_be_done_is_one_line(filled, tmp_path) -> None:
    path, key = filled
    lock = WriterLock(path)
    lock.acquire()
    assert "No differences." in run(path, "rescore", key).stdout
    taken = run(path, "rescore", key, "--apply")
    lock.release()
    for done, said in (
        (taken, "Another TUI Live (pid"),
        (run(path, "rescore", "zzzzzz"), "tui-live sessions"),
        (run(tmp_path / "none.db", "rescore", key), "no database"),
    ):
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
        assert said in done.stderr
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("apply", [False, True])
def test_interrupted_it_changes_nothing(tmp_path, other_rules, apply) -> None:
    path = tmp_path / "x.db"
    key = asyncio.run(fill(path, 60_000))
    before = scores(path)
    screen, terminal = pty.openpty()
    words = ["rescore", key, "-c", str(other_rules), *(["--apply"] if apply else [])]
    process = subprocess.Popen(command(path, *words), stdout=subprocess.PIPE, stderr=terminal)
    os.close(terminal)
    said = os.read(screen, 1000)
    process.send_signal(signal.SIGINT)
    with contextlib.suppress(OSError):  # how Linux tells the end of a terminal
        while more := os.read(screen, 1000):
            said += more
    os.close(screen)
    printed, _ = process.communicate(timeout=30)
    assert (process.returncode, printed) == (130, b"")
    assert b"rescoring" in said
    assert said.decode().splitlines()[-1] == "tui-live: interrupted — nothing was changed"
    assert scores(path) == before
