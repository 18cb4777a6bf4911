"""``tui-live report``, as a user types it, on databases that were recorded."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import signal
import subprocess
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from tests.cli.test_storage_commands import command, run
from tests.core.played import MINUTE, Play
from tests.core.story import START
from tests.engine.analysed import recorded, recording
from tests.report.reading import Read, cards, rows, section
from tui_live.config import Config
from tui_live.engine.analyses import Analyses
from tui_live.engine.reporting import Wanted, run_report
from tui_live.errors import TuiLiveError


class Filled(NamedTuple):
    path: Path
    first: str
    second: str
    other: str
    shares: int


async def fill(path: Path) -> Filled:
    async with recording(path) as made:
        play = Play("lively")
        first = await recorded(made, *play.batches(4), minutes=4)
        second = await recorded(made, *Play("conversions").batches(3), minutes=3, begin=START + 4 * MINUTE)
        other = await recorded(made, *Play("cascades").batches(1), streamer="bob")
        await recorded(made, streamer="empty")
        return Filled(path, first.id, second.id, other.id, play.ledger.truth.shares)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    return asyncio.run(fill(tmp_path_factory.mktemp("filled") / "x.db"))


def make(filled: Filled, *words: str, target: str | Path, last: int | None = None, force: bool = False) -> None:
    """The command without a process of its own."""
    rules = Config().scoring.rules(), Config().shares.rules()
    run_report(filled.path, Wanted(words, last), *rules, target, force)


def test_a_report_is_a_file_with_the_truth_in_it(filled: Filled, tmp_path: Path) -> None:
    done = run(filled.path, "report", filled.first[:5], cwd=tmp_path)
    [file] = tmp_path.iterdir()
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"Session {filled.first} of @ana in {file.name}\n"
    assert file.name.startswith("ana-2027-01-15-") and file.suffix == ".html"
    assert file.stat().st_mode & 0o077 == 0
    page = file.read_text("utf-8")
    assert cards(Read(page).root)["Shares"][0] == f"{filled.shares:,}"
    assert len(rows(section(page, "people"))) == 25
    again = run(filled.path, "report", filled.first, cwd=tmp_path)
    assert (again.returncode, len(again.stderr.splitlines())) == (2, 1)
    assert "is there already" in again.stderr and "--force" in again.stderr


def test_several_are_compared_and_a_folder_is_a_place(
    filled: Filled, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(filled, "@ana", target=tmp_path)
    [file] = tmp_path.iterdir()
    assert file.name.endswith("-2-sessions.html")
    assert capsys.readouterr().err == f"2 sessions of @ana in {file}\n"
    page = file.read_text("utf-8")
    assert len(rows(section(page, "sessions"))) == 2
    keys = tmp_path / "keys.html"
    make(filled, filled.first, filled.second, filled.first, target=keys)
    assert rows(section(keys.read_text("utf-8"), "sessions")) == rows(section(page, "sessions"))


def test_the_newest_one_of_a_streamer_has_its_own_report(filled: Filled, tmp_path: Path) -> None:
    target = tmp_path / "x.html"
    make(filled, "@Ana", last=1, target=target)
    assert f"Session {filled.second}." in Read(target.read_text("utf-8")).root.first("footer").text
    target.write_text("old")
    make(filled, filled.first, target=target, force=True)
    assert f"Session {filled.first}." in target.read_text("utf-8")


def test_standard_output_gets_the_page_and_nothing_else(filled: Filled, capfdbinary: pytest.CaptureFixture) -> None:
    make(filled, filled.other, target=Path("-"))
    written = capfdbinary.readouterr()
    assert written.out.startswith(b"<!doctype html>") and written.err == b""


def test_what_cannot_be_reported_is_one_line_with_a_remedy(filled: Filled, tmp_path: Path) -> None:
    for words, last, said in (
        (("zzzzzz",), None, "tui-live sessions"),
        (("@nobody",), None, "No session of @nobody has events"),
        (("@empty",), None, "No session of @empty has events"),
        ((filled.first, filled.other), None, "sessions of @ana, @bob"),
        (("@ana", filled.first), None, "name one @streamer"),
        ((filled.first,), 3, "--last counts the sessions of a streamer"),
    ):
        with pytest.raises(TuiLiveError, match=said) as raised:
            make(filled, *words, last=last, target=tmp_path)
        assert raised.value.remedy
    assert list(tmp_path.iterdir()) == []
    done = run(tmp_path / "none.db", "report", "x")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "no database" in done.stderr


def test_a_place_that_cannot_be_written_is_refused_before_anything_is_read(
    filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(*_: object) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr(Analyses, "analysis", read)
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone" / "x.html")
    (tmp_path / "a file").touch()
    for name, said in (
        ("missing/x.html", "no folder"),
        ("missing/", "no folder"),
        ("nowhere", "leads nowhere"),
        ("a file", "there already"),
        ("a file/x.html", "cannot be written"),
        ("x" * 300, "cannot be written"),
    ):
        with pytest.raises(TuiLiveError, match=said) as raised:
            make(filled, filled.first, target=f"{tmp_path}/{name}")
        assert raised.value.remedy
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)
    with pytest.raises(TuiLiveError, match="Nothing can be written"):
        make(filled, filled.first, target=tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a file", "nowhere"]


def test_an_empty_session_has_a_report_that_says_so(filled: Filled, tmp_path: Path) -> None:
    async def begin() -> str:
        async with recording(tmp_path / "y.db") as made:
            return (await recorded(made)).id

    key = asyncio.run(begin())
    make(filled._replace(path=tmp_path / "y.db"), key, target=tmp_path / "y.html")
    assert "Not one message" in (tmp_path / "y.html").read_text("utf-8")


def test_without_matplotlib_it_says_what_to_install(filled: Filled, tmp_path: Path) -> None:
    (tmp_path / "matplotlib.py").write_text("raise ImportError('none')")
    done = run(filled.path, "report", filled.first, env={**os.environ, "PYTHONPATH": str(tmp_path)}, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "tui-live: A report needs matplotlib, which is not installed — pip install 'tui-live[report]'\n"
    )


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["INT", "TERM", "HUP"]
)
def test_a_terminal_shows_progress_and_an_end_leaves_no_file(filled: Filled, tmp_path: Path, number, code) -> None:
    screen, terminal = pty.openpty()
    process = subprocess.Popen(
        command(filled.path, "report", "@ana", "-o", str(tmp_path / "x.html")), stdout=terminal, stderr=terminal
    )
    os.close(terminal)
    said = b""
    with contextlib.suppress(OSError):  # how Linux tells the end of a terminal
        while more := os.read(screen, 1000):
            said += more
            if b"reading" in said and process.returncode is None:
                process.send_signal(number)
                process.wait(30)
    os.close(screen)
    assert process.wait(30) == code
    assert click.unstyle(said.decode()).splitlines()[-1] == "tui-live: interrupted"
    assert list(tmp_path.iterdir()) == []
