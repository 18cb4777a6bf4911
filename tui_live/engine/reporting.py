"""``tui-live report``: reads sessions from the database and writes their report, with progress on a terminal."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import aiosqlite
import click

from tui_live.core.analysis import across
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

#: Reading takes nearly all of the time.
_READ = 0.95


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
    path: Path, wanted: Wanted, scoring: Rules, shares: ShareRules, target: Path | None, force: bool
) -> None:
    """Write the report of one session, or of several together, and say where it is.

    ``target`` may be a folder; without one, the file is named after the streamer and the start of the newest session.
    The file appears when it is whole. Raises :class:`~tui_live.errors.TuiLiveError`.
    """
    require()
    with _interruptible(), _progress() as tell:
        report = asyncio.run(_made(path, wanted, scoring, shares, target, force, tell))
        with output(report.target, force) as file:
            file.write(report.page.encode("utf-8", "replace"))
        tell(1.0)
    if str(report.target) != "-":
        click.echo(f"{report.said} in {report.target}", err=True)


async def _made(
    path: Path,
    wanted: Wanted,
    scoring: Rules,
    shares: ShareRules,
    target: Path | None,
    force: bool,
    tell: Callable[[float], None],
) -> _Report:
    async with contextlib.AsyncExitStack() as opened:
        database = await open_reader(path)
        opened.push_async_callback(database.close)
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
            return _Report(page, file, f"{len(made):,} sessions of @{found[0].streamer}")
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


def _file(target: Path | None, found: Sequence[PastSession], force: bool) -> Path:
    """Where the report goes; refused now when it would be in the end."""
    if target is not None and not target.is_dir():
        file = target
    else:
        streamer = "".join(sign if sign.isalnum() or sign in "._-" else "_" for sign in found[0].streamer).strip("._")
        began = time.strftime("%Y-%m-%d-%H%M", time.localtime(found[0].start_ms / 1000))
        several = f"-{len(found)}-sessions" if len(found) > 1 else ""
        file = (target or Path()) / f"{streamer[:60] or 'session'}-{began}{several}.html"
    if file.is_file() and not force:
        raise ExportError(f"{file} is there already", "name another file with -o, or use --force")
    return file


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[float], None]]:
    """A bar where standard error is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    bar = click.progressbar(length=1000, label="reading", file=sys.stderr)

    def tell(share: float) -> None:
        bar.label = "reading" if share < _READ else "drawing"
        bar.update(round(share * 1000) - bar.pos)
        bar.render_progress()

    bar.render_progress()
    try:
        yield tell
    finally:
        bar.render_finish()


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let what ends the process end it in order, so that no half file stays."""

    def stop(number: int, _: object) -> None:
        click.echo("tui-live: interrupted", err=True)
        sys.exit(128 + number)

    before = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup
            before[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
