"""Where a replay is in its recording: a clock that runs faster or slower than life, stands still, and is over."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable

from tui_live.core import speeds, times
from tui_live.core.status import Standing, State
from tui_live.errors import StreamError

#: A longer silence is not sat out: it is shortened to this, in seconds of the recording.
LONGEST_SILENCE_S = 20


class Playing:
    """The time of a recording from ``start_ms`` to about ``end_ms`` (UTC, as all its times). ``clock`` is in seconds.

    ``finished`` is set when everything has been played.
    """

    def __init__(
        self, key: str, start_ms: int, end_ms: int, speed: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        if not speeds.SLOWEST <= speed <= speeds.FASTEST:
            allowed = f"choose one from {speeds.SLOWEST:g} to {speeds.FASTEST:g}"
            raise StreamError(f"The speed {speed:g} is not possible", allowed)
        self.finished = asyncio.Event()
        self.speed = speed
        self._key = key
        self._start_ms, self._end_ms = start_ms, end_ms
        self._state = State.CHECKING
        self._paused = False
        self._trouble = self._lacking = ""
        self._since_ms = times.now_ms()
        self._seconds = clock
        #: The recording's clock showed ``_at_ms`` at ``_anchor``; it is seen to run up to the next frame at
        #: ``_until_ms``.
        self._at_ms, self._anchor = float(start_ms), clock()
        self._until_ms = start_ms
        self._changed = asyncio.Event()

    # What is asked

    @property
    def at_ms(self) -> int:
        """What the recording's clock shows."""
        return int(min(self._clock(), self._until_ms))

    @property
    def standing(self) -> Standing:
        """The state of the stream that is played, and why."""
        if self._trouble:
            why = self._trouble
        elif self._state is State.ENDED:
            why = f"{self._lacking}; the recording is over" if self._lacking else "the recording is over"
        elif self._state is State.STOPPED:
            why = f"paused at {self._position()}: replay of {self._key} at {self.speed:g}×"
        else:
            why = f"replay of {self._key} at {self.speed:g}×, {self._position()}"
        return Standing(self._state, why, 0, self._since_ms)

    @property
    def said(self) -> str:
        """Speed and place in a few words, for the top line."""
        if self._state is State.ENDED:
            return f"replay over {self._position()}"
        return f"replay{' paused' if self._paused else ''} {self.speed:g}× {self._position()}"

    # What an operator does

    def pause_or_go_on(self) -> None:
        """The one or the other. Like all here, raises :class:`StreamError` when everything has been played."""
        if self._paused:
            self.go_on()
        else:
            self.pause()

    def pause(self) -> None:
        """Stand still."""
        self._refuse_when_over()
        self._settle()
        self._paused = True
        self._enter(State.STOPPED)

    def go_on(self) -> None:
        """Go on where it was."""
        self._refuse_when_over()
        self._settle()
        self._paused = False
        self._enter(State.LIVE)

    def faster(self) -> None:
        """The next speed above, from now on."""
        self._take(speeds.faster(self.speed))

    def slower(self) -> None:
        """The next speed below, from now on."""
        self._take(speeds.slower(self.speed))

    # What plays it

    def begin(self) -> None:
        """Everything that is needed is there."""
        self._enter(State.STOPPED if self._paused else State.LIVE)

    def next_frame(self, received_ms: int, first: bool) -> int:
        """What is played next was received then. Returns how long the silence is, in seconds, that is shortened; or 0.

        The ``first`` frame is waited for as little as one from before: this machine's clock was set back then.
        """
        silence_ms, self._until_ms = received_ms - self._until_ms, received_ms
        if first or silence_ms < 0:
            self._at_ms, self._anchor = float(received_ms), self._seconds()
            return 0
        spared_ms = silence_ms - LONGEST_SILENCE_S * 1000
        if spared_ms <= 0:
            return 0
        self._at_ms += spared_ms
        return silence_ms // 1000

    async def reach(self) -> None:
        """Return when it is time for the next frame; without a wait, but not at once, when that has passed."""
        await asyncio.sleep(0)
        while (left_s := self._left_s()) is None or left_s > 0:
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left_s):
                    await self._changed.wait()

    def end(self, lacking: str = "") -> None:
        """Everything has been played, but for what ``lacking`` tells."""
        self._lacking = lacking
        self._end_ms = self._until_ms = max(self._end_ms, self._until_ms)
        self._at_ms = float(self._end_ms)
        self._enter(State.ENDED)
        self.finished.set()

    def fail(self, why: str) -> None:
        """It cannot be played on."""
        self._trouble = why
        self._enter(State.FAILED)

    # Inside

    def _clock(self) -> float:
        """May be ahead of what has been played, when that takes longer than it took to happen."""
        if self._paused:
            return self._at_ms
        return self._at_ms + (self._seconds() - self._anchor) * 1000 * self.speed

    def _left_s(self) -> float | None:
        """Seconds until the next frame; ``None`` while time stands still."""
        return None if self._paused else (self._until_ms - self._clock()) / 1000 / self.speed

    def _settle(self) -> None:
        """Time runs on from what is shown now, in whatever way."""
        self._at_ms, self._anchor = min(self._clock(), float(self._until_ms)), self._seconds()
        self._changed.set()

    def _take(self, speed: float | None) -> None:
        self._refuse_when_over()
        if speed is None:
            raise StreamError(f"{self.speed:g}× is as far as it goes", "")
        self._settle()
        self.speed = speed

    def _enter(self, state: State) -> None:
        self._state, self._since_ms = state, times.now_ms()

    def _refuse_when_over(self) -> None:
        if self._trouble:
            raise StreamError("The replay has stopped", self._trouble)
        if self.finished.is_set():
            raise StreamError("The recording is over", "open it again with tui-live replay")

    def _position(self) -> str:
        at_ms = self.at_ms
        # A session that is being recorded has no end yet.
        whole_ms = max(self._end_ms, at_ms)
        return f"{_place(at_ms - self._start_ms)} of {_place(whole_ms - self._start_ms)}"


def _place(milliseconds: int) -> str:
    """With its hours, and never in days: what runs in the top line keeps its width."""
    seconds = max(0, milliseconds) // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
