"""Events of one subtype are found without looking at the others, whether their type is known or not."""

from __future__ import annotations

from collections import Counter

from tests.web.server.conftest import Served
from tui_live.store import pages
from tui_live.store.database import open_reader


async def test_a_subtype_alone_finds_what_has_it_in_every_type(served: Served) -> None:
    for streamer in ("ana", "bob"):
        address = f"/api/sessions/{await served.session(streamer)}/events"
        events = await served.pages_of(address, "events", limit="1000")
        kinds = Counter((event["event_type"], event["event_subtype"]) for event in events if event["event_subtype"])
        assert len(kinds) > 5
        for subtype in {subtype for _, subtype in kinds}:
            expected = [event["id"] for event in events if event["event_subtype"] == subtype]
            found = await served.pages_of(address, "events", subtype=subtype, limit="7")
            assert [event["id"] for event in found] == expected, subtype
        kind, subtype = next(iter(kinds))
        found = await served.pages_of(address, "events", subtype=subtype, type=kind, limit="1000")
        assert len(found) == kinds[kind, subtype]


async def test_what_has_another_subtype_is_not_looked_at(served: Served) -> None:
    key = await served.session("eve")
    database = await open_reader(served.path)
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    for types in ((), ("chat", "social", "member")):
        _, events = await served.ask(f"/api/sessions/{key}")
        assert events["session"]["total_events"] > 300
        await database.set_progress_handler(count, 100)
        steps = 0
        assert await pages.page_before(database, key, pages.Wanted(types, "nosuch"), 50, None) == ([], None)
        assert steps < 15  # a thousand instructions or so: a few for each type, none for an event
    await database.close()
