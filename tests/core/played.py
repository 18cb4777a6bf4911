"""The simulator's scripts through the real decoder, by a clock of their own: hours in seconds, without sockets."""

from __future__ import annotations

import random
from collections.abc import Iterator

from msgspec import structs

from tests.core.story import START
from tui_live.core.events import Batch
from tui_live.simulator import SCENARIOS, batches
from tui_live.simulator.messages import Message, Stamp
from tui_live.simulator.people import People
from tui_live.simulator.scenario import Scenario
from tui_live.simulator.script import Script
from tui_live.simulator.truth import Ledger, Truth
from tui_live.tiktok.decode import RoomDecoder
from tui_live.tiktok.kinds import Host
from tui_live.wire.frames import Frame

ROOM = 7_000_000_000_000_000_000
MINUTE = 60_000
#: Every so many messages TikTok sends some of the last ones again.
_AGAIN = 500
_PACE = 60


class Play:
    """A scenario by name; ``truth`` is what was sent of it so far, ``gaps`` what nobody saw, in UTC milliseconds."""

    def __init__(self, name: str, *, seed: int = 1, lost: tuple[tuple[int, int], ...] = ()) -> None:
        scenario: Scenario = SCENARIOS[name]
        # An endless script at the pace of a stream, whatever the scenario does with it.
        self.scenario = structs.replace(scenario, messages=None, seconds=None, rate=min(scenario.rate, _PACE) or _PACE)
        plot = random.Random(f"{seed}/{name}")
        self.people = People(name, scenario.people, plot, "https://p16.example", hostile=scenario.hostile)
        self.ledger = Ledger(Truth(name, host_id=str(self.people.host.user_id), room_ids=[str(ROOM)]))
        self.now_ms = START
        self.gaps = [(START + start * MINUTE, START + end * MINUTE) for start, end in lost]
        self.script = Script(self.scenario, self.people, plot, self._stamp, "https://p16.example")
        self._id = 1 << 62
        self._step = 1000 / self.scenario.rate
        self._told = 0

    def _stamp(self) -> Stamp:
        self._id += 7
        return Stamp(self._id, ROOM, self.now_ms)

    def batches(self, minutes: float) -> Iterator[Batch]:
        """So many minutes of it, without what falls into the gaps; after a gap, its last messages come as history."""
        decoder = RoomDecoder(str(ROOM), Host(self.scenario.title, self.people.host.user_id))
        end_ms = self.now_ms + minutes * MINUTE
        recent: list[Message] = []
        missed: list[Message] = []
        while self.now_ms < end_ms:
            frame: list[Message] = []
            for _ in range(max(1, round(self.scenario.rate / 4))):
                self._told += 1
                self.now_ms = START + int(self._told * self._step)
                frame += self.script.take(1)
            if any(start <= self.now_ms < end for start, end in self.gaps):
                missed += frame
                continue
            if self._told % _AGAIN < len(frame):
                frame += recent[-5:]
            history = len(missed[-6:])
            frame = [*missed[-6:], *frame]
            missed = []
            for at, message in enumerate(frame):
                self.ledger.deliver(message, history=at < history)
            encoded = batches.encode(frame, cursor="1", now_ms=self.now_ms, history=history > 0)
            recent = frame
            yield decoder.decode(Frame(batches.gzip(encoded)), self.now_ms)
