"""``tui-live export``: which session, which events, which format, and what it says of them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pty
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.test_storage_commands import command, fill, run
from tests.waiting import until
from tui_live.errors import TuiLiveError
from tui_live.store import export_printing as printing
from tui_live.store.export_printing import Bar, export_options, run_export

OPTIONS = {"types": (), "user": "", "since": None, "until": None, "raw": False, "pseudonymise": False}


def options(target: Path | None = None, **chosen):
    return export_options(**{"target": target, "format": None} | OPTIONS | chosen)


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> tuple[Path, str]:
    path = tmp_path_factory.mktemp("filled") / "x.db"
    return path, asyncio.run(fill(path, 10))


@pytest.mark.parametrize(
    ("name", "format"),
    [
        *(("x.csv", "csv"), ("x.json", "json"), ("x.jsonl", "jsonl"), ("x.ndjson", "jsonl"), ("X.Parquet", "parquet")),
        *(("x.csv.gz", "csv"), ("x.json.GZ", "json"), ("x.gz", "jsonl"), ("x", "jsonl"), ("csv", "jsonl")),
    ],
)
def test_the_files_name_tells_the_format_unless_an_option_does(name, format) -> None:
    assert options(Path(name)).format == format
    assert options(Path(name), format="csv").format == "csv"
    assert options(None).format == "jsonl"


def test_a_csv_file_is_written_as_csv(filled, tmp_path, capsys) -> None:
    path, key = filled
    target = tmp_path / "x.csv"
    run_export(path, key, options(target), target, force=False)
    assert target.read_text().startswith("id,session_id,")


@pytest.mark.parametrize("words", [[], ["-o", "-"], ["-o", "/dev/tty"]], ids=["nothing", "dash", "device"])
def test_parquet_does_not_go_to_a_terminal(filled, words) -> None:
    path, key = filled
    pid, screen = pty.fork()
    if pid == 0:
        os.execv(sys.executable, command(path, "export", key, "--format", "parquet", *words))
    said = b""
    with contextlib.suppress(OSError):  # how Linux tells the end of a terminal
        while more := os.read(screen, 10_000):
            said += more
    os.close(screen)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 2
    assert said.decode().splitlines() == ["tui-live: Parquet is nothing for a terminal — use -o FILE, or pipe it"]


def test_parquet_goes_into_a_pipe(filled) -> None:
    path, key = filled
    done = subprocess.run(command(path, "export", key, "--format", "parquet"), check=True, capture_output=True)
    assert done.stdout.startswith(b"PAR1")


def test_types_come_with_commas_and_in_any_case(filled, capfd) -> None:
    path, key = filled
    for given, expected in ((("GIFT,chat",), 11), (("Gift", " like "), 1), (("gift", "gift"), 1)):
        run_export(path, key, options(types=given), None, force=False)
        assert len(capfd.readouterr().out.splitlines()) == expected
    for wrong in ("gift,", "gifts", ""):
        with pytest.raises(TuiLiveError, match="no event type"):
            run_export(path, key, options(types=(wrong,)), None, force=False)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "UTC"])
def test_a_time_that_no_clock_tells_bounds_nothing_on_its_side(filled, capfd, monkeypatch, zone) -> None:
    path, key = filled
    first, last = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        for since, until, expected in ((None, last, 11), (first, None, 11), (last, None, 0), (None, first, 0)):
            run_export(path, key, options(since=since, until=until), None, force=False)
            assert len(capfd.readouterr().out.splitlines()) == expected, (since, until)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_an_at_name_is_the_newest_session_with_events_and_which_is_said(tmp_path) -> None:
    path = tmp_path / "x.db"
    first, second = asyncio.run(fill(path, 2)), asyncio.run(fill(path, 2))
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE sessions SET session_start = '2026-01-02T10:00:00.000Z' WHERE id = ?", (first,))
        database.execute("UPDATE sessions SET session_start = '2026-01-01T10:00:00.000Z' WHERE id = ?", (second,))
        empty = ("e", "ana", "7", "2026-01-03T10:00:00.000Z", "ended")
        columns = "id, streamer_username, room_id, session_start, status"
        database.execute(f"INSERT INTO sessions ({columns}) VALUES (?, ?, ?, ?, ?)", empty)
    done = run(path, "export", "@Ana", env=os.environ | {"TZ": "UTC"})
    assert {json.loads(line)["session_id"] for line in done.stdout.splitlines()} == {first}
    assert done.stderr == f"The newest session of @ana is {first}, begun 2026-01-02 10:00 (ended)\n"
    with pytest.raises(TuiLiveError, match="No session of @bob has events"):
        run_export(path, "@bob", options(), None, force=False)


def test_events_without_their_original_message_are_counted_and_it_says_why(tmp_path, capfd) -> None:
    path, target = tmp_path / "x.db", tmp_path / "x.jsonl"
    key = asyncio.run(fill(path, 10))
    run_export(path, key, options(raw=True), target, force=True)
    assert "original" not in capfd.readouterr().err
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE event_rows SET frame_id = NULL WHERE id <= 3")
        database.execute("UPDATE event_rows SET frame_id = 9999 WHERE id = 4")
    run_export(path, key, options(raw=True), target, force=True)
    assert [json.loads(line)["raw_data"] is None for line in target.read_text().splitlines()] == [True] * 4 + [
        False
    ] * 7
    assert capfd.readouterr().err.splitlines() == [
        "Events without their original message: 3 of 11, recorded with database.keep_raw off",
        "Events without their original message: 1 of 11, no longer in the database",
        f"11 events in {target}",
    ]
    run_export(path, key, options(), target, force=True)
    assert capfd.readouterr().err == f"11 events in {target}\n"


class Screen:
    """A terminal of so many columns that keeps what was written."""

    def __init__(self) -> None:
        self.said = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> None:
        self.said += text

    def flush(self) -> None:
        pass


def test_how_long_it_takes_is_said_once_it_is_steady_and_the_beginning_does_not_count(monkeypatch) -> None:
    screen, now = Screen(), [1_000_000.0]
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(time, "time", lambda: now[0])
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    bar = Bar()
    bar.begin(10_000)
    now[0] += 9  # what is read once
    for _ in range(20):
        bar.add(100)
        assert ":" not in screen.said
        now[0] += 0.1
    for _ in range(20):
        bar.add(100)
        now[0] += 0.1
    assert screen.said.endswith(("00:00:05", "00:00:06"))
    bar.end()


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> tuple[Path, str]:
    path = tmp_path_factory.mktemp("large") / "x.db"
    return path, asyncio.run(fill(path, 3_000))


def test_what_a_killed_export_left_is_taken_away_by_the_next_one(large, tmp_path) -> None:
    path, key = large
    target = tmp_path / "x.jsonl"
    process = subprocess.Popen(command(path, "export", key, "--raw", "-o", str(target)))
    asyncio.run(until(lambda: list(tmp_path.iterdir())))
    process.kill()
    process.wait(30)
    assert [item.suffix for item in tmp_path.iterdir()] == [".part"]
    run_export(path, key, options(target, types=("gift",)), target, force=False)
    assert list(tmp_path.iterdir()) == [target]


def test_a_terminal_that_goes_away_ends_an_export_and_leaves_no_file(large, tmp_path) -> None:
    (path, key), target = large, tmp_path / "made"
    target.mkdir()
    pid, screen = pty.fork()
    if pid == 0:
        os.execv(sys.executable, command(path, "export", key, "--raw", "-o", str(target / "x.jsonl")))
    said = b""
    while b" 1%" not in said and b" 3%" not in said and b" 6%" not in said:
        said += os.read(screen, 1000)
    assert list(target.iterdir()) != []
    os.close(screen)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 128 + signal.SIGHUP
    assert list(target.iterdir()) == []


def test_what_lies_where_nothing_can_be_written_is_named(tmp_path) -> None:
    path = tmp_path / "x.db"
    key = asyncio.run(fill(path, 1))
    target = Path("/proc/x.csv")  # a folder where not even root makes files
    done = run(path, "export", key, "-o", str(target))
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "/proc/x.csv cannot be written" in done.stderr


def test_times_with_a_clock_are_as_they_are() -> None:
    assert printing._milliseconds(datetime(2026, 1, 1, tzinfo=UTC)) == 1_767_225_600_000
