"""One stream's life: connect, stay connected, come back, and always say which state it is in and why (SPEC §3)."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Protocol

from tui_live.config import TikTok
from tui_live.core.events import Batch
from tui_live.core.status import Standing, State
from tui_live.tiktok.connection import Connection, RoomInfo
from tui_live.tiktok.decode import RoomDecoder
from tui_live.tiktok.outcome import GIVE_UP_AFTER, Outcome, back_off_seconds, jittered, outcome_of
from tui_live.tiktok.scheduler import ConnectScheduler
from tui_live.wire.frames import Frame

log = logging.getLogger(__name__)

#: Subtypes of ``control`` after which nothing more comes.
_ENDINGS = ("ended", "suspended")
_ALIVE_TIMEOUT_S = 15


class Listener(Protocol):
    """Who hears of the stream: the engine."""

    def stands(self, standing: Standing) -> None:
        """The state changed, or its reason, or the time of the next step."""

    async def opened(self, room_id: str, info: RoomInfo) -> RoomDecoder:
        """A connection to this room is being made: the session and the decoder that go with it."""

    async def publish(self, batch: Batch) -> None:
        """A frame's events. The socket is read on when this returns."""

    async def connected(self, now_ms: int) -> None:
        """The first frame of a connection came."""

    def lost(self, last_ms: int, reason: str) -> None:
        """The connection is over; nothing was heard since ``last_ms``."""

    async def ended(self, now_ms: int) -> None:
        """TikTok said that the stream is over."""


