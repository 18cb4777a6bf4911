"""Wire bytes made with TikTokLive's own classes, for tests that decode them."""

from __future__ import annotations

import gzip
import itertools
from typing import Any

from TikTokLive import proto

from tui_live.wire.frames import Frame

NOW_MS = 1_795_228_604_829
_ids = itertools.count(7_300_000_000_000_000_001)


def user(user_id: int = 6_900_000_000_000_000_001, handle: str = "Ana.M", nickname: str = "Ana", **more: Any) -> Any:
    return proto.User(id=user_id, display_id=handle, nickname=nickname, **more)


def common(**more: Any) -> Any:
    return proto.CommonMessageData(create_time=NOW_MS, **more)


def entry(message: Any, msg_id: int | None = None, history: bool = False, method: str = "") -> Any:
    """One message of a batch; ``message`` is a betterproto2 message or raw bytes with a ``method``."""
    return proto.ProtoMessageFetchResultBaseProtoMessage(
        method=method or type(message).__name__,
        payload=bytes(message),
        msg_id=next(_ids) if msg_id is None else msg_id,
        is_history=history,
    )


def frame(*entries: Any) -> Frame:
    return Frame(gzip.compress(bytes(proto.ProtoMessageFetchResult(messages=list(entries)))))
