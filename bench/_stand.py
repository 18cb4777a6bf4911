"""The stand-in for TikTok in a process of its own: ``_stand.py SCENARIO-AS-JSON STREAM…`` prints its address."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any


@contextlib.contextmanager
def stand(streams: Sequence[str], **changes: Any) -> Iterator[str]:
    """Run the stand-in with these streams, which all play the flood scenario with ``changes``; gives its address."""
    command = [sys.executable, __file__, json.dumps(changes), *streams]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def hosts(url: str) -> dict[str, str]:
    """The settings that lead to the stand-in instead of to TikTok."""
    return {"tiktok.web_url": url, "tiktok.webcast_url": f"{url}/webcast", "tiktok.sign_url": url}


async def _run(changes: dict[str, Any], streams: Sequence[str]) -> None:
    import msgspec

    from tui_live.simulator import SCENARIOS, Simulator

    flood = msgspec.structs.replace(SCENARIOS["flood"], **changes)
    simulator = Simulator(dict.fromkeys(streams, flood), seed=7)
    await simulator.start()
    print(simulator.url, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_run(json.loads(sys.argv[1]), sys.argv[2:]))
