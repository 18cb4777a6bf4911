"""Work of a command that cleans up when the process is to end."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def until_stopped(work: Coroutine[Any, Any, T], stopped: list[int]) -> T:
    """Cancel ``work``, so that it cleans up, when the process is to end or its terminal went away.

    The signal's number is put into ``stopped`` then. Only the main thread hears of signals.
    """
    task, loop = asyncio.ensure_future(work), asyncio.get_running_loop()

    def stop(number: int) -> None:
        stopped.append(number)
        task.cancel()

    if sys.platform != "win32" and threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                loop.add_signal_handler(number, stop, number)
    return await task
