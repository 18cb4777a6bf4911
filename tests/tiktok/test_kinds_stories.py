"""What takes more than one message, or is told apart by a key: battles, polls, super fans, goals, moderation."""

from __future__ import annotations

import pytest

from tests.tiktok.messages import HOST_ID, NOW_MS, frame, made
from tui_live.core.events import Event
from tui_live.tiktok.decode import RoomDecoder
from tui_live.tiktok.kinds import Host

ANA = {"id": 5, "display_id": "Ana", "nickname": "Ana"}


@pytest.fixture
def decoder() -> RoomDecoder:
    return RoomDecoder("7", Host("alice", HOST_ID))


def one(decoder: RoomDecoder, method: str, **fields: object) -> Event:
    (event,) = decoder.decode(frame(made(method, **fields)), NOW_MS).events
    return event


def test_scores_come_under_the_names_of_the_battles_beginning(decoder) -> None:
    host = {"key": 9, "value": {"user": {"user_id": 9, "display_id": "bob", "nick_name": "Bob"}}}
    one(decoder, "WebcastLinkMicBattle", action=4, anchors_info=[host])
    event = one(decoder, "WebcastLinkMicArmies", armies={9: {"hostscore": 90}, HOST_ID: {"hostscore": 120}})
    assert event.text == "alice 120 : Bob 90"
    assert [side.username for side in event.data.battle_users] == ["alice", "bob"]


def test_a_battles_result_is_final(decoder) -> None:
    event = one(
        decoder,
        "WebcastLinkMicBattle",
        action=5,
        armies=[{"key": 9, "value": {"hostscore": 90}}],
        battle_result={9: {"user_id": 9, "score": 95}},
    )
    assert event.text == "guest 95 (finished)"
    assert event.data.battle_status == "finished"


def test_teams_count_each_members_score(decoder) -> None:
    team = {"team_id": 1, "team_user": [{"user_id": 8, "score": 3}, {"user_id": 9, "score": 4}]}
    event = one(decoder, "WebcastLinkMicArmies", team_armies=[team])
    assert [(side.user_id, side.score) for side in event.data.battle_users] == [("8", 3), ("9", 4)]


def test_votes_come_under_the_words_of_the_polls_beginning(decoder) -> None:
    options = [{"option_idx": 1, "display_content": "Pizza"}, {"option_idx": 2, "display_content": "Sushi"}]
    one(decoder, "WebcastPollMessage", poll_id=3, start_content={"title": "Which?", "option_list": options})
    votes = [{"option_idx": 1, "votes": 7}, {"option_idx": 2, "votes": 2}]
    event = one(decoder, "WebcastPollMessage", poll_id=3, update_votes_content={"option_list": votes})
    assert (event.subtype, event.text) == ("votes", "Which? Pizza 7, Sushi 2")
    over = one(decoder, "WebcastPollMessage", poll_id=3, end_content={"option_list": votes, "operator": ANA})
    assert (over.subtype, over.data.options, over.data.votes) == ("ended", ("Pizza", "Sushi"), (7, 2))
    other = one(decoder, "WebcastPollMessage", poll_id=4, update_votes_content={"option_list": votes})
    assert (other.data.question, other.data.options, other.data.votes) == ("", ("", ""), (7, 2))


@pytest.mark.parametrize(
    ("field", "key", "subtype"),
    [
        ("content", "ttlive_superfan_become", "super_fan"),
        ("common_barrage_content", "TTLIVE_superfan_commentnotif_superfanJoined", "super_fan_join"),
        ("content", "something_else", "common"),
    ],
)
def test_super_fans_are_told_by_the_display_key(decoder, field, key, subtype) -> None:
    event = one(decoder, "WebcastBarrageMessage", msg_type=100, user=ANA, **{field: {"key": key}})
    assert (event.type, event.subtype) == ("barrage", subtype)


@pytest.mark.parametrize(
    ("fields", "subtype"),
    [
        ({"envelope_info": {"business_type": 19}}, "super_fan_box"),
        ({"common": {"display_text": {"key": "ttlive_SuperFanBox_1"}}}, "super_fan_box"),
        ({"envelope_info": {"business_type": 1}, "display": 1}, ""),
        ({"envelope_info": {"business_type": 1}, "display": 2}, "hidden"),
    ],
)
def test_boxes_for_super_fans(decoder, fields, subtype) -> None:
    assert one(decoder, "WebcastEnvelopeMessage", **fields).subtype == subtype


def test_a_reminder_is_no_subscription(decoder) -> None:
    assert one(decoder, "WebcastSubNotifyMessage", user=ANA, message_type=0).type == "social"
    assert one(decoder, "WebcastSubNotifyMessage", user=ANA, message_type=2).type == "system"


