"""Entries of a real ledger, their files, and what the server answers to an address."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from yarl import URL

from tests.web.clip_shelf import AT_MS, cause
from tests.web.server.conftest import Served
from tui_live.core.clips import Clip, ClipState

DATA = bytes(range(256)) * 4


async def put(served: Served, path: Path | str = "", **more: Any) -> Clip:
    """An entry of the ledger, whole unless told otherwise."""
    facts: dict[str, Any] = {"state": ClipState.SAVED, "requested_ms": AT_MS, "saved_ms": AT_MS + 700}
    facts |= {"path": str(path), "size": len(DATA), "duration_ms": 30_500, "causes": (cause(),)}
    return await served.engine.clips._ledger.add(Clip(**(facts | more)))


async def saved(served: Served, path: Path, data: bytes = DATA) -> str:
    path.write_bytes(data)
    await put(served, path)
    return f"{served.url}/video/{quote(path.name, safe='')}"


async def get(served: Served, url: str, method: str = "GET", **headers: str) -> tuple[int, bytes, Any]:
    """Status, body and headers of an address that is sent as it is."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with served.client.request(method, URL(url, encoded=True), headers=sent) as answer:
        return answer.status, await answer.read(), answer.headers
