"""A terminal that may go away: SSH drops, the window is closed, and the capture goes on without a screen."""

from __future__ import annotations

import contextlib
import io
import os
from typing import TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from textual.app import App


class EnduringDriver(LinuxDriver):
    """Textual's driver, which would end the program or freeze it when reading or writing the terminal fails."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._file = _Patient(self._file)  # type: ignore[assignment]

    def run_input_thread(self) -> None:
        """Read keys; a terminal that is gone has none."""
        try:
            super().run_input_thread()
        except OSError:
            self.exit_event.set()

    def lose_terminal(self) -> None:
        """The terminal is gone: stop reading it, and let everything that is drawn go nowhere."""
        self.exit_event.set()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            with contextlib.suppress(OSError):
                os.dup2(nowhere, descriptor)
        os.close(nowhere)


class _Patient(io.TextIOBase):
    """Writes on; what the terminal no longer takes is gone with it."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            self._file.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._file.flush()

    def fileno(self) -> int:
        return int(self._file.fileno())

    def isatty(self) -> bool:
        return bool(self._file.isatty())
