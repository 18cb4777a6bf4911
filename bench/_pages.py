"""Overlay pages in a process of their own: ``_pages.py PORT COUNT SECONDS`` prints what they were pushed, as JSON."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from typing import Any

#: The pages that OBS shows most: everybody's board, one stream's, a longer one. And those that wait for a question.
_OVERLAYS = ("page=overlay", "page=overlay&stream=flood", "page=overlay&top=10", "page=overlay&stream=flood&top=20")
QUESTION_PAGES = 10


def start(port: int, count: int, seconds: float) -> subprocess.Popen[str]:
    """Connect so many overlay pages and ten question pages for so long."""
    command = [sys.executable, __file__, str(port), str(count), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


async def _run(port: int, count: int, seconds: float) -> dict[str, Any]:
    import aiohttp

    pushed: list[int] = []
    #: (text of the question, when it came): the clock is one for the whole machine.
    shown: list[tuple[str, float]] = []
    size = 0

    async def page(client: aiohttp.ClientSession, query: str) -> None:
        nonlocal size
        number = 0
        overlay = "page=overlay" in query
        async with client.ws_connect(f"http://127.0.0.1:{port}/ws?{query}", max_msg_size=0) as socket:
            await socket.send_str('{"version": "bench"}')
            until = time.monotonic() + seconds
            while (left := until - time.monotonic()) > 0:
                try:
                    message = await socket.receive(timeout=left)
                except TimeoutError:
                    break
                if message.type is not aiohttp.WSMsgType.TEXT:
                    raise SystemExit(f"a page was cut: {message}")
                if overlay:
                    number += 1
                    size += len(message.data)
                elif (asked := json.loads(message.data).get("question")) is not None:
                    shown.append((asked["text"], time.monotonic()))
        if overlay:
            pushed.append(number)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as client:
        queries = [_OVERLAYS[number % len(_OVERLAYS)] for number in range(count)] + ["page=question"] * QUESTION_PAGES
        await asyncio.gather(*(page(client, query) for query in queries))
    return {"pushed": pushed, "shown": shown, "bytes": size}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_run(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))))
