"""Whatever a stream sends, the terminal gets the same kinds of control sequences as from a harmless one."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pyte
import pytest

COLUMNS, ROWS = 80, 24
ROOT = Path(__file__).parents[2]
_STRING = re.compile(r"\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?")
_CSI = re.compile(r"\x1b\[([<-?]?)([0-9;:]*)([ -/]*)([@-~])")
_OTHER = re.compile(r"\x1b[ -/]*[0-~]")


class Terminal:
    """A child in a pseudo terminal: everything it wrote, and what a terminal emulator makes of it."""

    def __init__(self, mode: str, **environment: str) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        drop = ("NO_COLOR", "COLORTERM", "TMUX", "TEXTUAL_COLOR_SYSTEM", "TERM_PROGRAM")
        env = {key: value for key, value in os.environ.items() if key not in drop}
        env |= {"TZ": "UTC", "LC_ALL": "C.UTF-8", "COLUMNS": "", "LINES": "", **environment}
        env = {key: value for key, value in env.items() if value}
        command = [sys.executable, "-m", "tests.ui.pty_console", mode]
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=env, cwd=ROOT)
        os.close(slave)
        self.written = ""
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.Stream(self.screen)
        self._rest = b""

    def until(self, shown: str, *, gone: bool = False, seconds: float = 50) -> None:
        """Read until the screen shows a text (or no longer does)."""
        end = time.monotonic() + seconds
        while (shown in "\n".join(self.lines())) == gone:
            assert time.monotonic() < end, "\n".join([f"waited for {shown!r}, gone: {gone}", *self.lines()])
            self._read(0.1)

    def lines(self) -> list[str]:
        """The screen's lines. (pyte's own ``display`` stumbles over half of a wide character.)"""
        return ["".join(self.screen.buffer[y][x].data for x in range(COLUMNS)) for y in range(ROWS)]

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def end(self) -> str:
        """Quit, and return everything that was written."""
        self.press("\x11")
        end = time.monotonic() + 50
        while self.process.poll() is None:
            assert time.monotonic() < end
            self._read(0.1)
        self._read(0)
        os.close(self.master)
        assert self.process.returncode == 0
        return self.written

    def _read(self, seconds: float) -> None:
        if not select.select([self.master], [], [], seconds)[0]:
            return
        try:
            data = self._rest + os.read(self.master, 65536)
        except OSError:
            return
        text = data.decode("utf-8", "ignore")
        self._rest = data[len(text.encode()) :]
        self.written += text
        # pyte knows neither these modes' questions nor string sequences with other ends.
        self._stream.feed(re.sub(r"\x1b\[[?>=<][0-9;]*[$]?[a-zA-Z]", "", text))


def kinds(written: str) -> set[str]:
    """The kinds of control sequences: strings whole, CSI without numbers, everything else as it is."""
    found = {match[0] for match in _STRING.finditer(written)}
    rest = _STRING.sub("", written)
    for match in _CSI.finditer(rest):
        private, numbers, between, final = match.groups()
        found.add(f"CSI {private}{numbers if private or between else ''}{between}{final}")
    rest = _CSI.sub("", rest)
    found |= {match[0] for match in _OTHER.finditer(rest)}
    rest = _OTHER.sub("", rest)
    return found | {repr(char) for char in rest if ord(char) < 32 or 127 <= ord(char) < 160}


def visit(mode: str, **environment: str) -> tuple[str, list[str]]:
    """Look at everything that shows text of a stream; return what was written and the log's screen."""
    terminal = Terminal(mode, **environment)
    terminal.until("of 14 live")
    terminal.press("\r")
    terminal.until("undecodable")
    terminal.press("\x1b")
    terminal.until("undecodable", gone=True)
    terminal.press("2")
    terminal.until("THE END")
    terminal.press("\x1b[A\x1b[A")
    terminal.until("↑ reading")
    lines = terminal.lines()
    terminal.press("\r")
    terminal.until("stream  ")
    terminal.press("\x1b")
    terminal.until("stream  ", gone=True)
    written = terminal.end()
    assert "is blocked" in written  # the notification has been seen too
    return written, lines


@pytest.mark.parametrize(
    "environment",
    [{"TERM": "xterm-16color"}, {"TERM": "xterm-16color", "NO_COLOR": "1"}, {"TERM": "xterm-256color"}],
    ids=["16", "none", "256"],
)
def test_nothing_but_the_intended_bytes_reaches_the_terminal(environment) -> None:
    harmless, _ = visit("harmless", **environment)
    hostile, lines = visit("hostile", **environment)
    assert kinds(hostile) - kinds(harmless) == set()
    assert not [char for char in "\u202e\u2066\u2067\u200f\ufeff\ud800\udfff" if char in hostile]
    sgr = {number for match in re.finditer(r"\x1b\[([0-9;]*)m", hostile) for number in match[1].split(";")}
    assert not sgr & {"5", "6", "8"} or environment["TERM"] == "xterm-256color"  # blinking and hidden text
    assert lines[0].startswith(" TUI Live")
    assert "[2 Log]" in lines[1]
    assert lines[-1].startswith(" f follow  p pause")
    assert lines[3].startswith(" all streams")
    log = lines[4:-1]
    assert all(re.match(r"[ ▸]\d\d:\d\d:\d\d ", line) for line in log), log
    for line in log:
        assert line.rstrip()[-1] in "│┃", line
