"""``tui-live simulate``: the stand-in alone, for rehearsals and for other programs' tests."""

from __future__ import annotations

import asyncio
import signal

from tui_live.simulator.server import Simulator

_WORDS = """The stand-in for TikTok is open at {url}

Put this into config.yaml:

tiktok:
  web_url: {web_url}
  webcast_url: {webcast_url}
  sign_url: {sign_url}

User names choose what happens: any name is a lively stream; offline, late, cuts, ends, rate_limited, ... rehearse a
fault. The page lists all of them and shows what was sent. Ctrl+C ends it."""


def run_simulator(port: int, seed: int = 1) -> None:
    """Serve until interrupted or terminated, and say where. Raises ``TuiLiveError`` for a port in use."""
    asyncio.run(_serve(port, seed))


async def _serve(port: int, seed: int) -> None:
    simulator = Simulator(seed=seed)
    await simulator.start(port=port)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    urls = {name: getattr(simulator, name) for name in ("url", "web_url", "webcast_url", "sign_url")}
    print(_WORDS.format(**urls), flush=True)
    try:
        await stop.wait()
    finally:
        await simulator.close()
