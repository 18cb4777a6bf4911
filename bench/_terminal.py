"""A program in a terminal of its own, watched from outside: what it draws and how soon a key shows."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

_TMUX = "set -g status off\nset -sg escape-time 0\nset -g default-terminal tmux-256color\n"


class Unseen(RuntimeError):
    """What was waited for did not appear."""


class Terminal:
    """``command`` in a pty of ``columns`` × ``rows``, or in tmux, whose client then runs in that pty.

    The caller is the terminal: it must go on reading (:meth:`drain`, :meth:`until`), or the program is stalled.
    """

    def __init__(
        self, command: Sequence[str], folder: Path, *, columns: int = 200, rows: int = 50, tmux: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self._socket = str(folder / "tmux") if tmux else ""
        if tmux:
            conf = folder / "tmux.conf"
            conf.write_text(_TMUX)
            command = ["tmux", "-S", self._socket, "-f", str(conf), "new-session", "--", *command]
        env = {**(os.environ if environment is None else environment), "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        for name in ("TMUX", "NO_COLOR", "TEXTUAL_ANIMATIONS", "TEXTUAL_FPS"):
            env.pop(name, None)
        program = shutil.which(command[0]) or command[0]
        self.began = time.perf_counter()
        self.pid, self._pty = pty.fork()
        if not self.pid:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execve(program, list(command), env)
        self.written = 0
        self._tail = b""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def last_words(self) -> str:
        """What was drawn last, for an error message."""
        return self._tail[-1500:].decode(errors="replace")

    def read(self, within: float) -> bytes | None:
        """What was drawn next, nothing after ``within`` seconds, ``None`` when the program is gone."""
        if not select.select([self._pty], [], [], max(0.0, within))[0]:
            return b""
        try:
            data = os.read(self._pty, 1 << 16)
        except OSError:
            return None
        self.written += len(data)
        self._tail = (self._tail + data)[-4000:]
        return data or None

    def drain(self, seconds: float) -> None:
        """Read for so long. Raises ``RuntimeError`` when the program ends meanwhile."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if self.read(left) is None:
                raise RuntimeError(f"the program ended: {self.last_words}")

    def until(self, pattern: bytes, *, since: float, within: float = 30.0) -> float:
        """Read until the regular expression appears; returns the seconds since ``since`` (``time.perf_counter``)."""
        return self.until_all((pattern,), since=since, within=within)[0]

    def until_all(self, patterns: Sequence[bytes], *, since: float, within: float = 30.0) -> list[float]:
        """Read until each of the regular expressions has appeared, in whatever order; when each did."""
        missing = dict(enumerate(re.compile(pattern) for pattern in patterns))
        seen, end = b"", time.perf_counter() + within
        found = [0.0] * len(patterns)
        while missing and (left := end - time.perf_counter()) > 0:
            data = self.read(left)
            if data is None:
                break
            now = time.perf_counter() - since
            for number in [number for number, pattern in missing.items() if pattern.search(seen + data)]:
                found[number] = now
                del missing[number]
            # A pattern may be cut in two; what it finds is never this long.
            seen = (seen + data)[-400:]
        if missing:
            raise Unseen(f"{[p.pattern for p in missing.values()]} never appeared: {self.last_words}")
        return found

    def press(self, keys: bytes, pattern: bytes = b"", *, within: float = 30.0) -> float:
        """Type; returns the seconds until ``pattern`` appears."""
        begin = time.perf_counter()
        os.write(self._pty, keys)
        return self.until(pattern, since=begin, within=within) if pattern else 0.0

    def wait(self, within: float = 30.0) -> None:
        """Read until the program is gone."""
        end = time.perf_counter() + within
        while time.perf_counter() < end:
            if self.read(end - time.perf_counter()) is None:
                return
        raise RuntimeError(f"the program does not end: {self.last_words}")

    def close(self) -> None:
        """End the program, however it stands."""
        if self._socket:
            # A console outlives its terminal, so it does not go with the server.
            for pid in self._tmux("list-panes", "-a", "-F", "#{pane_pid}").split():
                _kill(int(pid))
            self._tmux("kill-server")
        os.close(self._pty)
        _kill(self.pid)
        os.waitpid(self.pid, 0)

    def _tmux(self, *command: str) -> str:
        done = subprocess.run(["tmux", "-S", self._socket, *command], capture_output=True, text=True, check=False)
        return done.stdout


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
