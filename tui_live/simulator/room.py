"""A room's life: the script plays, clients come and go, faults strike, and the truth is kept."""

from __future__ import annotations

import asyncio
import math
import random
import time
import zlib
from collections import deque
from collections.abc import Callable, Sequence

from aiohttp import web
from msgspec import to_builtins

from tui_live.simulator import batches, faults, strikes
from tui_live.simulator.conditions import Conditions
from tui_live.simulator.connection import Connection
from tui_live.simulator.faults import AnyFault
from tui_live.simulator.messages import ENDED, SUSPENDED, Message, Stamp, control
from tui_live.simulator.people import People
from tui_live.simulator.scenario import Scenario
from tui_live.simulator.script import Script
from tui_live.simulator.timeline import Timeline
from tui_live.simulator.truth import Ledger, Truth

#: Messages in a frame, as seen on TikTok.
_FRAME = (5, 40)
#: A client that acknowledges is never this many messages behind.
_WINDOW = 10_000
#: What the script sends at once when it sends as fast as it can.
_GULP = 400
#: How long to wait for acknowledgements before going on without them, in seconds.
_PATIENCE = 3.0


class Room:
    """One stream, over all its room ids. Made by :class:`~tui_live.simulator.server.Simulator`.

    ``finished`` is set when the script has come to its end and everything was confirmed. ``truth`` is what receivers
    should know. All methods belong to the event loop that runs the simulator.
    """

    def __init__(self, user: str, scenario: Scenario, *, seed: int, media_url: str) -> None:
        self.user = user
        self.scenario = scenario
        self.rng = random.Random(f"{seed}/{scenario.seed}/{user}")
        plot = random.Random(f"{seed}/{scenario.seed}/{user}/plot")
        self.people = People(user, scenario.people, plot, media_url, hostile=scenario.hostile)
        self.ledger = Ledger(Truth(user, host_id=str(self.people.host.user_id)))
        self.conditions = Conditions()
        self.connections: list[Connection] = []
        self.finished = asyncio.Event()
        self.live_since_ms = 0
        self.ended = False
        self.recent: deque[Message] = deque(maxlen=64)
        self._history: deque[Message] = deque(maxlen=scenario.history)
        self._doubt: dict[int, Message] = {}
        self._tickets: dict[str, list[int]] = {}
        self.script = Script(scenario, self.people, plot, self.stamp, media_url)
        self._timeline = Timeline(scenario.timeline)
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()
        self._played = 0
        self._running = self._owed = 0.0
        self._log_id = self._last_id = self._cursor = self._lost = 0
        for condition in scenario.conditions:
            self.impose(condition)
        self.open_room()

    @property
    def truth(self) -> Truth:
        """What receivers should know by now."""
        truth = self.ledger.truth
        truth.state, truth.unconfirmed = self.state, len(self._doubt) + self._lost
        return truth

    @property
    def room_id(self) -> int:
        """The present room id, or the last one."""
        return int(self.ledger.truth.room_ids[-1])

    @property
    def live(self) -> bool:
        """Whether the stream is on air."""
        return not self.ended and all(self.conditions.get(sort) is None for sort in (faults.Offline, faults.Unknown))

    @property
    def state(self) -> str:
        """``live``, ``ended``, ``offline`` or ``unknown``."""
        if self.conditions.get(faults.Unknown) is not None:
            return "unknown"
        return "ended" if self.ended else "live" if self.live else "offline"

    @property
    def _waiting(self) -> bool:
        """Whether the script stands still: off the air, or with nobody listening where that stops it."""
        return not self.live or (self.scenario.pause_when_alone and not self.audience)

    @property
    def audience(self) -> list[Connection]:
        """The connections that messages go to."""
        return [connection for connection in self.connections if connection.listening]

    def stamp(self) -> Stamp:
        """Id, room and time for a new message; ids grow within a room."""
        self._last_id += 1 + self.rng.getrandbits(16)
        return Stamp(self._last_id, self.room_id, time.time_ns() // 1_000_000)

    def open_room(self) -> None:
        """Go on air under a new room id: a snowflake like TikTok's, so that a later run has other ids.

        Nothing of an earlier room comes along: its messages, open streaks and likes belong to its id.
        """
        seconds, ids = int(time.time()), self.ledger.truth.room_ids
        low = zlib.crc32(f"{self.user}#{len(ids)}".encode())
        ids.append(str(seconds << 32 | low))
        self._last_id = max(self._last_id, seconds << 32)
        self.live_since_ms = seconds * 1000
        self.ended = False
        self._lost += len(self._doubt)
        for kept in (self._doubt, self._history, self.recent, self._tickets):
            kept.clear()
        self.script.begin_room()
        self._keep(self._play(self.scenario.warm_up))
        self.pulse()

    def impose(self, condition: faults.Condition) -> None:
        """Let a condition hold from now on."""
        self.conditions.impose(condition)
        if isinstance(condition, faults.Offline) and condition.seconds is not None:
            asyncio.get_running_loop().call_later(condition.seconds + 0.001, self.pulse)
        self.pulse()

    def pulse(self) -> None:
        """Wake everybody who waits for a change of this room."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait_for(self, check: Callable[[Room], bool], within: float = 10) -> None:
        """Wait until ``check`` holds. Raises ``TimeoutError`` after ``within`` seconds."""
        async with asyncio.timeout(within):
            while not check(self):
                await self._changed.wait()

    def as_json(self, *, ids: bool = False) -> dict[str, object]:
        """The truth as JSON data; ``ids`` adds the ids of the delivered messages."""
        data: dict[str, object] = to_builtins(self.truth)
        return data | {"message_ids": self.ledger.message_ids()} if ids else data

    async def run(self) -> None:
        """Play the script for ever, or to its end."""
        loop = asyncio.get_running_loop()
        before = loop.time()
        while True:
            if self._waiting:
                await self._changed.wait()
                before = loop.time()
                continue
            now = loop.time()
            async with self._turn:
                await self._step(min(now - before, 1.0))
            before = now
            await asyncio.sleep(self.scenario.tick if self.scenario.rate else 0)

    async def strike(self, fault: AnyFault) -> None:
        """Carry out a fault between two steps of the script; conditions hold at once."""
        if isinstance(fault, faults.Condition):
            self.impose(fault)
            return
        async with self._turn:
            await strikes.carry_out(self, fault)
        self.pulse()

    async def _step(self, passed: float) -> None:
        self._running += passed
        while not self._waiting and (fault := self._timeline.pop(self._played, self._running)):
            if isinstance(fault, faults.Condition):
                self.impose(fault)
            else:
                await strikes.carry_out(self, fault)
        if self._waiting or self.finished.is_set():
            return
        if self._left() == 0:
            await self._finish()
        else:
            await self.send(self._with_repeats(self._play(self._allowance(passed))))

    def _allowance(self, passed: float) -> int:
        """How many messages are due, at most up to the next fault of the timeline."""
        scenario = self.scenario
        rate = scenario.rate * self._mood()
        self._owed = min(self._owed + rate * passed, max(rate, 1)) if scenario.rate else _GULP
        count = int(self._owed)
        for limit in (self._left(), self._timeline.messages_until_next(self._played)):
            if limit is not None:
                count = min(count, limit)
        self._owed -= count
        return count

    def _mood(self) -> float:
        """By how much the rate differs from its mean now: waves of some seconds, each stream at its own beat."""
        swing = self.scenario.swing
        if not swing:
            return 1.0
        beat = 1 + zlib.crc32(self.user.encode()) % 7 / 10
        now = self._running * beat
        return max(0.05, 1 + swing * (0.6 * math.sin(now / 2.3) + 0.4 * math.sin(now / 0.7) + 0.5 * math.sin(now / 9)))

    def _left(self) -> int | None:
        """How many messages the script still has; ``None`` when it never ends."""
        scenario = self.scenario
        if scenario.seconds is not None and self._running >= scenario.seconds:
            return 0
        return None if scenario.messages is None else max(0, scenario.messages - self._played)

    def _play(self, count: int) -> list[Message]:
        count = count if (left := self._left()) is None else min(count, left)
        self._played += count
        return self.script.take(count)

    def _with_repeats(self, messages: list[Message]) -> list[Message]:
        """Now and then TikTok sends a message again within the connection."""
        if not self.scenario.repeats:
            return messages
        out: list[Message] = []
        for message in messages:
            out.append(message)
            if self.recent and self.rng.random() < self.scenario.repeats:
                out.append(self.rng.choice(self.recent))
        return out

    def _keep(self, messages: Sequence[Message]) -> None:
        """Remember what happened for those who come later; what nobody got and nobody will get is missed."""
        for message in messages:
            if len(self._history) == self._history.maxlen and self._history.maxlen:
                self.ledger.truth.missed += not self.ledger.delivered(self._history[0].msg_id)
            elif not self._history.maxlen:
                self.ledger.truth.missed += not self.ledger.delivered(message.msg_id)
            self._history.append(message)

    async def send(self, messages: Sequence[Message]) -> None:
        """Send messages to everybody who listens, in frames of TikTok's size, and remember them."""
        audience = self.audience
        start = 0
        while audience and start < len(messages):
            some = messages[start : start + self.rng.randint(*_FRAME)]
            start += len(some)
            await self._send_frame(audience, some, last=start >= len(messages))
        self._keep(messages)
        self.recent.extend(messages)
        self.pulse()
        if len(self._doubt) > _WINDOW:
            await self.settle()

    async def _send_frame(self, audience: list[Connection], messages: Sequence[Message], *, last: bool) -> None:
        self._log_id += 1
        log_id = self._last_id + self._log_id
        ids = [message.msg_id for message in messages]
        for message in messages:
            if self.ledger.deliver(message):
                self._doubt[message.msg_id] = message
        batch = batches.encode(messages, cursor=self._next_cursor(), now_ms=time.time_ns() // 1_000_000, need_ack=last)
        frames: dict[bool, bytes] = {}
        self.ledger.truth.frames += 1
        for connection in audience:
            if connection.gzip not in frames:
                frames[connection.gzip] = batches.frame(batch, log_id, compress=connection.gzip)
            await connection.send(frames[connection.gzip], log_id, ids)

    async def send_raw(self, frame: bytes) -> None:
        """Send a websocket frame as it is to everybody who listens."""
        for connection in self.audience:
            self.ledger.truth.bad_frames += 1
            await connection.send(frame)

    async def settle(self) -> None:
        """Wait until every client acknowledged what it was sent, for three seconds at most."""
        try:
            await self.wait_for(lambda room: all(c.settled for c in room.connections if not c.silent), _PATIENCE)
        except TimeoutError:
            return

    async def end(self, *, suspended: bool = False) -> None:
        """End the stream with its control message, and wait for the clients to go; who stays is sent away."""
        await self.send([control(self.stamp(), SUSPENDED if suspended else ENDED)])
        self.ended = True
        await self.settle()
        try:
            await self.wait_for(lambda room: not room.connections, _PATIENCE)
        except TimeoutError:
            await asyncio.gather(*(connection.close() for connection in self.connections))

    async def _finish(self) -> None:
        if self.scenario.ends:
            await self.end()
        await self.settle()
        self.ledger.truth.finished = True
        self.finished.set()
        self.pulse()

    def first_response(self, push_server: str) -> bytes:
        """What the sign route answers: the last messages, those in doubt, and a ticket for the websocket.

        On a reconnect it also holds ``unseen_history`` messages that nobody got before.
        """
        if self.truth.connects and not self.audience and not self.finished.is_set():
            self._keep(self._play(self.scenario.unseen_history))
        chosen = {message.msg_id: message for message in (*self._doubt.values(), *self._history)}
        messages = [chosen[msg_id] for msg_id in sorted(chosen)]
        for message in messages:
            if self.ledger.deliver(message, history=True):
                self._doubt[message.msg_id] = message
        ticket = f"{self.rng.getrandbits(64):016x}"
        self._tickets = {ticket: list(chosen)} | dict(list(self._tickets.items())[:15])
        return batches.first_response(
            messages,
            cursor=self._next_cursor(),
            now_ms=time.time_ns() // 1_000_000,
            push_server=push_server,
            route_params={"room_id": str(self.room_id), "imprp": ticket, "wrss": f"{zlib.crc32(ticket.encode()):x}"},
        )

    async def welcome(self, ws: web.WebSocketResponse, request: web.Request) -> None:
        """Serve a client's websocket until it is gone."""
        connection = Connection(ws, request, self._tickets.pop(request.query.get("imprp", ""), []), self._confirm)
        self.connections.append(connection)
        self.ledger.truth.connects += 1
        self.pulse()
        try:
            await connection.receive(lambda: self._count(connection))
        finally:
            self._count(connection)
            self.connections.remove(connection)
            self.pulse()

    def _count(self, connection: Connection) -> None:
        """Move what a connection counted into the truth."""
        truth = self.ledger.truth
        truth.acks += connection.acks
        truth.heartbeats += connection.heartbeats
        truth.enters += connection.enters
        connection.acks = connection.heartbeats = connection.enters = 0
        self.pulse()

    def _confirm(self, message_ids: Sequence[int]) -> None:
        for msg_id in message_ids:
            self._doubt.pop(msg_id, None)

    def _next_cursor(self) -> str:
        self._cursor += 1
        return f"{time.time_ns() // 1_000_000}_{self._last_id}_1_{self._cursor}_0_0"
