"""Trending videos lose a person whom an erase takes out: their own, and what others' say of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.videos import item
from tests.store.test_trends import good, rows
from tui_live.core.trends import Video, read_item
from tui_live.errors import StoreError
from tui_live.store.erase import erase, look_up
from tui_live.store.trends import TrendStore, own_store

RAIN = {"id": "6900000000000000077", "uniqueId": "rain_maker77", "nickname": "한국 Rain"}


def made(number: int, **more: object) -> Video:
    read = read_item(item(number, **more))
    assert isinstance(read, Video)
    return read


@pytest.fixture
async def filled(tmp_path: Path) -> Path:
    path = tmp_path / "x.db"
    async with own_store(path) as store:
        assert isinstance(store, TrendStore)
        await good(
            store,
            made(1, author=RAIN),
            made(2, desc="duet with @rain_maker77 again"),
            made(3, duetInfo={"of": "@한국 Rain"}),
            made(4, author={"uniqueId": "Rain_Maker77"}),
            made(5),
        )
    return path


@pytest.mark.parametrize("who", ["@rain_maker77", "6900000000000000077"])
async def test_their_videos_go_and_others_do_not_name_them(who, filled) -> None:
    found = await look_up(filled, who)
    assert found is not None and found.videos == 2 and "2 trending videos" in found.describe()
    await erase(filled, who)
    posts = rows(filled, "SELECT platform_post_id, content, raw_data FROM raw_posts ORDER BY id")
    assert [post[0][-1] for post in posts] == ["2", "3", "5"]
    assert posts[0][1] == "duet with @erased again" and [json.loads(post[2]).get("shortened") for post in posts] == [
        *(True, True, None)
    ]
    for table in ("stories", "trend_points"):
        assert rows(filled, f"SELECT count(*) FROM {table}") == [(3,)]
    whole = filled.read_bytes()
    assert b"rain_maker77" not in whole.lower() and RAIN["id"].encode() not in whole and "한국".encode() not in whole
    with pytest.raises(StoreError, match="Nobody"):
        await look_up(filled, who)