class Supervisor:
    """Runs until cancelled. ``poke()`` tries at once, whatever it is waiting for."""

    def __init__(self, name: str, settings: TikTok, scheduler: ConnectScheduler, listener: Listener) -> None:
        self.name = name
        self._settings = settings
        self._scheduler = scheduler
        self._listener = listener
        self._poked = asyncio.Event()
        self._in_session = False
        self._ended = False
        self._attempts = 0
        self._errors: tuple[str, int] = ("", 0)
        self._reset_connection()

    def _reset_connection(self) -> None:
        self._decoder: RoomDecoder | None = None
        self._ready = asyncio.Event()
        self._over = asyncio.Event()
        self._ending = ""
        self._heard = 0.0
        self._heard_ms = 0
        self._delivering = False

    def poke(self) -> None:
        """The operator wants a try now."""
        self._poked.set()

    async def run(self) -> None:
        """Attempt after attempt, with the pauses that SPEC §3 asks for."""
        while True:
            self._poked.clear()
            outcome = self._weighed(await self._attempt())
            await self._pause(outcome)

    async def _attempt(self) -> Outcome:
        """One connection from the first question to its end."""
        self._reset_connection()
        self._stand(State.CHECKING, "asking TikTok")
        connection = Connection(self.name, self._settings, self._take, self._take_turn)
        try:
            await connection.open()
            self._stand(State.CONNECTING, "opening the websocket")
            self._decoder = await self._listener.opened(connection.room_id, connection.info)
            self._in_session = True
            self._ended = False
            self._ready.set()
            return await self._stay(connection)
        except Exception as error:
            # TikTokLive's bare excepts can turn a cancellation into an error of its own.
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise asyncio.CancelledError from error
            outcome = outcome_of(error, self.name)
            log.info("%s: %r", self.name, error, exc_info=error if outcome.unexpected else None)
            return outcome
        finally:
            await connection.close()

    async def _take_turn(self) -> None:
        """Wait for the scheduler before the connection is signed."""
        wait = self._scheduler.wait_seconds()
        if wait > 1:
            self._stand(State.CONNECTING, "waiting for its turn: the sign server's budget is used up", wait)
        await self._scheduler.turn()
        self._stand(State.CONNECTING, "signing")

    async def _take(self, frame: Frame) -> None:
        """One frame from the socket."""
        await self._ready.wait()
        assert self._decoder is not None
        now_ms = time.time_ns() // 1_000_000
        first = not self._heard
        self._heard_ms = now_ms
        self._delivering = True
        try:
            batch = self._decoder.decode(frame, now_ms)
            await self._listener.publish(batch)
            if first:
                self._errors = ("", 0)
                await self._listener.connected(now_ms)
                self._stand(State.LIVE, "")
        finally:
            # Waiting for the disk is not the silence of a dead connection.
            self._delivering = False
            self._heard = time.monotonic()
        for event in batch.events:
            if not event.history:
                self._attempts = 0
                if event.type == "control" and event.subtype in _ENDINGS:
                    self._ending = event.subtype
        if self._ending:
            self._over.set()

    async def _stay(self, connection: Connection) -> Outcome:
        """Watch the connection until it ends, is ended, or falls silent."""
        running = asyncio.ensure_future(connection.run())
        over = asyncio.ensure_future(self._over.wait())
        opened = time.monotonic()
        try:
            while True:
                silent_at = (self._heard or opened) + self._settings.stale_after_seconds
                left = silent_at - time.monotonic()
                if self._delivering:
                    left = self._settings.stale_after_seconds
                if left <= 0:
                    return await self._ask_if_alive(connection)
                await asyncio.wait({running, over}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                if over.done():
                    return Outcome(State.ENDED, f"the stream was {self._ending}" if self._ending != "ended" else "")
                if running.done():
                    running.result()
                    return Outcome(State.RECONNECTING, "TikTok closed the connection")
        finally:
            over.cancel()
            running.cancel()

    async def _ask_if_alive(self, connection: Connection) -> Outcome:
        """Connected but silent: a dead socket gives no other sign (FACTS)."""
        silence = f"silent for {self._settings.stale_after_seconds:g} s"
        self._stand(State.STALE, f"{silence}: asking TikTok whether the room is alive")
        try:
            async with asyncio.timeout(_ALIVE_TIMEOUT_S):
                alive = await connection.is_alive()
        except Exception as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise asyncio.CancelledError from error
            log.info("%s: cannot ask whether the room is alive: %r", self.name, error)
            return Outcome(State.RECONNECTING, f"{silence}, and TikTok does not answer")
        if alive:
            return Outcome(State.RECONNECTING, f"{silence} although the room is alive")
        return Outcome(State.ENDED, f"{silence}, and TikTok says the room is over")

    def _weighed(self, outcome: Outcome) -> Outcome:
        """The outcome with what came before: five equal errors are a failure, offline after a session is its end."""
        if outcome.state is State.OFFLINE and self._in_session:
            outcome = Outcome(State.ENDED, "the stream ended while the connection was down")
        elif outcome.state is State.OFFLINE and self._ended:
            outcome = Outcome(State.ENDED, "")
        if not outcome.unexpected:
            self._errors = ("", 0)
            return outcome
        reason, times = self._errors
        self._errors = (outcome.reason, times + 1 if reason == outcome.reason else 1)
        if self._errors[1] < GIVE_UP_AFTER:
            return outcome
        self._errors = ("", 0)
        return Outcome(State.FAILED, f"{outcome.reason} ({GIVE_UP_AFTER} times in a row)")

    async def _pause(self, outcome: Outcome) -> None:
        """Tell the listener how it stands and wait for the next step."""
        if self._heard_ms and not self._ending:
            self._listener.lost(self._heard_ms, outcome.reason or outcome.state.value)
        if outcome.state is State.ENDED and self._in_session:
            self._in_session, self._ended = False, True
            await self._listener.ended(time.time_ns() // 1_000_000)
        wait = self._wait_seconds(outcome)
        self._stand(outcome.state, outcome.reason, wait)
        try:
            await asyncio.wait_for(self._poked.wait(), wait)
        except TimeoutError:
            return

    def _wait_seconds(self, outcome: Outcome) -> float | None:
        """Seconds to the next attempt; ``None`` waits for the operator."""
        match outcome.state:
            case State.OFFLINE | State.ENDED:
                self._attempts = 0
                return jittered(self._settings.offline_poll_seconds)
            case State.LIMITED:
                wait = outcome.wait_s or 0.0
                if self._scheduler.limited:
                    self._scheduler.hold(wait)
                return wait
            case State.BLOCKED | State.FAILED:
                self._attempts = 0
                return None
            case _:
                wait = back_off_seconds(self._attempts)
                self._attempts += 1
                return wait

    def _stand(self, state: State, reason: str, next_step_s: float | None = None) -> None:
        now_ms = time.time_ns() // 1_000_000
        next_ms = now_ms + round(next_step_s * 1000) if next_step_s else 0
        self._listener.stands(Standing(state, reason, next_ms, now_ms))
