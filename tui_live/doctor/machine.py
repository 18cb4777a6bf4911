"""The hops on this machine: configuration, database, the port of the overlays."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import shutil
import socket
import sqlite3
from pathlib import Path

from tui_live import paths
from tui_live.config import Loaded, Overlay
from tui_live.doctor.finding import Finding, failed, ok, warning
from tui_live.errors import StoreError, WebError
from tui_live.store.database import WriterLock, open_reader
from tui_live.web.token import overlay_token

#: An evening of busy streams takes less.
_LITTLE_SPACE = 2_000_000_000


async def configuration(loaded: Loaded) -> Finding:
    """It was read already: say from where."""
    files = ", ".join(str(file) for file in loaded.files) or "no file, the defaults"
    streams = len(loaded.config.streams)
    return ok("configuration", f"{files}; {streams} {'stream' if streams == 1 else 'streams'}")


async def database(loaded: Loaded) -> Finding:
    """Whether it can be read, or made, and whether there is room."""
    path = (loaded.config.database.path or paths.database_file()).expanduser().resolve()
    there = path.exists()
    if there:
        try:
            reader = await open_reader(path)
        except StoreError as problem:
            if not _records(path):
                return failed("database", problem.title, problem.remedy)
        else:
            await reader.close()
    folder = _existing(path.parent)
    # SQLite writes beside the file, too.
    for written in (path, folder) if there else (folder,):
        if not os.access(written, os.W_OK):
            return failed("database", f"{written} may not be written", "mend its rights, or name --db")
    free = (await asyncio.to_thread(shutil.disk_usage, folder)).free
    said = f"{path} ({path.stat().st_size / 1e6:,.1f} MB)" if there else f"{path} (made at the first start)"
    said += f", {free / 1e9:,.1f} GB free, SQLite {sqlite3.sqlite_version}"
    if free < _LITTLE_SPACE:
        return warning("database", said, "free some space: what is recorded has to go somewhere")
    return ok("database", said + (", a running TUI Live records into it" if there and _records(path) else ""))


def _records(path: Path) -> bool:
    """Whether another TUI Live holds the database's lock."""
    lock = WriterLock(path)
    try:
        lock.acquire()
    except StoreError:
        return True
    lock.release()
    return False


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.is_dir())


async def overlay_port(loaded: Loaded) -> Finding:
    """Whether the port is free, or a running TUI Live serves there."""
    settings = loaded.config.overlay
    try:
        overlay_token(settings)
    except WebError as problem:
        return failed("overlay port", problem.title, problem.remedy)
    where = f"{settings.host}:{settings.port}"
    if await _serves(settings):
        return ok("overlay port", f"{where}: a running TUI Live serves the overlays")
    try:
        server = await asyncio.get_running_loop().create_server(asyncio.Protocol, settings.host, settings.port)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            return failed("overlay port", f"{where} is used by another program", "set overlay.port, or end the other")
        said = problem.strerror or str(problem)
        return failed("overlay port", f"{where} cannot be used: {said}", "set overlay.host and overlay.port")
    except UnicodeError:
        return failed("overlay port", f"{settings.host!r} is no name of a host", "set overlay.host")
    server.close()
    return ok("overlay port", f"{where} is free; the addresses for OBS: tui-live info")


async def _serves(settings: Overlay) -> bool:
    """Whether a TUI Live answers on the port."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    with contextlib.suppress(OSError, TimeoutError, socket.gaierror, ValueError):
        async with asyncio.timeout(3):
            reader, writer = await asyncio.open_connection(host, settings.port)
            try:
                shown = f"[{host}]" if ":" in host else host
                writer.write(f"GET /api/health HTTP/1.0\r\nHost: {shown}:{settings.port}\r\n\r\n".encode())
                await writer.drain()
                answer = await reader.read(20_000)
            finally:
                writer.close()
        return b'"events_per_second"' in answer or b'"token_needed"' in answer
    return False
