"""What ``search``, ``export`` and ``erase`` say on a terminal."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from tui_live.core.text import drawn
from tui_live.store import erase as erasing
from tui_live.store.database import open_reader
from tui_live.store.export import Options, export
from tui_live.store.listing import shortcomings
from tui_live.store.output import ExportError
from tui_live.store.rows import iso
from tui_live.store.scrubbing_clips import ClipFiles
from tui_live.store.search import Hit, search
from tui_live.store.sessions import Session


def hit_facts(hit: Hit) -> dict[str, Any]:
    """A hit as JSON, with the names that exports use."""
    return {
        "id": hit.event_id,
        "session_id": hit.session_id,
        "streamer_username": hit.streamer,
        "event_type": hit.event_type,
        "user_id": hit.user_id or None,
        "username": hit.username or None,
        "nickname": hit.nickname or None,
        "message": hit.text,
        "timestamp": iso(hit.time_ms),
    }


def run_search(
    path: Path, text: str, limit: int, streamer: str | None, as_json: bool, before_id: int | None = None
) -> None:
    """Print what is found as it is found: local times, the newest first; JSON at the end, whole.

    ``before_id`` goes on where an earlier search ended: the ``next`` of its JSON, which is null when it found all.

    Raises ``StoreError``; exits with 130 when it was interrupted.
    """
    found: list[Hit] = []

    def show(hits: list[Hit]) -> None:
        shown = hits[: limit - len(found)]
        found.extend(hits)
        if shown and not as_json:
            click.echo("\n".join(map(_line, shown)))

    try:
        asyncio.run(_search(path, text, limit + 1, streamer, before_id, show))  # one more tells whether there is more
    except KeyboardInterrupt:
        _interrupted(None, f"{min(len(found), limit):,} found so far")
    if as_json:
        following = str(found[limit - 1].event_id) if len(found) > limit else None
        whole = {"events": [hit_facts(hit) for hit in found[:limit]], "next": following}
        click.echo(json.dumps(whole, indent=2, ensure_ascii=False))
    elif not found:
        click.echo("Nothing found.")


async def _search(
    path: Path,
    text: str,
    limit: int,
    streamer: str | None,
    before_id: int | None,
    show: Callable[[list[Hit]], None],
) -> None:
    database = await open_reader(path)
    try:
        async for hits in search(database, text, limit=limit, streamer=streamer, before_id=before_id):
            show(hits)
    finally:
        await database.close()


def _line(hit: Hit) -> str:
    when = datetime.fromtimestamp(hit.time_ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    who = f"@{hit.username}" if hit.username else hit.nickname or "-"
    return f"{hit.session_id}  {when}  @{hit.streamer}  {who}: {drawn(hit.text, rightmost=True)}"


def run_export(path: Path, key: str, options: Options, target: Path | None, force: bool) -> None:
    """Export, with a progress bar where standard error is a terminal. Raises ``TuiLiveError``."""
    bar: Any = None

    lacking = ""

    def about(session: Session) -> None:
        nonlocal lacking
        lacking = shortcomings(session)

    def begun(expected: int) -> None:
        nonlocal bar
        if sys.stderr.isatty():
            bar = click.progressbar(length=expected, label="exporting", file=sys.stderr)
            bar.render_progress()

    def progress(count: int) -> None:
        if bar is not None:
            bar.update(count)

    stopped: list[int] = []
    try:
        count = asyncio.run(
            _until_stopped(
                export(path, key, options, target, force=force, about=about, begun=begun, progress=progress), stopped
            )
        )
    except asyncio.CancelledError:
        if not stopped:
            raise
        if bar is not None:
            bar.render_finish()
            bar = None
        click.echo("tui-live: interrupted", err=True)
        sys.exit(128 + stopped[0])
    finally:
        if bar is not None:
            bar.render_finish()
    if target is not None and str(target) != "-":
        click.echo(f"{count:,} events in {target}", err=True)
    elif not sys.stderr.isatty():
        return
    if lacking:
        click.echo(f"The session has {lacking}", err=True)


async def _until_stopped(work: Coroutine[Any, Any, int], stopped: list[int]) -> int:
    """Cancel ``work``, so that it cleans up, when the process is to end or its terminal went away."""
    task, loop = asyncio.ensure_future(work), asyncio.get_running_loop()

    def stop(number: int) -> None:
        stopped.append(number)
        task.cancel()

    if sys.platform != "win32":
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                loop.add_signal_handler(number, stop, number)
    return await task


def run_erase(path: Path, user: str, dry_run: bool, yes: bool, files: ClipFiles) -> None:
    """Ask, erase with a progress bar where standard error is a terminal, and say what was done.

    Raises ``TuiLiveError``; exits with 130 when it was interrupted.
    """
    found = asyncio.run(erasing.look_up(path, user))
    if found is None:
        click.echo(f"Nobody in this database is {user!r}, but the file is still to be written anew after an erase.")
    else:
        click.echo(found.describe())
    if dry_run or not (yes or found is None or click.confirm("Erase all of this for good?", default=False)):
        click.echo("Nothing was changed.")
        return
    bar = click.progressbar(length=1000, label="erasing", file=sys.stderr) if sys.stderr.isatty() else None
    outcome = "nothing was erased"

    def progress(share: float) -> None:
        if bar is not None:
            bar.label = "erasing" if share < 1 else "writing the file anew"
            bar.update(round(share * 1000) - bar.pos)
            bar.render_progress()

    def erased() -> None:
        nonlocal outcome
        outcome = "they are erased, but the file may not be written anew yet: erase again"
        progress(1)

    try:
        try:
            asyncio.run(erasing.erase(path, (found and found.person.user_id) or user, progress, erased, files))
        finally:
            if bar is not None:
                bar.render_finish()
    except KeyboardInterrupt:
        _interrupted(None, outcome)
    if count := len(files.elsewhere):
        bear = "1 clip file bears" if count == 1 else f"{count:,} clip files bear"
        click.echo(f"{bear} their name elsewhere: {', '.join(files.elsewhere)}")
    click.echo("Erased." if found else "The file is written anew: nothing of whom was erased stays in it.")


def _interrupted(bar: Any, outcome: str) -> NoReturn:
    """End with the exit code of Ctrl-C and one line."""
    if bar is not None:
        bar.render_finish()
    click.echo(f"tui-live: interrupted — {outcome}", err=True)
    sys.exit(130)


def export_options(
    *,
    format: str,
    types: tuple[str, ...],
    user: str,
    since: datetime | None,
    until: datetime | None,
    raw: bool,
    pseudonymise: bool,
) -> Options:
    """What the options of ``tui-live export`` ask for; times without a zone are local. Raises ``TuiLiveError``."""
    if raw and pseudonymise:
        raise ExportError("Original messages name people", "leave out --raw or --pseudonymise")
    secret = _secret() if pseudonymise else None
    return Options(format, types, user, _milliseconds(since), _milliseconds(until), raw, secret)


def _milliseconds(when: datetime | None) -> int | None:
    try:
        return None if when is None else round(when.astimezone().timestamp() * 1000)
    except (ValueError, OverflowError, OSError) as error:  # the first and the last day have no time elsewhere
        raise ExportError(f"{when} is no time that can be exported", "name a day since 1970") from error


def _secret() -> bytes:
    """This installation's secret for pseudonyms."""
    from tui_live import paths
    from tui_live.store.pseudonyms import secret_key

    paths.private(paths.state_dir())
    return secret_key(paths.pseudonym_key_file())
