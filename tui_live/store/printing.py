"""What ``search``, ``export`` and ``erase`` say on a terminal."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from tui_live.core.text import drawn
from tui_live.store import erase as erasing
from tui_live.store.database import open_reader
from tui_live.store.export import Options, export
from tui_live.store.output import ExportError
from tui_live.store.rows import iso
from tui_live.store.search import Hit, search_all


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


def run_search(path: Path, text: str, limit: int, streamer: str | None, as_json: bool) -> str:
    """What ``tui-live search`` prints: local times, the newest first. Raises ``StoreError``."""
    hits = asyncio.run(_search(path, text, limit, streamer))
    if as_json:
        return json.dumps({"events": [hit_facts(hit) for hit in hits], "next": None}, indent=2, ensure_ascii=False)
    return "\n".join(_line(hit) for hit in hits) if hits else "Nothing found."


async def _search(path: Path, text: str, limit: int, streamer: str | None) -> list[Hit]:
    database = await open_reader(path)
    try:
        return await search_all(database, text, limit=limit, streamer=streamer)
    finally:
        await database.close()


def _line(hit: Hit) -> str:
    when = datetime.fromtimestamp(hit.time_ms / 1000).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    who = f"@{hit.username}" if hit.username else hit.nickname or "-"
    return f"{hit.session_id}  {when}  @{hit.streamer}  {who}: {drawn(hit.text, rightmost=True)}"


def run_export(path: Path, key: str, options: Options, target: Path | None, force: bool) -> None:
    """Export, with a progress bar where standard error is a terminal. Raises ``TuiLiveError``."""
    bar: Any = None

    def begun(expected: int) -> None:
        nonlocal bar
        if sys.stderr.isatty():
            bar = click.progressbar(length=expected, label="exporting", file=sys.stderr)
            bar.render_progress()

    def progress(count: int) -> None:
        if bar is not None:
            bar.update(count)

    try:
        count = asyncio.run(export(path, key, options, target, force=force, begun=begun, progress=progress))
    finally:
        if bar is not None:
            bar.render_finish()
    if target is not None and str(target) != "-":
        click.echo(f"{count:,} events in {target}", err=True)


def run_erase(path: Path, user: str, dry_run: bool, yes: bool) -> None:
    """Ask, erase, and say what was done. Raises ``TuiLiveError``."""

    def confirm(described: str) -> bool:
        click.echo(described)
        if dry_run:
            return False
        return yes or click.confirm("Erase all of this for good?", default=False)

    found = asyncio.run(erasing.erase(path, user, confirm))
    click.echo("Erased." if found else "Nothing was changed.")


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
    return None if when is None else round(when.astimezone().timestamp() * 1000)


def _secret() -> bytes:
    """This installation's secret for pseudonyms."""
    from tui_live import paths
    from tui_live.store.pseudonyms import secret_key

    paths.private(paths.state_dir())
    return secret_key(paths.pseudonym_key_file())
