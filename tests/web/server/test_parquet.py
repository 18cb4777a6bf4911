"""A session as Parquet over the network: whole, in little memory, without a file, and given up with its reader."""

from __future__ import annotations

import asyncio
import builtins
import io
import json
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from pyarrow import parquet

from tests.web.server.conftest import Served
from tui_live.store import export, formats
from tui_live.web import past


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Many row groups, as a long evening has them."""
    monkeypatch.setattr("tui_live.store.export._CHUNK", 50)
    return


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize("query", ["", "&raw=1", "&type=gift,chat", "&user=nobody-of-them"])
async def test_it_has_what_json_lines_have(served: Served, query: str) -> None:
    key = await served.session("ana")
    if "nobody" in query:
        _, answer = await served.ask(f"/api/sessions/{await served.session('bob')}/participants?limit=1")
        query = f"&user={answer['participants'][0]['user_id']}"
    async with served.client.get(f"{served.url}/api/export/session/{key}?format=parquet{query}") as answer:
        assert answer.status == 200 and answer.content_type == "application/vnd.apache.parquet"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{key}.parquet"'
        table = parquet.read_table(io.BytesIO(await answer.read()))
    _, text = await served.ask(f"/api/export/session/{key}?format=jsonl{query}")
    expected = [json.loads(line) for line in text.splitlines()]
    found = table.to_pylist()
    for row, event in zip(found, expected, strict=True):
        assert row.pop("timestamp").isoformat(timespec="milliseconds").replace("+00:00", "Z") == event.pop("timestamp")
        for name in ("processed_data", "raw_data"):
            if name in row:
                row[name] = json.loads(row[name])
        assert row == event
    assert json.loads(table.schema.metadata[b"tui_live.session"])["id"] == key


@pytest.mark.usefixtures("small_pieces")
async def test_whoever_goes_away_leaves_nothing_behind(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    key = await served.session("ana")
    begun, go, closed = asyncio.Event(), asyncio.Event(), asyncio.Event()
    records = export.event_records

    async def slow(*arguments: Any) -> Any:
        try:
            async for some in records(*arguments):
                yield some
                begun.set()
                await go.wait()
        finally:
            closed.set()

    monkeypatch.setattr(export, "event_records", slow)
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")  # no file is made that could stay
    async with asyncio.timeout(20):
        for _ in range(past._MOST_EXPORTS + 1):
            begun.clear()
            closed.clear()
            answer = await served.client.get(f"{served.url}/api/export/session/{key}?format=parquet")
            assert (await answer.content.readexactly(4)) == b"PAR1"
            await begun.wait()
            answer.close()
            await closed.wait()
    go.set()
    assert (await served.ask(f"/api/export/session/{key}?format=csv"))[0] == 200


async def test_without_pyarrow_it_says_what_to_install(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    load = builtins.__import__

    def missing(name: str, *arguments: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return load(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", missing)
    status, answer = await served.ask(f"/api/export/session/{await served.session('ana')}?format=parquet")
    assert (status, answer["error"]["code"]) == (409, "not_possible")
    assert "pip install 'tui-live[parquet]'" in answer["error"]["message"]


async def test_others_are_served_while_it_is_made(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    write = formats.Parquet.records

    def slow(self: Any, records: Any) -> None:
        time.sleep(0.3)  # a slow machine, in a thread: nothing that could be waited for
        write(self, records)

    monkeypatch.setattr(formats.Parquet, "records", slow)
    key = await served.session("ana")
    export = asyncio.create_task(served.client.get(f"{served.url}/api/export/session/{key}?format=parquet"))
    loop = asyncio.get_running_loop()
    most = 0.0
    while not export.done():
        began = loop.time()
        await asyncio.sleep(0.005)
        most = max(most, loop.time() - began)
    (await export).close()
    assert most < 0.25
