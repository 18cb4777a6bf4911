"""TikTokApi's own loop over pages that are handed to it: what it gathers, and when it ends."""

from __future__ import annotations

import itertools
import json
import time
from types import SimpleNamespace
from typing import Any

import pytest

from tests.core.videos import NOW_MS, counts, item
from tui_live.core.trends import Kind, Scorer, Trouble, choose, read_item
from tui_live.trends.answers import LARGEST_ANSWER
from tui_live.trends.client import Client, Gathered
from tui_live.trends.limits import Limits
from tui_live.trends.outcome import Troubled
from tui_live.trends.page import MOST_ENTRIES, Page, read_page


class Handed(Client):
    """Pages come from a list, the last one over and over, in place of a browser; ``takes_ms`` apart by their clock."""

    def __init__(self, gathered: Gathered, *pages: dict[str, Any], delay_s: float = 0, takes_ms: int = 0) -> None:
        super().__init__(gathered, Limits(), delay_s, lambda line, share: None)
        self._cleanup_called = True  # there is nothing to clean up
        self.sessions = [SimpleNamespace()]
        self.pages = itertools.chain(pages, itertools.repeat(pages[-1]))
        self.asked: list[float] = []
        self.takes_ms = takes_ms

    async def _ask(self, url: str, headers: dict[str, str], params: dict[str, Any]) -> Page:
        assert url == "https://www.tiktok.com/api/recommend/item_list/"
        self.asked.append(time.monotonic())
        read = read_page(next(self.pages), NOW_MS + self.takes_ms * (len(self.asked) - 1))
        if isinstance(read, Trouble):
            raise Troubled(read)
        return read


def page(*items: object, more: object = True) -> dict[str, Any]:
    return {"itemList": list(items), "hasMore": more}


async def gathered(limit: int, *pages: dict[str, Any], **more: Any) -> tuple[Gathered, Handed]:
    made = Gathered(limit)
    client = Handed(made, *pages, **more)
    await client.gather()
    return made, client


@pytest.mark.parametrize("nothing", [page(), {"itemList": None, "hasMore": True}, {"hasMore": "yes"}, page(None, {})])
async def test_pages_without_a_video_end_after_a_few(nothing) -> None:
    made, client = await gathered(50, nothing)
    assert (len(made), len(client.asked)) == (0, 3)


async def test_a_page_without_a_video_between_others_does_not_matter() -> None:
    made, _ = await gathered(50, page(item(1)), page(), page(), page(item(2)), page())
    assert len(made) == 2


async def test_the_same_list_over_and_over_ends() -> None:
    made, client = await gathered(50, page(*(item(number) for number in range(5))))
    assert (len(made), made.duplicates, len(client.asked)) == (5, 15, 4)


async def test_enough_is_enough() -> None:
    made, client = await gathered(7, *(page(*(item(each) for each in range(at, at + 5))) for at in (0, 5, 10)))
    assert (len(client.asked), len(made.fetched().videos), made.fetched().items) == (2, 7, 10)


async def test_the_last_page_is_the_last() -> None:
    _, client = await gathered(7, page(item(1), more=False))
    assert len(client.asked) == 1


async def test_a_second_browser_goes_on_where_the_first_ended() -> None:
    made = Gathered(3)
    await Handed(made, page(item(1), item(2), more=False)).gather()
    await Handed(made, page(item(2), item(3), more=True)).gather()
    assert [video.author for video in made.fetched().videos] == ["ana1", "ana2", "ana3"]
    assert made.duplicates == 1


async def test_a_video_that_comes_again_counts_once_with_its_larger_counts() -> None:
    first = page(item(1, **counts(4_000)), item(2))
    made, _ = await gathered(9, first, page(item(1, **counts(5_000))), page(item(1, **counts(3_000)), more=False))
    assert [(video.author, video.likes) for video in made.fetched().videos] == [("ana1", 5_000), ("ana2", 5_000)]
    assert made.duplicates == 2


