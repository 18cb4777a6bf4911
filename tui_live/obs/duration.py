"""How long a clip is, as ffprobe says, where that is installed."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from pathlib import Path

_LIMIT_SECONDS = 10.0


async def duration_ms(path: Path) -> int:
    """Length in milliseconds; 0 when nobody can tell. Takes at most ten seconds."""
    program = shutil.which("ffprobe")
    if program is None:
        return 0
    # As a file: URL no name is taken for an option or for another protocol.
    arguments = ("-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", "-i", f"file:{path.absolute()}")
    try:
        process = await asyncio.create_subprocess_exec(
            program,
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return 0
    try:
        answer, _ = await asyncio.wait_for(process.communicate(), _LIMIT_SECONDS)
        return max(0, round(float(answer) * 1000))
    except (TimeoutError, ValueError, OverflowError):
        return 0
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
