"""What TikTok tells of a room before its first message."""

from __future__ import annotations

from types import SimpleNamespace

from tui_live.config import TikTok
from tui_live.tiktok.connection import Connection


async def _nothing(*_: object) -> None: ...


def test_a_title_holds_nothing_that_a_terminal_obeys() -> None:
    connection = Connection("ana", TikTok(), _nothing, _nothing)
    connection._client = SimpleNamespace(room_info={"title": "\x1b[31mmy\u202e show\x07 ", "owner_user_id": "7"})
    assert (connection.info.title, connection.info.host_id) == ("[31mmy  show", 7)
