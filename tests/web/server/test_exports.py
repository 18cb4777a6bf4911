"""An export over the network holds nothing of the database, however slowly it is taken, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import sqlite3
from typing import Any

import pytest

from tests.e2e.conftest import query
from tests.web.server.conftest import Served
from tui_live.errors import StoreError
from tui_live.store import export


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_CHUNK", 7)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("types", [(), ("chat", "gift")])
async def test_no_snapshot_is_kept_between_two_pieces(served: Served, types: tuple[str, ...]) -> None:
    key = await served.session("ana")
    expected = query(served.path, "SELECT id, event_type FROM events WHERE session_id = ? ORDER BY id", key)
    found: list[int] = []
    async with contextlib.aclosing(served.engine.archive.export(key, "jsonl", types, "", False)) as pieces:
        async for piece in pieces:
            found += [json.loads(line)["id"] for line in piece.splitlines()]
            if not found or len(found) % 5 > 1:
                continue
            await asyncio.sleep(0.01)  # what is read ahead has been read
            await served.write(lambda database: database.execute("UPDATE sessions SET room_id = room_id"))
            with contextlib.closing(sqlite3.connect(served.path, timeout=30)) as database:
                for _ in range(50):
                    [(busy, *_)] = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                    if not busy:
                        break
                    await asyncio.sleep(0.02)
                assert not busy
    assert found == [row[0] for row in expected if not types or row[1] in types]


@pytest.mark.usefixtures("small_pieces")
async def test_a_session_that_is_deleted_meanwhile_is_no_whole_file(served: Served) -> None:
    key = await served.session("bob")
    with pytest.raises(StoreError, match="deleted"):
        async with contextlib.aclosing(served.engine.archive.export(key, "jsonl", (), "", False)) as pieces:
            async for _ in pieces:
                sql = "UPDATE sessions SET streamer_info = json_set(streamer_info, '$.deleted', 1) WHERE id = ?"
                await served.write(lambda database, sql=sql: database.execute(sql, (key,)))


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("kind", ["jsonl", "csv"])
async def test_whoever_goes_away_leaves_no_traceback(served: Served, kind: str) -> None:
    key = await served.session("ana")
    said: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: said.append(context))
    for _ in range(10):
        async with contextlib.aclosing(served.engine.archive.export(key, kind, (), "", False)) as pieces:
            await anext(pieces)
    for _ in range(5):
        gc.collect()
        await asyncio.sleep(0.02)
    assert said == []
