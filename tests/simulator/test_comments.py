"""Comments are as TikTok's: some mention somebody, some have emotes, and what is deleted was there."""

from __future__ import annotations

import itertools
import random
from typing import Any

from tui_live.simulator import SCENARIOS
from tui_live.simulator.messages import Message, Stamp
from tui_live.simulator.people import People
from tui_live.simulator.script import Script
from tui_live.wire.schema import method_class

_MESSAGES = 6_000


def told(*, rooms: int = 1) -> list[list[Message]]:
    """What a lively stream sends in each of its rooms."""
    rng = random.Random(5)
    ids = itertools.count(7_300_000_000_000_000_001)
    people = People("alice", 300, rng, "https://media")
    script = Script(SCENARIOS["lively"], people, rng, lambda: Stamp(next(ids), 7, 1_795_228_604_829), "https://media")
    found = []
    for _ in range(rooms):
        script.begin_room()
        found.append(script.take(_MESSAGES))
    return found


def read(messages: list[Message], method: str) -> list[Any]:
    return [method_class(method).FromString(one.payload) for one in messages if one.method == method]


def test_a_few_comments_mention_somebody_who_wrote_and_a_few_have_emotes() -> None:
    [messages] = told()
    chats = read(messages, "WebcastChatMessage")
    mentioning = [chat for chat in chats if chat.mention_user_list]
    assert 0.02 < len(mentioning) / len(chats) < 0.06
    wrote = {chat.user.id for chat in chats}
    for chat in mentioning:
        [user] = chat.mention_users
        assert list(chat.mention_user_list) == [user.id]
        assert user.id == chat.at_user.id
        assert user.id in wrote
        assert chat.content.startswith(f"@{user.nickname} ")
    with_emotes = [chat for chat in chats if chat.emotes]
    assert 0.02 < len(with_emotes) / len(chats) < 0.06
    assert all(each.emote.emote_id.isdecimal() for chat in with_emotes for each in chat.emotes)


def test_what_is_deleted_is_a_comment_of_that_room_that_was_sent_before() -> None:
    deleted: set[int] = set()
    for messages in told(rooms=2):
        sent: set[int] = set()
        for message in messages:
            if message.method == "WebcastChatMessage":
                sent.add(message.msg_id)
            elif message.method == "WebcastImDeleteMessage":
                [delete] = read([message], message.method)
                assert sent.issuperset(delete.delete_msg_ids)
                assert deleted.isdisjoint(delete.delete_msg_ids)
                deleted.update(delete.delete_msg_ids)
    assert len(deleted) > 3
