"""A folder for the temporary files of one run: whatever ends, and however, they go with it.

Playwright's driver and the browser remove profiles themselves, unless they are killed.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from tui_live.core.trends import Kind
from tui_live.trends.outcome import troubled

#: The program's process id stands in the name, and tells the next run whether it is still in use.
_NAME = re.compile(r"tui-live-([0-9]{1,9})-\w+")

#: The path of a socket has at most 103 bytes (macOS; Linux: 107), of which Chromium's own names take 45.
_LONGEST = 58


class RunFolder:
    """The folder of a run. Raises :class:`~tui_live.trends.outcome.Troubled` where it cannot be made."""

    def __init__(self) -> None:
        try:
            self.path = Path(tempfile.mkdtemp(prefix=f"tui-live-{os.getpid()}-"))
        except OSError as error:
            line = f"There is no place for the browser's files in {tempfile.gettempdir()} ({error.strerror})"
            raise troubled(Kind.BROWSER, line, "make room there, or set TMPDIR to another folder") from None

    @contextlib.contextmanager
    def of_drivers(self) -> Iterator[None]:
        """Drivers that start meanwhile use it, and so do their browsers."""
        # Playwright offers no way to say it, and our own environment is for every other program that we start.
        transport: Any = import_module("playwright._impl.transport")
        genuine = transport.get_driver_env
        transport.get_driver_env = lambda: genuine() | {"TMPDIR": str(self.path)}
        try:
            yield
        finally:
            transport.get_driver_env = genuine

    def of_browser(self) -> dict[str, str] | None:
        """The browser's environment, ``None`` for its driver's: with a long path it does not start in our folder."""
        return None if len(os.fsencode(self.path)) <= _LONGEST else dict(os.environ)

    def remove(self) -> None:
        """Remove it, when nothing uses it any more. Blocks."""
        shutil.rmtree(self.path, ignore_errors=True)


def remove_stale() -> None:
    """Remove the folders of programs of this user that were killed. Blocks."""
    for folder in Path(tempfile.gettempdir()).glob("tui-live-*"):
        name = _NAME.fullmatch(folder.name)
        with contextlib.suppress(OSError):  # somebody else's, or another run removes it at this moment
            if name is not None and not _runs(int(name[1])) and _is_ours(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True


def _is_ours(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == os.getuid()
