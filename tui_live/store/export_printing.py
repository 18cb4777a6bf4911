"""``tui-live export`` as it is typed: what its options mean, and what it says on standard error meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from tui_live.core.counts import several
from tui_live.store.export import Exported, Options, export
from tui_live.store.listing import shortcomings
from tui_live.store.output import ExportError, is_terminal
from tui_live.store.sessions import Session
from tui_live.store.stopping import leave, until_stopped

#: What a file's name says of its format.
_FORMATS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv", ".parquet": "parquet"}
#: No event is outside of these: what a day means that no clock can tell.
_BEGINNING, _END = 0, 1 << 53
#: A bar says how long it still takes after so many seconds of steady work.
_STEADY = 2.0


def export_options(
    *,
    target: Path | None,
    format: str | None,
    types: tuple[str, ...],
    user: str,
    since: datetime | None,
    until: datetime | None,
    raw: bool,
    pseudonymise: bool,
) -> Options:
    """What the options of ``tui-live export`` ask for; times without a zone are local.

    Without a ``format``, the name of ``target`` tells it. Raises ``TuiLiveError``.
    """
    if raw and pseudonymise:
        raise ExportError("Original messages name people", "leave out --raw or --pseudonymise")
    kind = format or _format_of(target)
    if kind == "parquet" and is_terminal(target):
        raise ExportError("Parquet is nothing for a terminal", "use -o FILE, or pipe it")
    secret = _secret() if pseudonymise else None
    return Options(kind, _split(types), user, _milliseconds(since), _milliseconds(until), raw, secret)


def _format_of(target: Path | None) -> str:
    name = "" if target is None else target.name.lower().removesuffix(".gz")
    return _FORMATS.get(Path(name).suffix, "jsonl")


def _split(types: tuple[str, ...]) -> tuple[str, ...]:
    """Types in lower case; one that is empty is kept, to be refused."""
    return tuple(dict.fromkeys(word.strip().lower() for given in types for word in given.split(",")))


def _milliseconds(when: datetime | None) -> int | None:
    if when is None:
        return None
    try:
        return round(when.astimezone().timestamp() * 1000)
    except (ValueError, OverflowError, OSError):  # the first and the last day have no time elsewhere
        return _BEGINNING if when.year < datetime.now().year else _END


def _secret() -> bytes:
    """This installation's secret for pseudonyms."""
    from tui_live import paths
    from tui_live.store.pseudonyms import secret_key

    paths.private(paths.state_dir())
    return secret_key(paths.pseudonym_key_file())


def run_export(path: Path, key: str, options: Options, target: Path | None, force: bool) -> None:
    """Export, with a progress bar where standard error is a terminal. Raises ``TuiLiveError``."""
    bar = Bar()

    def about(session: Session) -> None:
        if key.startswith("@"):
            begun = datetime.fromtimestamp(session.start_ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M")
            _say(f"The newest session of @{session.streamer} is {session.id}, begun {begun} ({session.status})")

    stopped: list[int] = []
    work = export(path, key, options, target, force=force, about=about, begun=bar.begin, progress=bar.add)
    try:
        made = asyncio.run(until_stopped(work, stopped))
    except asyncio.CancelledError:
        if not stopped:
            raise
        bar.end()
        leave(stopped[0])
    finally:
        bar.end()
    _say_of_raw(made)
    if target is not None and str(target) != "-":
        _say(f"{several(made.events, 'event')} in {target}")
    elif not sys.stderr.isatty():
        return
    if lacking := shortcomings(made.session):
        _say(f"The session has {lacking}")


def _say_of_raw(made: Exported) -> None:
    reasons = (
        (made.without.kept, "recorded with database.keep_raw off"),
        (made.without.gone, "no longer in the database"),
    )
    for count, why in reasons:
        if count:
            _say(f"Events without their original message: {count:,} of {made.events:,}, {why}")


def _say(line: str) -> None:
    click.echo(line, err=True)


class Bar:
    """Progress where standard error is a terminal; how long it still takes is said once that is steady."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._steady_at = 0.0

    def begin(self, expected: int) -> None:
        """There will be so many."""
        if sys.stderr.isatty():
            self._bar = click.progressbar(length=expected, label="exporting", file=sys.stderr, show_eta=False)
            self._bar.render_progress()

    def add(self, count: int) -> None:
        """So many more are done."""
        if self._bar is None:
            return
        now = time.monotonic()
        if not self._steady_at:
            self._steady_at = now + _STEADY
            self._bar.start = self._bar.last_eta = time.time()  # the first ones wait for what is read once
        self._bar.show_eta = now >= self._steady_at
        self._bar.update(count)

    def end(self) -> None:
        """No more are coming."""
        bar, self._bar = self._bar, None
        if bar is not None:
            with contextlib.suppress(OSError):  # the terminal may be what went away
                bar.render_finish()
