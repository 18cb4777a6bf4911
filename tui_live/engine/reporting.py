"""``tui-live report``: reads sessions from the database and writes their report, with progress on a terminal."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import stat
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import aiosqlite
import click

from tui_live.core.analysis import across
from tui_live.core.counts import several
from tui_live.core.past import PastSession
from tui_live.core.scoring import Rules
from tui_live.core.shares import ShareRules
from tui_live.core.standings import standings
from tui_live.engine.analyses import MOST_SESSIONS, Analyses
from tui_live.errors import MissingError, TuiLiveError
from tui_live.report import comparison_page, session_page
from tui_live.report.drawing import require
from tui_live.report.ranking import PLACES
from tui_live.store import past, sessions
from tui_live.store.boards import load_board
from tui_live.store.database import open_reader
from tui_live.store.output import ExportError, output
from tui_live.store.stopping import ends, leave, until_stopped

#: Reading takes nearly all of the time.
_READ = 0.95
_ANOTHER = "name another file with -o"


class Wanted(NamedTuple):
    """What is to be reported: keys of sessions (or their beginnings) of one streamer, or one ``@name``.

    Of an ``@name`` the newest ``last`` sessions with events (``None``: the newest thirty).
    """

    words: tuple[str, ...]
    last: int | None = None


class _Report(NamedTuple):
    page: str
    target: Path
    said: str


def run_report(
    path: Path, wanted: Wanted, scoring: Rules, shares: ShareRules, target: str | Path | None, force: bool
) -> None:
    """Write the report of one session, or of several together, and say where it is.

    ``target`` may be a folder, and is one where it ends with a slash; without one, the file is named after the streamer
    and the start of the newest session. The file appears when it is whole. Raises
    :class:`~tui_live.errors.TuiLiveError`, before anything is read where the file could not be written.
    """
    require()
    stopped: list[int] = []
    try:
        with _progress() as tell:
            report = asyncio.run(until_stopped(_made(path, wanted, scoring, shares, target, force, tell), stopped))
    except asyncio.CancelledError:
        if not stopped:
            raise
        leave(stopped[0])
    with _ended_in_order(), output(report.target, force) as file:
        file.write(report.page.encode("utf-8", "replace"))
    if str(report.target) != "-":
        click.echo(f"{report.said} in {report.target}", err=True)


async def _made(
    path: Path,
    wanted: Wanted,
    scoring: Rules,
    shares: ShareRules,
    target: str | Path | None,
    force: bool,
    tell: Callable[[float], None],
) -> _Report:
    async with contextlib.AsyncExitStack() as opened:
        database = await opened.enter_async_context(_opened(path))
        found, older = await _found(database, wanted)
        file = _file(target, found, force)
        analyses = Analyses(path, shares)
        opened.push_async_callback(analyses.close)
        whole, done, made = sum(one.events for one in found) or 1, 0, []
        for one in found:

            def part(share: float, done: int = done, events: int = one.events) -> None:
                tell((done + share * events) / whole * _READ)

            part(0.0)
            made.append(await analyses.analysis(one.id, part))
            done += one.events
        tell(_READ)
        now_ms = time.time_ns() // 1_000_000
        if len(made) > 1:
            page = comparison_page(across(found[0].streamer, tuple(made), older), now_ms)
            return _Report(page, file, f"{several(len(made), 'session')} of @{found[0].streamer}")
        facts = await past.session_facts(database, found[0])
        board = await load_board(database, found[0].id, scoring)
        page = session_page(made[0], facts, standings(board, 0, PLACES), now_ms)
        return _Report(page, file, f"Session {found[0].id} of @{found[0].streamer}")


async def _found(database: aiosqlite.Connection, wanted: Wanted) -> tuple[list[PastSession], int]:
    """The sessions, the newest first, and how many older ones of the streamer are left out."""
    names = [word for word in wanted.words if word.startswith("@")]
    if names and len(wanted.words) > 1:
        raise TuiLiveError("One report is of one streamer", "name one @streamer, or keys of sessions")
    if names:
        name = names[0].removeprefix("@").lower()
        listed = [one for one in await past.listed(database, streamer=name, limit=1 << 31) if one.events]
        if not listed:
            raise MissingError(f"No session of @{name} has events", "tui-live sessions lists all")
        last = wanted.last or MOST_SESSIONS
        return listed[:last], len(listed[last:])
    if wanted.last is not None:
        raise TuiLiveError("--last counts the sessions of a streamer", "name @streamer, or leave it out")
    keys = dict.fromkeys([(await sessions.find(database, word)).id for word in wanted.words])
    found = [one for key in keys if (one := await past.past_session(database, key)) is not None]
    streamers = {one.streamer for one in found}
    if len(streamers) > 1:
        names = sorted(f"@{name}" for name in streamers)
        raise TuiLiveError(f"These are sessions of {', '.join(names)}", "name sessions of one streamer")
    return sorted(found, key=lambda one: -one.start_ms), 0


def _file(target: str | Path | None, found: Sequence[PastSession], force: bool) -> Path:
    """Where the report goes; refused now when it would be in the end."""
    folder = Path() if target is None else Path(target)
    if target is not None and not _is_folder(folder) and not str(target).endswith(("/", os.sep)):
        file = folder
    else:
        streamer = "".join(sign if sign.isalnum() or sign in "._-" else "_" for sign in found[0].streamer).strip("._")
        began = time.strftime("%Y-%m-%d-%H%M", time.localtime(found[0].start_ms / 1000))
        several = f"-{len(found)}-sessions" if len(found) > 1 else ""
        file = folder / f"{streamer[:60] or 'session'}-{began}{several}.html"
    if str(file) != "-":
        _check(file, force)
    return file


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long, for one
        return False


def _check(file: Path, force: bool) -> None:
    """Raise :class:`ExportError` where a file cannot be written."""
    try:
        there = file.lstat()
    except FileNotFoundError:
        there = None
    except (OSError, ValueError) as error:  # a name too long, a folder that nobody may look into, a zero byte
        said = getattr(error, "strerror", None) or str(error)
        raise ExportError(f"{file} cannot be written: {said}", _ANOTHER) from error
    if there is not None and not force:
        if stat.S_ISLNK(there.st_mode) and not file.exists():
            raise ExportError(f"{file} is a link that leads nowhere", f"{_ANOTHER}, or use --force")
        if file.is_file():
            raise ExportError(f"{file} is there already", f"{_ANOTHER}, or use --force")
    if file.exists() and not file.is_file():
        return  # a device, whose folder need not be written to
    if not file.parent.is_dir():
        raise ExportError(f"There is no folder {file.parent}", f"make it first, or {_ANOTHER}")
    if not os.access(file.parent, os.W_OK | os.X_OK):
        raise ExportError(f"Nothing can be written to the folder {file.parent}", _ANOTHER)


@contextlib.asynccontextmanager
async def _opened(path: Path) -> AsyncIterator[aiosqlite.Connection]:
    """A read-only connection. Who is cancelled waits until it is open: its thread speaks to the loop."""
    opening = asyncio.ensure_future(open_reader(path))
    try:
        await asyncio.shield(opening)
        yield opening.result()
    finally:
        await (await opening).close()


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[float], None]]:
    """A bar where standard error is a terminal."""
    bar: Any = None

    def tell(share: float) -> None:
        nonlocal bar
        if bar is None and sys.stderr.isatty():
            bar = click.progressbar(length=1000, file=sys.stderr)
        if bar is not None:
            bar.label = "reading" if share < _READ else "drawing"
            bar.update(round(share * 1000) - bar.pos)
            bar.render_progress()

    try:
        yield tell
        tell(1.0)
    finally:
        if bar is not None:
            with contextlib.suppress(OSError):  # the terminal may be what went away
                bar.render_finish()


@contextlib.contextmanager
def _ended_in_order() -> Iterator[None]:
    """Where nothing waits: what ends the process leaves no half file."""
    before = {number: signal.signal(number, lambda number, _: leave(number)) for number in ends()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
