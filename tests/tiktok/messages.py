"""Wire bytes made with TikTokLive's own classes, for tests that decode them."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import json
import sqlite3
from pathlib import Path
from typing import Any

from TikTokLive import proto
from TikTokLive.events.proto_events import EVENT_MAPPINGS

from tui_live.store import sessions
from tui_live.store.database import open_writer
from tui_live.store.recorder import Recorder
from tui_live.tiktok.decode import RoomDecoder
from tui_live.tiktok.kinds import Host
from tui_live.wire.frames import Frame
from tui_live.wire.schema import _message_classes, proto_parent

HOST_ID = 42
NOW_MS = 1_795_228_604_829
_ids = itertools.count(7_300_000_000_000_000_001)


def user(user_id: int = 6_900_000_000_000_000_001, handle: str = "Ana.M", nickname: str = "Ana", **more: Any) -> Any:
    return proto.User(id=user_id, display_id=handle, nickname=nickname, **more)


def common(**more: Any) -> Any:
    return proto.CommonMessageData(create_time=NOW_MS, **more)


def entry(message: Any, msg_id: int | None = None, history: bool = False, method: str = "") -> Any:
    """One message of a batch; ``message`` is a betterproto2 message or raw bytes with a ``method``."""
    return proto.ProtoMessageFetchResultBaseProtoMessage(
        method=method or type(message).__name__,
        payload=bytes(message),
        msg_id=next(_ids) if msg_id is None else msg_id,
        is_history=history,
    )


def frame(*entries: Any) -> Frame:
    return Frame(gzip.compress(bytes(proto.ProtoMessageFetchResult(messages=list(entries)))))


def made(method: str, **fields: Any) -> Any:
    """The ``entry`` of a message of TikTokLive's own class for ``method``, its parts given as dicts."""
    return entry(built(proto_parent(EVENT_MAPPINGS[method]), fields), method=method)


def built(cls: Any, fields: dict[str, Any]) -> Any:
    """A message of one of TikTokLive's own classes; dicts become the classes of their fields."""
    hints = cls._type_hints()
    return cls(**{name: _part(hints[name], value) for name, value in fields.items()})


def _part(hint: Any, value: Any) -> Any:
    classes = _message_classes(hint)
    if isinstance(value, list):
        return [_part(hint, item) for item in value]
    if isinstance(value, dict) and classes:
        if all(isinstance(key, int) for key in value):
            return {key: built(classes[0], item) for key, item in value.items()}
        return built(classes[0], value)
    return value


async def recorded(path: Path, *entries: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The rows of ``events`` that these messages become, and the row of their session."""
    decoder = RoomDecoder("7", Host("alice", HOST_ID))
    writer = await open_writer(path)
    try:
        recorder = Recorder(writer, keep_raw=True)
        await recorder.open()
        session = await sessions.begin(recorder, "alice", "7", NOW_MS, {})
        batch = decoder.decode(frame(*entries), NOW_MS)
        session.totals.add(batch)
        recorder.put(session.id, batch, session.totals)
        await recorder.flush()
    finally:
        await writer.close()
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        rows = [dict(row) for row in database.execute("SELECT * FROM events ORDER BY id")]
        for row in rows:
            row["data"] = json.loads(row["processed_data"])
        return rows, dict(database.execute("SELECT * FROM sessions").fetchone())
