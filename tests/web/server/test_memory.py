"""A ten-hour evening in a minute: pages come and go, boards move, and nothing of it stays in memory."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path

import pytest

from tests.core.scores import follow, gift, person
from tests.web.server.studio import Studio

PAGES = ("overlay", "question", "goal", "alerts")
BATCH = 500


def resident() -> int:
    """Bytes of memory that this process has now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


async def evening(studio: Studio, events: int, pages: int) -> None:
    """So many events of 2,000 people, while so many pages come, look and go."""
    coming = asyncio.Semaphore(20)

    async def look(number: int) -> None:
        async with coming:
            query = {"stream": ("ana", "bob", f"zoe{number}")[number % 3]} if number % 4 else {}
            page = await studio.page(PAGES[number % len(PAGES)], **query, top=str(1 + number % 10))
            await page.send_str('{"version": "1"}')
            await page.receive()
            await asyncio.sleep(0)
            if number % 2:
                await page.close()
            else:
                page._response.close()  # as if it was killed

    looking = [asyncio.ensure_future(look(number)) for number in range(pages)]
    now = studio.now()
    for number in range(0, events, BATCH):
        told = (
            follow(person(each % 2000), now) if each % 10 == 0 else gift(person(each % 2000), 1 + each % 9, 1, now)
            for each in range(number, number + BATCH)
        )
        studio.tell("ana" if number % (2 * BATCH) else "bob", *told)
        studio.hub.tick()
        await asyncio.sleep(0)
    await asyncio.gather(*looking)
    await studio.until(lambda: studio.hub.count == 0 and not studio.server._connections.open)
    await asyncio.sleep(0.1)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
async def test_ten_hours_leave_the_servers_memory_as_it_was(studio: Studio) -> None:
    # The log fills up, everybody is on the board, and every cache has seen what there is.
    await evening(studio, 100_000, 300)
    tasks = len(asyncio.all_tasks())
    gc.collect()
    before, objects = resident(), len(gc.get_objects())
    await evening(studio, 300_000, 2_000)
    gc.collect()
    after, objects_after = resident(), len(gc.get_objects())
    print(f"{(after - before) / 1e6:+.1f} MB, {objects_after - objects:+} objects")
    assert len(asyncio.all_tasks()) <= tasks
    assert studio.hub._groups == {}
    assert not studio.server._connections.open
    assert objects_after - objects < 2_000
    assert after - before < 12_000_000
