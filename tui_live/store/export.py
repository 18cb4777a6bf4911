"""``tui-live export``: one session's events as JSON lines, JSON, CSV or Parquet."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncGenerator, Callable
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite
import msgspec
from msgspec import Struct

from tui_live.errors import StoreError
from tui_live.store import sessions
from tui_live.store.anonymous import Anonymous
from tui_live.store.cast import read_cast
from tui_live.store.database import open_reader
from tui_live.store.exported_people import exported_people
from tui_live.store.formats import FORMATS, Facts, Json, Writer
from tui_live.store.listing import read_gaps, session_facts
from tui_live.store.output import ExportError, output
from tui_live.store.raw import RawReader
from tui_live.store.selection import Selection
from tui_live.store.sessions import Session

_CHUNK = 2_000
_RECORD = (
    "e.id, t.name, e.subtype, n.user_id, n.username, n.display_name, e.message,"
    " strftime('%Y-%m-%dT%H:%M:%fZ', e.time_ms / 1000.0, 'unixepoch'), CASE h.quotes WHEN 0"
    " THEN h.head || coalesce(e.tail, '')"
    " ELSE h.head || json_quote(coalesce(e.message, '')) || coalesce(e.tail, '}') END,"
    " e.history, e.session, e.frame_id, e.place, coalesce(e.name, 0)"
)
#: A record as one line of JSON, put together by SQLite: several times as fast as doing it here.
EVENT_JSON = """
'{"id":' || e.id || ',"session_id":' || json_quote(?) || ',"event_type":"' || t.name || '","event_subtype":'
|| CASE WHEN e.subtype IS NULL THEN 'null' ELSE json_quote(e.subtype) END
|| CASE WHEN n.number IS NULL THEN ',"user_id":null,"username":null,"nickname":null'
    ELSE ',"user_id":"' || n.user_id || '","username":' || json_quote(n.username)
    || ',"nickname":' || json_quote(n.display_name) END
|| ',"message":' || CASE WHEN e.message IS NULL THEN 'null' ELSE json_quote(e.message) END
|| ',"timestamp":"' || strftime('%Y-%m-%dT%H:%M:%fZ', e.time_ms / 1000.0, 'unixepoch') || '","history":'
|| CASE e.history WHEN 0 THEN 'false' ELSE 'true' END || ',"processed_data":'
|| CASE h.quotes WHEN 0 THEN h.head || coalesce(e.tail, '')
    ELSE h.head || json_quote(coalesce(e.message, '')) || coalesce(e.tail, '}') END || '}'
