"""What ``search`` and ``erase`` say on a terminal."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from tui_live.core.counts import several
from tui_live.core.text import drawn
from tui_live.errors import StoreError
from tui_live.store import erase as erasing
from tui_live.store.database import open_reader
from tui_live.store.rows import iso
from tui_live.store.scrubbing_clips import ClipFiles
from tui_live.store.search import Hit, search
from tui_live.store.stopping import leave, until_stopped


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
        leave(signal.SIGINT, f"{min(len(found), limit):,} found so far")
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


def run_erase(path: Path, user: str, dry_run: bool, yes: bool, files: ClipFiles) -> None:
    """Ask, erase with a progress bar where standard error is a terminal, and say what was done.

    Raises ``TuiLiveError``; exits with 130 when it was interrupted.
    """
    found = asyncio.run(erasing.look_up(path, user))
    if found is None:
        click.echo(f"Nobody in this database is {user!r}, but the file is still to be written anew after an erase.")
    else:
        click.echo(found.describe())
    if dry_run or not (yes or found is None or _agreed("Erase all of this for good?")):
        click.echo("Nothing was changed.")
        return
    bar = click.progressbar(length=1000, label="erasing", file=sys.stderr) if sys.stderr.isatty() else None
    outcome = "nothing was erased"
    stopped: list[int] = []

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
            whom = (found and found.person.user_id) or user
            done = asyncio.run(until_stopped(erasing.erase(path, whom, progress, erased, files), stopped))
        finally:
            if bar is not None:
                with contextlib.suppress(OSError):  # the terminal may be what went away
                    bar.render_finish()
    except (KeyboardInterrupt, asyncio.CancelledError):
        leave(stopped[0] if stopped else signal.SIGINT, outcome)
    if count := len(files.elsewhere):
        bear = several(count, "clip file bears", "clip files bear")
        click.echo(f"{bear} their name elsewhere: {', '.join(files.elsewhere)}")
    if done is not None and done.packs:
        click.echo(
            f"{several(done.packs, 'pack')} of stored frames could not be read and might have named them, so they are"
            f" removed: the original messages of {several(done.originals, 'event')}. The events themselves stay."
        )
    click.echo("Erased." if found else "The file is written anew: nothing of whom was erased stays in it.")


def _agreed(question: str) -> bool:
    try:
        return click.confirm(question, default=False)
    except click.Abort as ended:
        if isinstance(ended.__context__, EOFError):
            click.echo(err=True)
            raise StoreError("Nobody is there to answer: nothing was changed", "use --yes") from None
        raise