async def test_a_slow_page_does_not_make_the_videos_of_the_page_before_slow() -> None:
    made, _ = await gathered(2, page(item(1, minutes=0.1)), page(item(2, minutes=10)), takes_ms=60_000)
    chosen = choose(made.fetched().videos, NOW_MS + 300_000, 100, Scorer(100))
    assert [(story.video.author, round(story.velocity)) for story in chosen.stories] == [
        ("ana1", 57_000),
        ("ana2", 518),
    ]
    assert [story.video.seen_ms for story in chosen.stories] == [NOW_MS, NOW_MS + 60_000]


async def test_larger_counts_are_of_the_time_at_which_they_came() -> None:
    first, again = page(item(1, **counts(600))), page(item(1, **counts(1_200)), item(2))
    made, _ = await gathered(2, first, again, takes_ms=120_000)
    assert made.fetched().videos[0].seen_ms == NOW_MS + 120_000


async def test_a_list_of_another_kind_is_told() -> None:
    with pytest.raises(Troubled, match="is no list") as told:
        await gathered(3, {"itemList": {"1": item(1)}})
    assert told.value.trouble.kind is Kind.ODD


async def test_requests_keep_their_distance() -> None:
    _, client = await gathered(3, *(page(item(number)) for number in range(3)), delay_s=0.1)
    assert len(client.asked) == 3
    assert all(later - earlier >= 0.099 for earlier, later in itertools.pairwise(client.asked))


def test_items_that_are_no_videos_are_counted_by_what_they_lack() -> None:
    made = Gathered(3)
    for odd in (None, {}, {"id": "x"}):
        made.add(read_item(odd))
    assert (made.items, made.fetched().unreadable) == (3, {"no item": 1, "no id": 2})


SIGNED = {"X-Bogus": "signed"}


class Answered(Client):
    """The page of a browser answers at once with one text; ``signed`` is what its script for signatures gives back."""

    def __init__(self, text: str, signed: Any) -> None:
        super().__init__(Gathered(50), Limits(), 0, lambda line, share: None)
        self._cleanup_called = True
        browser_page = SimpleNamespace(evaluate=self._evaluate, url="https://www.tiktok.com")
        session = {"params": {}, "headers": {}, "ms_token": "x", "page": browser_page, "is_valid": True}
        self.sessions = [SimpleNamespace(**session)]
        self.text, self.signed = text, signed

    async def generate_x_bogus(self, url: str, **_: Any) -> Any:
        return self.signed

    async def _evaluate(self, script: str, words: list[Any]) -> dict[str, Any]:
        return {"status": 200, "retryAfter": None, "text": self.text}


async def test_a_page_of_a_million_entries_holds_nothing_up_and_most_of_it_is_left() -> None:
    count = LARGEST_ANSWER // 3 - 10
    client = Answered('{"itemList":[%s{}]}' % ("{}," * (count - 1)), SIGNED)
    began = time.thread_time()
    await client.gather()
    assert time.thread_time() - began < 0.03  # this thread's work: the interface is drawn by it
    fetched = client._gathered.fetched()
    assert fetched.unreadable == {"no id": MOST_ENTRIES, "left unread": count - MOST_ENTRIES}


async def test_videos_among_too_many_entries_count() -> None:
    made, _ = await gathered(500, page(*(item(number) for number in range(MOST_ENTRIES + 7)), more=False))
    assert (len(made), made.fetched().unreadable) == (MOST_ENTRIES, {"left unread": 7})


@pytest.mark.parametrize("signed", [{}, None, "text", {"X-Bogus": None}, []])
async def test_a_page_that_signs_with_nothing_is_told_as_a_block(signed) -> None:
    with pytest.raises(Troubled, match="has not what signs requests") as told:
        await Answered('{"itemList":[]}', signed).gather()
    assert told.value.trouble.kind is Kind.BLOCKED


async def test_a_signed_request_is_answered() -> None:
    client = Answered(json.dumps({"itemList": [item(1)]}), SIGNED)
    await client.gather()
    assert len(client._gathered) == 1
