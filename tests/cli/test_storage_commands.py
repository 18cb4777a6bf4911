"""The commands that read and clean the database, as a user types them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pty
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.store.conftest import KING, NOW_MS, batch, chat, gift
from tui_live.store import sessions
from tui_live.store.database import open_writer
from tui_live.store.recorder import Recorder

MANY = 30_000


async def fill(path: Path, count: int) -> str:
    database = await open_writer(path)
    recorder = Recorder(database, keep_raw=True)
    await recorder.open()
    session = await sessions.begin(recorder, "ana", "7", NOW_MS, {})
    for start in range(0, count, 1000):
        made = batch(*(chat(f"hello {start + at} 天気がいい") for at in range(min(1000, count - start))), gift(5))
        session.totals.add(made)
        recorder.put(session.id, made, session.totals)
        await recorder.flush()
    await sessions.finish(recorder, session, "ended", NOW_MS + 1)
    await database.close()
    return session.id


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> tuple[Path, str]:
    path = tmp_path_factory.mktemp("filled") / "x.db"
    return path, asyncio.run(fill(path, MANY))


def command(path: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "tui_live", "--db", str(path), *words]


def run(path: Path, *words: str, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(path, *words), check=False, capture_output=True, text=True, timeout=60, **more)


def test_search_prints_lines_and_json(filled) -> None:
    path, key = filled
    done = run(path, "search", "天気", "--limit", "2")
    lines = done.stdout.splitlines()
    assert (len(lines), done.returncode) == (2, 0)
    assert lines[0].startswith(f"{key}  20")
    assert lines[0].endswith(f"@ana  @ana: hello {MANY - 1} 天気がいい")
    found = json.loads(run(path, "search", "--json", f"hello {MANY - 5}").stdout)["events"]
    assert [hit["message"] for hit in found] == [f"hello {MANY - 5} 天気がいい"]
    assert run(path, "search", "hello", "--stream", "@bob").stdout == "Nothing found.\n"


def test_a_search_goes_on_where_the_last_one_ended(filled) -> None:
    path, _ = filled
    found: list[str] = []
    following: list[str] = []
    for _ in range(3):
        page = json.loads(run(path, "search", "--json", "--limit", "4", *following, "hello", "2999").stdout)
        found += [event["message"] for event in page["events"]]
        following = ["--before", page["next"] or ""]
    assert page["next"] is None
    assert found == [f"hello {number} 天気がいい" for number in (*range(29999, 29989, -1), 2999)]


def test_an_export_says_on_standard_error_what_the_session_lacks(tmp_path) -> None:
    path, target = tmp_path / "x.db", tmp_path / "x.jsonl"
    key = asyncio.run(fill(path, 10))
    assert run(path, "export", key, "-o", str(target)).stderr == f"11 events in {target}\n"
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "UPDATE sessions SET totals = json_set(totals, '$.gaps', 5, '$.gap_ms', 5000, '$.duplicates', 1)"
        )
    done = run(path, "export", key, "-o", str(target), "--force")
    assert done.stderr == f"11 events in {target}\nThe session has 5 gaps (00:05), 1 duplicate left out\n"
    assert done.stdout == ""
    assert run(path, "export", key).stderr == ""


def test_export_to_standard_output_and_into_a_file(filled, tmp_path) -> None:
    path, key = filled
    assert len(run(path, "export", key).stdout.splitlines()) == MANY + MANY // 1000
    target = tmp_path / "gifts.csv"
    done = run(path, "export", key[:4], "--format", "csv", "--type", "gift", "-o", str(target))
    assert done.returncode == 0
    assert len(target.read_text().splitlines()) == 1 + MANY // 1000
    again = run(path, "export", key, "-o", str(target))
    assert (again.returncode, len(again.stderr.splitlines())) == (2, 1)
    assert "--force" in again.stderr


@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "parquet"])
def test_a_broken_pipe_is_one_line(filled, form) -> None:
    path, key = filled
    process = subprocess.Popen(
        command(path, "export", key, "--format", form), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.read(10)
    process.stdout.close()
    said = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(60) == 2
    assert said.startswith("tui-live: standard output was closed by its reader")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("form", ["jsonl", "json", "csv", "parquet"])
def test_a_full_disk_is_one_line(filled, form) -> None:
    path, key = filled
    for words in (["-o", "/dev/full"], []):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                command(path, "export", key, "--format", form, *words),
                check=False,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                timeout=60,
            )
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
        assert "no space left" in done.stderr


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["INT", "TERM", "HUP"]
)
def test_an_interrupted_export_leaves_no_file(filled, tmp_path, number, code) -> None:
    path, key = filled
    target = tmp_path / "x.jsonl.gz"
    process = subprocess.Popen(command(path, "export", key, "-o", str(target), "--raw"), stderr=subprocess.PIPE)
    # It says nothing on the way: the file that it writes is the only sign.
    deadline = time.monotonic() + 30
    while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert list(tmp_path.iterdir()), "it did not begin"
    process.send_signal(number)
    said = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(30) == code
    assert said.strip().splitlines()[-1] == "tui-live: interrupted"
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_done_is_one_line(filled, tmp_path) -> None:
    path, key = filled
    for words, said in (
        (["export", "zzzzzz"], "tui-live sessions"),
        (["export", key, "--raw", "--pseudonymise"], "--raw"),
        (["export", key, "--type", "gifts"], "types are chat"),
        (["export", key, "-o", str(tmp_path)], "folder"),
        (["search", "hola", "--before", "99999999999999999999"], "--before"),
        (["erase", "nobody", "--yes"], "Nobody"),
    ):
        done = run(path, *words)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
        assert said in done.stderr
    assert "no database" in run(tmp_path / "none.db", "search", "x").stderr


def test_erase_asks_first(tmp_path) -> None:
    path = tmp_path / "x.db"
    asyncio.run(fill(path, 10))
    assert "Nothing was changed" in run(path, "erase", "king", "--dry-run").stdout
    assert "Nothing was changed" in run(path, "erase", "king", input="n\n").stdout
    assert KING.user_id.encode() in path.read_bytes()
    assert "Erased." in run(path, "erase", "@king", input="y\n").stdout
    assert KING.user_id.encode() not in path.read_bytes()
    assert len(run(path, "search", "hello").stdout.splitlines()) == 10


@pytest.mark.parametrize("harm", ["x'00112233'", "'a text'"])
def test_an_erase_says_what_it_had_to_remove_because_nobody_can_read_it(tmp_path, harm) -> None:
    path = tmp_path / "x.db"
    asyncio.run(fill(path, 10))
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute(f"INSERT INTO frame_packs VALUES (1, 1, 1, {harm})")
        database.execute("DELETE FROM frames")
        database.commit()
    done = run(path, "erase", "king", "--yes")
    assert "1 pack of stored frames could not be read" in done.stdout
    assert "the original messages of 10 events" in done.stdout
    assert "Erased." in done.stdout
    with contextlib.closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM frame_packs").fetchone() == (0,)
    assert len(run(path, "search", "hello").stdout.splitlines()) == 10


def test_an_erase_that_nobody_answers_says_what_to_do(tmp_path) -> None:
    path = tmp_path / "x.db"
    asyncio.run(fill(path, 10))
    done = run(path, "erase", "king", stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert done.stderr.strip() == "tui-live: Nobody is there to answer: nothing was changed — use --yes"
    assert KING.user_id.encode() in path.read_bytes()


def test_an_erase_beside_a_reader_is_finished_by_another(tmp_path) -> None:
    path = tmp_path / "x.db"
    asyncio.run(fill(path, 10))
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchone()
        done = run(path, "erase", "king", "--yes")
        assert (done.returncode, "Erased." in done.stdout) == (2, False)
        assert "Erased, but another program reads the database" in done.stderr
        assert "run tui-live erase again" in done.stderr
    said = run(path, "erase", "king", "--dry-run")
    assert "still to be written anew" in said.stdout
    assert "Nothing was changed" in said.stdout
    finished = run(path, "erase", "king")
    assert (finished.returncode, "The file is written anew" in finished.stdout) == (0, True)
    assert KING.user_id.encode() not in path.read_bytes()
    assert "Nobody" in run(path, "erase", "king").stderr


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["INT", "TERM", "HUP"]
)
def test_an_interrupted_erase_says_that_nothing_was_erased(filled, tmp_path, number, code) -> None:
    path = tmp_path / "x.db"
    shutil.copy(filled[0], path)
    screen, terminal = pty.openpty()
    process = subprocess.Popen(command(path, "erase", "king", "--yes"), stdout=subprocess.DEVNULL, stderr=terminal)
    os.close(terminal)
    said = os.read(screen, 1000)
    process.send_signal(number)
    with contextlib.suppress(OSError):  # how Linux tells the end of a terminal
        while more := os.read(screen, 1000):
            said += more
    os.close(screen)
    assert process.wait(30) == code
    assert b"erasing" in said
    assert said.decode().splitlines()[-1] == "tui-live: interrupted — nothing was erased"
    assert KING.user_id.encode() in path.read_bytes()


def test_a_search_prints_what_it_finds_at_once_and_can_be_interrupted(filled) -> None:
    path, _ = filled
    words = ["search", "hello", "--limit", str(MANY)]
    process = subprocess.Popen(command(path, *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    first = process.stdout.readline().decode()  # the pipe is full long before everything is printed
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert first.endswith(f"hello {MANY - 1} 天気がいい\n")
    assert process.returncode == 130
    assert said.decode().startswith("tui-live: interrupted — ")
    assert len(said.splitlines()) == 1


def test_pseudonyms_are_the_same_in_every_export(filled) -> None:
    path, key = filled
    one, two = (run(path, "export", key, "--pseudonymise", "--type", "gift").stdout for _ in range(2))
    assert one == two
    assert KING.user_id not in one
    assert json.loads(one.splitlines()[0])["user_id"].startswith("user-")