def test_what_a_moderator_did_to_somebody_is_moderation(decoder) -> None:
    target = {"id": 6, "display_id": "new"}
    event = one(decoder, "WebcastMemberMessage", user=target, action=9, operator=ANA, is_set_to_admin=True)
    assert (event.type, event.subtype, event.data.user_id, event.data.moderator_id) == (
        *("moderation", "moderator_added"),
        *("6", "5"),
    )
    assert one(decoder, "WebcastMemberMessage", user=target, action=1, operator=ANA).type == "member"


def test_a_caption_is_partial_until_it_is_definite(decoder) -> None:
    content = [{"lang": "en", "content": "hel"}]
    assert one(decoder, "WebcastCaptionMessage", content=content).subtype == "partial"
    assert one(decoder, "WebcastCaptionMessage", content=content, definite=True).subtype == ""


def test_a_goal_adds_up_its_parts_and_stops_at_a_hundred_percent(decoder) -> None:
    parts = [{"progress": 30, "target": 100, "gift": {"name": "Rose"}}, {"progress": 9, "target": 5}]
    event = one(decoder, "WebcastGoalUpdateMessage", goal={"sub_goals": parts, "description": "tour"})
    assert (event.text, event.data.current, event.data.target) == ("Rose 30/100, tour 9/5", 39, 105)
    assert (event.data.title, event.data.key) == ("tour", "tour")
    two = one(decoder, "WebcastGoalUpdateMessage", goal={"id": 7, "sub_goals": [parts[0], parts[0]]})
    assert (two.data.title, two.data.goal_id, two.data.key) == ("Rose", "7", "7")
    full = one(decoder, "WebcastGoalUpdateMessage", goal={"sub_goals": [{"progress": 9, "target": 5}]})
    assert full.data.progress == 100.0


def test_who_is_named_by_id_is_who_was_seen_before(decoder) -> None:
    seen = one(decoder, "WebcastChatMessage", user=ANA, content="hi").user
    assert one(decoder, "WebcastImDeleteMessage", delete_user_ids=[5]).user is seen
    assert one(decoder, "WebcastGoalUpdateMessage", contributor_id=5, contributor_display_id="ana").user is seen
    assert one(decoder, "WebcastImDeleteMessage", delete_user_ids=[6]).user is None


def test_a_person_who_was_only_named_is_told_whole_later(decoder) -> None:
    named = one(decoder, "WebcastGoalUpdateMessage", contributor_id=5, contributor_display_id="ana").user
    assert (named.handle, named.nickname) == ("ana", "")
    assert one(decoder, "WebcastChatMessage", user=ANA, content="hi").user.nickname == "Ana"


ANAS_WORDS = {"default_pattern": "{0:user} did it", "pieces": [{"user_value": {"user": ANA}}]}


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("WebcastLinkMicBattleItemCard", {"msg_type": 7, "use_potion_card": {"display_content": ANAS_WORDS}}),
        ("WebcastBarrageMessage", {"msg_type": 100, "common_barrage_content": ANAS_WORDS}),
        ("WebcastRankTextMessage", {"cur_user_id": 5, "other_get_badge_msg": ANAS_WORDS}),
        ("WebcastSpeakerMessage", {"common": {"display_text": ANAS_WORDS}}),
        ("WebcastInRoomBannerMessage", {"common": {"display_text": ANAS_WORDS}}),
        ("WebcastToastMessage", {"common": {"display_text": ANAS_WORDS}}),
        ("WebcastCapsuleMessage", {"desc": ANAS_WORDS}),
        ("WebcastNoticeMessage", {"notice_content": ANAS_WORDS}),
        ("WebcastLinkMessage", {"user_toast_content": {"display_text": ANAS_WORDS}}),
    ],
)
def test_whom_only_the_words_name_is_the_events_user(decoder, method, fields) -> None:
    event = one(decoder, method, **fields)
    assert event.text.endswith("Ana did it")
    assert event.user is not None
    assert (event.user.user_id, event.user.handle) == ("5", "ana")


def test_a_side_without_a_score_gets_none(decoder) -> None:
    host = {"key": 9, "value": {"user": {"user_id": 9, "display_id": "bob", "nick_name": "Bob"}}}
    event = one(decoder, "WebcastLinkMicBattle", action=1, anchors_info=[host])
    assert event.text == "Bob (invited)"
    assert [side.score for side in event.data.battle_users] == [None]
    begun = one(decoder, "WebcastLinkMicBattle", action=4, anchors_info=[host], armies=[{"key": 9, "value": {}}])
    assert [side.score for side in begun.data.battle_users] == [0]
