"""The real console in a real pseudo-terminal: it paints, it quits, and it outlives its terminal."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import signal
import struct
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import query, run_serve, settings
from tests.waiting import until
from tui_live.simulator import SCENARIOS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")


class Terminal:
    """A process in a pseudo-terminal whose output is read all the time."""

    def __init__(self, arguments: list[str], columns: int = 120, rows: int = 40) -> None:
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execv(sys.executable, [sys.executable, "-m", "tui_live", *arguments])
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.output = b""
        self._news = asyncio.Event()
        asyncio.get_running_loop().add_reader(self.master, self._read)

    def _read(self) -> None:
        try:
            data = os.read(self.master, 65536)
        except OSError:
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self.master)
        self.output += data
        self._news.set()

    async def until(self, check: Callable[[bytes], bool], within: float = 40) -> None:
        async with asyncio.timeout(within):
            while not check(self.output):
                self._news.clear()
                await self._news.wait()

    def press(self, keys: str) -> None:
        self.output = b""
        os.write(self.master, keys.encode())

    def hang_up(self) -> None:
        asyncio.get_running_loop().remove_reader(self.master)
        os.close(self.master)

    async def ended(self, within: float = 20) -> int:
        async with asyncio.timeout(within):
            return os.waitstatus_to_exitcode((await asyncio.to_thread(os.waitpid, self.pid, 0))[1])


def config(simulator, folder: Path) -> Path:
    path = folder / "console.yaml"
    lines = [f"  {key.removeprefix('tiktok.')}: {value}" for key, value in settings(simulator).items()]
    path.write_text("\n".join(["streams: [ana]", "tiktok:", *lines]) + "\n")
    return path


@pytest.fixture
async def ana(simulators):
    return await simulators(ana=SCENARIOS["lively"])


async def test_it_shows_the_stream_and_quits_after_a_question(ana, tmp_path) -> None:
    terminal = Terminal(["-c", str(config(ana, tmp_path)), "--db", str(tmp_path / "x.db")])
    await terminal.until(lambda output: b"1 of 1 live" in output)
    terminal.press("\x11")
    await terminal.until(lambda output: b"Quit?" in output)
    terminal.press("y")
    assert await terminal.ended() == 0
    assert query(tmp_path / "x.db", "SELECT status FROM sessions") == [("interrupted",)]


async def test_a_lost_terminal_does_not_end_the_capture_and_the_next_start_says_so(ana, tmp_path) -> None:
    path = tmp_path / "x.db"
    terminal = Terminal(["-c", str(config(ana, tmp_path)), "--db", str(path)])
    await terminal.until(lambda output: b"1 of 1 live" in output)
    terminal.hang_up()
    before = query(path, "SELECT count(*) FROM events")[0][0]
    await until(lambda: query(path, "SELECT count(*) FROM events")[0][0] > before + 20)

    process = await run_serve(ana, tmp_path, "ana", "--db", str(path))
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 2
    assert f"pid {terminal.pid}, headless since its terminal went away" in said.decode()

    os.kill(terminal.pid, signal.SIGTERM)
    assert await terminal.ended() == 0
    assert query(path, "SELECT status FROM sessions") == [("interrupted",)]


async def test_sigterm_ends_the_console_in_order(ana, tmp_path) -> None:
    terminal = Terminal(["-c", str(config(ana, tmp_path)), "--db", str(tmp_path / "x.db")])
    await terminal.until(lambda output: b"1 of 1 live" in output)
    os.kill(terminal.pid, signal.SIGTERM)
    assert await terminal.ended() == 0
    assert query(tmp_path / "x.db", "SELECT status FROM sessions") == [("interrupted",)]


async def test_a_database_in_use_is_said_on_the_screen_and_afterwards(ana, watch, tmp_path) -> None:
    path = tmp_path / "x.db"
    await watch(ana, "ana", path=path)
    terminal = Terminal(["-c", str(config(ana, tmp_path)), "--db", str(path)])
    await terminal.until(lambda output: b"Another TUI Live" in output)
    terminal.press("\r")
    assert await terminal.ended() == 2


async def test_without_a_terminal_it_says_what_to_use_instead(ana, tmp_path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tui_live", "-c", str(config(ana, tmp_path))),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 2
    assert said.decode() == "tui-live: The console needs a terminal — use tui-live serve to capture without one\n"
