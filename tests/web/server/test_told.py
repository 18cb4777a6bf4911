"""What a page asks for, and what it is told when there is nothing to tell yet."""

from __future__ import annotations

import pytest

from tests.core.scores import gift, person
from tests.web.server.studio import Studio


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({"top": "2"}, 2),
        ({"count": "2"}, 2),
        ({"top": "3", "count": "2"}, 3),
        ({"top": "x", "count": "2"}, 2),
        ({"count": "0"}, 5),
        ({}, 5),
    ],
)
async def test_count_is_another_name_for_top(studio: Studio, query: dict[str, str], places: int) -> None:
    studio.tell("ana", *(gift(person(number), 5 + number, 1) for number in range(9)))
    page = await studio.page("overlay", **query)
    await page.receive()
    assert len((await page.receive_json(timeout=2))["cards"]) == places
