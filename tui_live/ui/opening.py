"""Opening a file, a folder or a web page with the system's own program, where there is a desktop to show it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path

from tui_live.errors import TuiLiveError

#: Seconds in which an opener says whether it has found a program.
_PATIENCE = 4.0
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


class OpeningError(TuiLiveError):
    """Nothing here can open it."""


def opener() -> str | None:
    """The program that opens files here, ``None`` where nobody would see it."""
    if sys.platform == "darwin":
        return shutil.which("open")
    if not any(os.environ.get(name) for name in _SCREENS):
        return None
    return shutil.which("xdg-open")


async def open_file(path: Path) -> None:
    """Have the system open a file or a folder. Raises :class:`OpeningError`."""
    await _open(str(path), "This machine has no screen to play it on")


async def open_page(url: str) -> None:
    """Have the system open a web page (``https://…``) in its browser. Raises :class:`OpeningError`."""
    if not url.startswith("https://"):
        raise OpeningError("This is no address of a web page")  # nor an option of the program that opens it
    await _open(url, "This machine has no screen for a browser")


async def _open(what: str, without_screen: str) -> None:
    if sys.platform == "win32":
        await asyncio.to_thread(os.startfile, what)
        return
    program = opener()
    if program is None:
        raise OpeningError(without_screen)
    null = asyncio.subprocess.DEVNULL
    try:
        running = await asyncio.create_subprocess_exec(
            program, what, stdin=null, stdout=null, stderr=null, start_new_session=True
        )
    except OSError as error:
        raise OpeningError(f"{program} cannot be started: {error.strerror or error}") from error
    try:
        code = await asyncio.wait_for(running.wait(), _PATIENCE)
    except TimeoutError:
        return  # it shows the file itself, until that is closed
    if code:
        raise OpeningError("No program is set up to open it", f"{Path(program).name} ended with {code}")
