"""How each fault of a running stream is carried out."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui_live.simulator import batches, faults, messages, methods
from tui_live.simulator.faults import AnyFault
from tui_live.wire.frames import push_frame

if TYPE_CHECKING:
    from tui_live.simulator.connection import Connection
    from tui_live.simulator.room import Room


async def carry_out(room: Room, fault: AnyFault) -> None:  # noqa: PLR0912 - one case per fault
    """Let ``fault`` happen in ``room`` now. The caller holds the room's turn."""
    match fault:
        case faults.Heal():
            room.conditions.clear()
            for connection in room.connections:
                connection.silent = connection.mute = False
        case faults.Cut() | faults.Close():
            await _hang_up(room, fault)
        case faults.Silence():
            await _silence(room, fault)
        case faults.Garbage():
            for _ in range(fault.count):
                await room.send_raw(b"\xff" + room.rng.randbytes(200))
        case faults.BrokenGzip():
            for number in range(fault.count):
                await room.send_raw(_broken_gzip(room, number))
        case faults.Undecodable():
            await room.send([messages.undecodable(room.stamp(), fault.method) for _ in range(fault.count)])
        case faults.UnknownMethod():
            await room.send([messages.unknown(room.stamp(), fault.method) for _ in range(fault.count)])
        case faults.Repeat():
            await room.send(list(room.recent)[-fault.count :])
        case faults.Pause():
            await room.send([messages.control(room.stamp(), messages.PAUSED)])
        case faults.Unpause():
            await room.send([messages.control(room.stamp(), messages.UNPAUSED)])
        case faults.End():
            await room.end(suspended=fault.suspended)
            if fault.returns_after is not None:
                asyncio.get_running_loop().call_later(fault.returns_after, go_live, room, fault.new_room)
        case faults.GoLive():
            go_live(room, fault.new_room)
        case faults.Say():
            speaker = room.people.somebody().renamed("operator", fault.nickname)
            await room.send([messages.chat(room.stamp(), speaker, fault.text)])
        case faults.Burst():
            await room.send([room.script.one(fault.kind) for _ in range(fault.count)] if fault.kind
                            else room.script.take(fault.count))  # fmt: skip
        case faults.Every():
            person = room.people.somebody()
            await room.send(
                [methods.other(fault.method, room.stamp(), person, room.script.show) for _ in range(fault.count)]
            )


def go_live(room: Room, new_room: bool) -> None:
    """Put a stream on air that was offline or has ended."""
    room.conditions.lift(faults.Offline)
    if room.ended and new_room:
        room.open_room()
    room.ended = False
    room.pulse()


async def _hang_up(room: Room, fault: faults.Cut | faults.Close) -> None:
    if isinstance(fault, faults.Close) or fault.settled:
        await room.settle()
    present = list(room.connections)
    for connection in present:
        if isinstance(fault, faults.Close):
            await connection.close(fault.code)
        else:
            connection.cut()
    await asyncio.gather(*(connection.closed.wait() for connection in present))


async def _silence(room: Room, fault: faults.Silence) -> None:
    await room.settle()
    silenced = list(room.connections)
    for connection in silenced:
        connection.silent, connection.mute = True, not fault.heartbeats
    if fault.dead:
        room.ended = True
    if fault.seconds is not None:
        asyncio.get_running_loop().call_later(fault.seconds, _speak_again, room, silenced)


def _speak_again(room: Room, silenced: list[Connection]) -> None:
    for connection in room.connections:
        if connection in silenced:
            connection.silent = connection.mute = False
    room.pulse()


def _broken_gzip(room: Room, number: int) -> bytes:
    """A message frame whose gzip is cut short, has a wrong byte, or is no gzip at all."""
    good = batches.gzip(room.rng.randbytes(400))
    bad = (good[: len(good) // 2], good[:20] + b"\xff\x00\xff" + good[23:], b"\x1f\x8b" + room.rng.randbytes(60))
    return push_frame("msg", bad[number % 3], number + 1, compressed=True)
