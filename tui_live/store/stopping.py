"""Commands that clean up when the process is to end, or its terminal goes away."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import threading
from collections.abc import Coroutine
from typing import Any, NoReturn, TypeVar

import click

T = TypeVar("T")


async def until_stopped(work: Coroutine[Any, Any, T], stopped: list[int]) -> T:
    """Cancel ``work``, so that it cleans up, when the process is to end or its terminal went away.

    The signal's number is put into ``stopped`` then. Only the main thread hears of signals.
    """
    task, loop = asyncio.ensure_future(work), asyncio.get_running_loop()

    def stop(number: int) -> None:
        stopped.append(number)
        task.cancel()

    if threading.current_thread() is threading.main_thread():
        for number in ends():
            loop.add_signal_handler(number, stop, number)
    return await task


def ends() -> list[int]:
    """The signals that end the process beside Ctrl-C; under nohup, one less."""
    if sys.platform == "win32":
        return []
    return [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is not signal.SIG_IGN]


def leave(number: int, outcome: str = "") -> NoReturn:
    """End as a signal asks, with one line if there still is a terminal."""
    with contextlib.suppress(OSError):
        click.echo("tui-live: interrupted" + (f" — {outcome}" if outcome else ""), err=True)
    sys.exit(128 + number)
