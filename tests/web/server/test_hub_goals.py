"""Goals on their pages: they stay while nobody looks, have names of their own, and go with their session."""

from __future__ import annotations

from typing import Any

from tests.web.server.conftest import Serve
from tests.web.server.studio import Studio, message_ids
from tui_live.core.events import Event, GoalData


def goal(title: str, current: int, target: int, kind: str = "gift", goal_id: str = "") -> Event:
    data = GoalData(kind, current, target, round(100 * current / target, 1), title, goal_id)
    return Event("goal", "", None, "", 0, data, next(message_ids), 0)


async def test_goals_stay_while_nobody_looks_and_go_with_their_session(studio: Studio) -> None:
    studio.tell("ana", goal("Rose", 3, 10), goal("Follow", 1, 4))
    studio.tell("bob", goal("Rose", 9, 9))
    await studio.ticks(2)
    studio.tell("ana", goal("Rose", 4, 10))
    await studio.ticks(2)
    for stream, expected in (
        ("ana", [("Rose", 4), ("Follow", 1)]),
        (None, [("Rose", 4), ("Follow", 1), ("Rose", 9)]),
    ):
        page = await studio.page("goal", **({"stream": stream} if stream else {}))
        await page.receive()
        told = (await page.receive_json(timeout=2))["goals"]
        assert [(each["name"], each["current"]) for each in told] == expected, stream
        whose = [each["stream"] for each in told]
        assert whose == ([""] * 2 if stream else ["ana", "ana", "bob"]), "told where several streams have goals"
        await page.close()
    studio.sessions["ana"] = "another"
    studio.tell("ana", goal("Galaxy", 0, 2))
    await studio.ticks(2)
    assert [each.name for each in studio.hub._goals.of("ana")] == ["Galaxy"]
    del studio.sessions["bob"]
    studio.hub._goals._looked = 0
    await studio.ticks(2)
    assert len(studio.hub._goals.of(None)) == 1


async def test_goals_are_there_after_a_restart(serve: Serve) -> None:
    served = await serve()
    for name in ("ana", "bob", "eve"):
        key = await served.session(name)
        goals = await served.engine.archive.goals(key)
        _, answer = await served.ask(f"/api/sessions/{key}/events?type=goal&limit=200")
        latest: dict[str, Any] = {}
        for event in answer["events"]:
            latest.setdefault(event["processed_data"]["goal_id"], event["processed_data"])
        assert {each.goal_id: (each.title, each.current, each.target) for each in goals} == {
            name: (each["title"], each["current"], each["target"]) for name, each in latest.items()
        }
    assert goals is not None


async def test_goals_have_names_of_their_own_and_one_that_was_reached_makes_way(studio: Studio) -> None:
    page = await studio.page("goal", stream="ana")
    await page.receive()

    async def told() -> list[tuple[str, int]]:
        await studio.ticks(3)
        return [(each.name, each.current) for each in studio.hub._goals.of("ana")]

    studio.tell("ana", goal("", 1, 2, goal_id="1"), goal("", 1, 3, "type_3"), goal("Guitar", 2, 9, goal_id="2"))
    assert await told() == [("Gift goal", 1), ("Goal", 1), ("Guitar", 2)], "no words of the program's own"
    studio.tell("ana", goal("", 2, 2, goal_id="1"))
    assert (await told())[0] == ("Gift goal", 2), "it stays for a while to be celebrated"
    studio.tell("ana", goal("Piano", 0, 5, goal_id="3"))
    assert await told() == [("Goal", 1), ("Guitar", 2), ("Piano", 0)]