"""
#: The same, and the number of the name of whoever did it (0: nobody).
JSON_AND_NAME = f"{EVENT_JSON}, coalesce(e.name, 0)"


class Options(Struct, frozen=True):
    """What to export. ``since_ms`` and ``until_ms`` are UTC milliseconds, the latter not included.

    ``pseudonyms`` is the secret key to replace people with; it and ``raw`` exclude each other.
    """

    format: str = "jsonl"
    types: tuple[str, ...] = ()
    user: str = ""
    since_ms: int | None = None
    until_ms: int | None = None
    raw: bool = False
    pseudonyms: bytes | None = None


class Without(Struct):
    """Events that have no original message to export: none was ``kept``, or its frame is ``gone`` from the database."""

    kept: int = 0
    gone: int = 0


class Exported(Struct, frozen=True):
    """What was exported: how many events of which session."""

    session: Session
    events: int
    without: Without


async def export(
    path: Path,
    key: str,
    options: Options,
    target: Path | None,
    *,
    force: bool = False,
    about: Callable[[Session], None] = lambda _: None,
    begun: Callable[[int], None] = lambda _: None,
    progress: Callable[[int], None] = lambda _: None,
) -> Exported:
    """Write a session's events to ``target`` (``None``: standard output).

    ``key`` may be the beginning of a session's key, or an ``@streamer``: the newest session that has events. ``about``
    is told which session that is, ``begun`` how many events there will be, ``progress`` how many more are done. Raises
    :class:`StoreError`, :class:`ExportError` and :class:`~tui_live.errors.StreamError`, and leaves no half file.
    """
    if options.raw and options.pseudonyms:
        raise ExportError("Original messages name people", "leave out --raw or --pseudonymise")
    database = await open_reader(path)
    try:
        session = await sessions.meant(database, key)
        about(session)
        return await _export(database, session, options, target, force, begun, progress)
    except sqlite3.Error as error:
        raise StoreError(f"The database {path} cannot be read: {error}", "tui-live info shows where it is") from error
    except msgspec.MsgspecError as error:
        raise StoreError(f"An event of the session is damaged: {error}", "go back to a copy of the database") from error
    finally:
        await database.close()


async def _export(
    database: aiosqlite.Connection,
    session: Session,
    options: Options,
    target: Path | None,
    force: bool,
    begun: Callable[[int], None],
    progress: Callable[[int], None],
) -> Exported:
    selection = await Selection.of(
        database, session.id, options.types, options.user, options.since_ms, options.until_ms
    )
    secret = options.pseudonyms
    names = Anonymous(secret, await read_cast(database, session)) if secret else None
    facts = await session_document(database, session, names)
    begun(selection.expected)
    count, without = 0, Without()
    with output(target, force) as stream:
        writer = FORMATS[options.format](stream, facts, options.raw)
        made = pieces(database, session, selection, options, writer, without, names)
        async with contextlib.aclosing(made) as steps:
            async for write, events in steps:
                write()
                count += events
                progress(events)
    return Exported(session, count, without)


async def pieces(
    database: aiosqlite.Connection,
    session: Session,
    selection: Selection,
    options: Options,
    writer: Writer,
    without: Without,
    names: Anonymous | None = None,
) -> AsyncGenerator[tuple[Callable[[], None], int], None]:
    """An export piece by piece, to its end: what writes the next one with ``writer``, and how many events it has.

    A piece is to be written before the next is asked for, if need be in a thread.
    """
    people: set[int] = set()
    if options.format in ("jsonl", "json") and not options.raw and names is None:
        async with contextlib.aclosing(selection.rows(JSON_AND_NAME, (session.id,), _CHUNK)) as slices:
            async for lines in slices:
                people.update(line[1] for line in lines)
                yield partial(writer.lines, [line[0] for line in lines]), len(lines)
    else:
        made = event_records(database, session, selection, options, names, without, people)
        async with contextlib.aclosing(made) as slices:
            async for records in slices:
                yield partial(writer.records, records), len(records)
    if isinstance(writer, Json):
        async with contextlib.aclosing(exported_people(database, people, names)) as slices:
            async for some in slices:
                yield partial(writer.users, some), 0
    yield writer.close, 0


async def event_records(
    database: aiosqlite.Connection,
    session: Session,
    selection: Selection,
    options: Options,
    names: Anonymous | None,
    without: Without,
    people: set[int],
) -> AsyncGenerator[list[dict[str, Any]], None]:
    """Events as JSON data, ``processed_data`` as JSON text; ``without`` counts those with no original message.

    ``people`` gets the numbers of the names of whoever did something.
    """
    raw = RawReader(database)
    async with contextlib.aclosing(selection.rows(_RECORD, (), 100 if options.raw else _CHUNK)) as pieces:
        async for rows in pieces:
            people.update(row[13] for row in rows)
            yield await _records(rows, session, raw if options.raw else None, names, without)


async def _records(
    rows: list[Any], session: Session, raw: RawReader | None, names: Anonymous | None, without: Without
) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    for row in rows:
        record: dict[str, Any] = {
            "id": row[0],
            "session_id": session.id,
            "event_type": row[1],
            "event_subtype": row[2],
            "user_id": row[3],
            "username": row[4],
            "nickname": row[5],
            "message": row[6],
            "timestamp": row[7],
            "history": bool(row[9]),
            "processed_data": row[8],
        }
        if names is not None:
            try:
                names.clean(record)
            except msgspec.MsgspecError as error:
                said = f"Event {row[0]} is damaged: {error}"
                raise StoreError(said, "go back to a copy of the database, or leave out its --type") from error
        if raw is not None:
            facts = record["raw_data"] = await raw.facts(row[10], row[11], row[12])
            without.kept += facts is None and row[11] is None
            without.gone += facts is None and row[11] is not None
        records.append(record)
    return records


async def session_document(database: aiosqlite.Connection, session: Session, names: Anonymous | None = None) -> Facts:
    """A session and how far it can be trusted: totals, gaps with their reasons, duplicates, coverage of likes."""
    facts = session_facts(session)
    facts["gap_list"] = (await read_gaps(database, session.id)).get(session.id, [])
    if names is not None:
        facts["streamer_username"] = (
            names.of(str(session.host_id)) if session.host_id else names.of_handle(session.streamer)
        )
        facts["room_id"] = names.of(session.room_id)
        facts["gap_list"] = [gap | {"reason": names.text(gap["reason"])} for gap in facts["gap_list"]]
    return facts
