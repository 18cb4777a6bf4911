"""Recordings for the benches: the simulator's script through the real decoder and recorder, without sockets."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

from tui_live.simulator import SCENARIOS, batches
from tui_live.simulator.fields import field
from tui_live.simulator.messages import Message, Stamp
from tui_live.simulator.people import People, Person
from tui_live.simulator.script import Script

ROOM = 7_000_000_000_000_000_000
NOW_MS = 1_795_228_604_829
_SIGNED = re.compile(rb"(refresh_token=|x-signature=)([0-9a-f]+)")


class Story:
    """An endless mixed stream; ``sign_anew`` gives every address of an avatar a new random signature each time."""

    def __init__(self, *, seed: int = 1, people: int = 2000, sign_anew: bool = True) -> None:
        self._rng = random.Random(seed)
        plot = random.Random(seed)
        audience = People("ana", people, plot, "https://p16-sign-va.tiktokcdn.com/tos-maliva-avt-0068")
        if sign_anew:
            rng = self._rng

            def anew(found: re.Match[bytes]) -> bytes:
                digits = len(found[2])
                return found[1] + f"{rng.getrandbits(4 * digits):0{digits}x}".encode()

            def signed(person: Person, number: int) -> bytes:
                return field(number, _SIGNED.sub(anew, person.wire))

            Person.field = signed  # type: ignore[method-assign]
        self.now_ms = NOW_MS
        self._last_id = 1 << 62
        self._script = Script(SCENARIOS["lively"], audience, plot, self._stamp, "https://p16-webcast.tiktokcdn.com")
        self._script.begin_room()

    def _stamp(self) -> Stamp:
        self._last_id += 1 + self._rng.getrandbits(16)
        return Stamp(self._last_id, ROOM, self.now_ms)

    def frames(self, messages: int, smallest: int, largest: int) -> Iterator[tuple[list[Message], bytes]]:
        """(messages, gzipped batch) until there were so many messages; 20 messages take a second."""
        done = 0
        while done < messages:
            some = self._script.take(min(self._rng.randint(smallest, largest), messages - done))
            done += len(some)
            yield some, batches.gzip(batches.encode(some, cursor=str(self.now_ms), now_ms=self.now_ms))
            self.now_ms += 50 * len(some)


def decoder(room: int = ROOM) -> Any:
    """A decoder for a room of ours."""
    from tui_live.tiktok.decode import RoomDecoder
    from tui_live.tiktok.kinds import Host

    return RoomDecoder(str(room), Host("ana"))
