"""Recordings of real messages: the simulator's script through the real decoder into a database."""

from __future__ import annotations

import random

from tui_live.simulator import SCENARIOS, batches
from tui_live.simulator.messages import Stamp
from tui_live.simulator.people import People
from tui_live.simulator.script import Script
from tui_live.store import sessions
from tui_live.store.recorder import Recorder
from tui_live.store.sessions import Session
from tui_live.tiktok.decode import RoomDecoder
from tui_live.wire.frames import Frame

ROOM = 7_000_000_000_000_000_000
NOW_MS = 1_795_228_604_829


class Recording:
    """A stream that goes on for as long as it is asked to; ``sent`` are the batches' bytes as they were before gzip."""

    def __init__(self, recorder: Recorder, seed: int = 1, people: int = 60) -> None:
        plot = random.Random(seed)
        self.people = People("ana", people, plot, "https://p16.example")
        self.sent: list[bytes] = []
        self.session: Session
        self._recorder = recorder
        self._rng = random.Random(seed)
        self._last_id = 1 << 62
        self._script = Script(SCENARIOS["lively"], self.people, plot, self._stamp, "https://p16.example")
        self._now_ms = NOW_MS

    def _stamp(self) -> Stamp:
        self._last_id += 1 + self._rng.getrandbits(16)
        return Stamp(self._last_id, ROOM, self._now_ms)

    async def record(self, messages: int) -> Session:
        """Record so many messages in frames of TikTok's size, into one session."""
        from tui_live.tiktok.kinds import Host

        self._script.begin_room()
        session = self.session = await sessions.begin(self._recorder, "ana", str(ROOM), NOW_MS, {"title": "live"})
        decoder = RoomDecoder(str(ROOM), Host("ana"))
        done = 0
        while done < messages:
            some = self._script.take(min(self._rng.randint(5, 40), messages - done))
            done += len(some)
            encoded = batches.encode(some, cursor=str(done), now_ms=self._now_ms)
            self.sent.append(encoded)
            batch = decoder.decode(Frame(batches.gzip(encoded)), self._now_ms)
            session.totals.add(batch)
            self._recorder.put(session.id, batch, session.totals)
            self._now_ms += 50 * len(some)
            if self._recorder.backlog > 500:
                await self._recorder.flush()
        await self._recorder.flush()
        return session
