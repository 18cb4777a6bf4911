"""Every type of SPEC §4, from wire bytes of TikTokLive's own classes to the row and its JSON."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from tests.tiktok.messages import HOST_ID, made, recorded
from tui_live.core.events import TYPES

ANA = {"id": 5, "display_id": "Ana", "nickname": "Ana 💐"}
ROSE = {"id": 5655, "name": "Rose", "type": 1, "diamond_count": 1, "image": {"url_list": ["https://g/r.png"]}}
IMAGE = {"url_list": ["https://e/w.png"]}


def text(pattern: str, *pieces: Any, key: str = "") -> dict[str, Any]:
    listed = [
        {"string_value": piece} if isinstance(piece, str) else {"user_value": {"user": piece}} for piece in pieces
    ]
    return {"key": key, "default_pattern": pattern, "pieces": listed}


class Case(NamedTuple):
    method: str
    fields: dict[str, Any]
    type: str
    subtype: str | None
    user: str | None
    text: str | None
    data: dict[str, Any]


CASES = [
    Case(
        "WebcastChatMessage",
        {"user": ANA, "content": "hé", "content_language": "fr", "emotes": [{"emote": {"emote_id": "77"}}]},
        *("chat", None, "5", "hé"),
        {"message": "hé", "language": "fr", "emotes": ["77"], "mentions": []},
    ),
    Case(
        "WebcastGiftMessage",
        {"user": ANA, "gift_id": 5655, "gift": ROSE, "group_id": 9, "repeat_count": 3},
        *("gift", None, "5", "Rose ×3"),
        {
            **{"gift_name": "Rose", "gift_id": "5655", "gift_value": 1, "repeat_count": 3, "repeat_end": False},
            **{"group_id": "9", "total_cost": 3, "count_delta": 3, "coins_delta": 3, "image_url": "https://g/r.png"},
            **{"to_user": "", "guest_coins_delta": 0},
        },
    ),
    Case(
        "WebcastMemberMessage",
        {"user": ANA, "member_count": 12, "action": 1},
        *("member", "joined", "5", None),
        {"action": "joined", "viewer_count": 12},
    ),
    Case(
        "WebcastLikeMessage",
        {"user": ANA, "count": 15, "total": 300},
        *("like", None, "5", "×15"),
        {"like_count": 15, "total_like_count": 300, "follower": False},
    ),
    Case(
        "WebcastSocialMessage",
        {
            "user": ANA | {"follow_info": {"follower_count": 1200, "follow_status": 1}},
            "common": {"display_text": text("", key="pm_mt_guidance_viewer_5_share")},
            "share_count": 2,
        },
        *("social", "share", "5", "5 joined"),
        {
            **{"action": "shared", "follow_count": 0, "share_count": 2, "share_target": "", "users_joined": 5},
            **{"follower": True, "follower_count": 1200},
        },
    ),
    Case(
        "WebcastSubNotifyMessage",
        {"user": ANA, "sub_month": 3},
        *("social", "subscribe", "5", "month 3"),
        {"action": "subscribed", "follow_count": 0, "share_count": 0, "share_target": ""},
    ),
    Case(
        "WebcastEmoteChatMessage",
        {
            "user": ANA,
            "emote_list": [{"emote_id": "88", "emote_type": 2, "image": IMAGE | {"content": {"name": "Wow"}}}],
        },
        *("emote", None, "5", "Wow"),
        {"emote_id": "88", "emote_name": "Wow", "emote_type": "fans", "image_url": "https://e/w.png"},
    ),
    Case(
        "WebcastEnvelopeMessage",
        {
            "envelope_info": {
                **{"diamond_count": 500, "people_count": 20, "business_type": 1},
                **{"send_user_id": "5", "send_user_name": "Ana 💐"},
            }
        },
        *("envelope", None, "5", "500 coins for 20"),
        {"coins": 500, "recipients": 20, "business_type": "user_diamond"},
    ),
    Case(
        "WebcastQuestionNewMessage",
        {"data": {"content": "what song?", "user": ANA}},
        *("question", None, "5", "what song?"),
        {"question_text": "what song?"},
    ),
    Case(
        "WebcastLinkMicBattle",
        {
            "action": 4,
            "anchors_info": [
                {"key": 9, "value": {"user": {"user_id": 9, "display_id": "Bob", "nick_name": "Bob B."}}},
                {"key": HOST_ID, "value": {"user": {"user_id": HOST_ID, "display_id": "alice", "nick_name": "Alice"}}},
            ],
            "armies": [{"key": HOST_ID, "value": {"hostscore": 120}}, {"key": 9, "value": {"hostscore": 90}}],
        },
        *("battle", "mic_battle", None, "Alice 120 : Bob B. 90"),
        {
            "battle_users": [
                {"user_id": "42", "username": "alice", "display_name": "Alice", "score": 120},
                {"user_id": "9", "username": "bob", "display_name": "Bob B.", "score": 90},
            ],
            "battle_status": "started",
        },
    ),
    Case(
        "WebcastLinkMicArmies",
        {"armies": {9: {"hostscore": 7}, HOST_ID: {"hostscore": 5}}, "trigger_reason": 2},
        *("battle", "armies", None, "alice 5 : guest 7 (finished)"),
        {
            "battle_users": [
                {"user_id": "42", "username": "alice", "display_name": "", "score": 5},
                {"user_id": "9", "username": "", "display_name": "", "score": 7},
            ],
            "battle_status": "finished",
        },
    ),
    Case(
        "WebcastLinkMicBattlePunishFinish",
        {"op_uid": HOST_ID, "reason": 1},
        *("battle", "punish", None, "punishment cut short"),
        {
            "battle_users": [{"user_id": "42", "username": "alice", "display_name": "", "score": None}],
            "battle_status": "punish_finished",
        },
    ),
    Case(
        "WebcastLinkmicBattleTaskMessage",
        {"task_message_type": 1, "task_update": {"progress": 12, "from_user_id": 5}},
        *("battle", "task", None, "task progress 12"),
        {"battle_users": [], "battle_status": "task_progress"},
    ),
    Case(
        "WebcastLinkMicBattleItemCard",
        {"msg_type": 3, "use_smoke_card": {"anchor_id": HOST_ID, "display_content": text("{0:user} smokes", ANA)}},
        *("battle", "item_card", "5", "Ana 💐 smokes"),
        {
            "battle_users": [{"user_id": "42", "username": "alice", "display_name": "", "score": None}],
            "battle_status": "use_smoke_card",
        },
    ),
    Case(
        "WebcastRoomUserSeqMessage",
        {"total": 12, "total_user": 340, "ranks": [{"score": 99, "user": ANA}]},
        *("room_update", None, None, None),
        {
            **{"viewer_count": 12, "total_user_count": 340},
            "top_viewers": [{"user_id": "5", "username": "ana", "coin_count": 99}],
        },
    ),
    Case(
        "WebcastRankUpdateMessage",
        {"updates": [{"rank_type": 8, "own_rank": 3, "default_content": text("on the rise")}], "group_type": 1},
        *("ranking", "rank_update", None, "daily #3: on the rise"),
        {"rank_type": "daily", "position": 3, "category": "gift"},
    ),
    Case(
        "WebcastRankTextMessage",
        {"scene": 1, "owner_idx_after_update": 2, "content": text("{0:user} is top {1:string}", ANA, "2")},
        *("ranking", "rank_text", "5", "Ana 💐 is top 2"),
        {"rank_type": "hourly", "position": 2, "category": "top_viewers"},
    ),
    Case(
        "WebcastHourlyRankRewardMessage",
        {"winners": [{"user_id": 5, "notify": {"content": "Ana won", "user": ANA}}]},
        *("ranking", "hourly", "5", "Ana won"),
        {"rank_type": "hourly", "position": None, "category": "reward"},
    ),
    Case(
        "WebcastGameRankNotifyMessage",
        {"msg_type": 1, "notify_text": text("up to {0:string}", "4")},
        *("ranking", "game", None, "up to 4"),
        {"rank_type": "game", "position": None, "category": "change"},
    ),
    Case(
        "WebcastPollMessage",
        {
            "poll_id": 3,
            "start_content": {
                "title": "Pizza or sushi?",
                "option_list": [
                    {"display_content": "Pizza", "option_idx": 1},
                    {"display_content": "Sushi", "votes": 4},
                ],
            },
        },
        *("poll", "started", None, "Pizza or sushi? Pizza, Sushi"),
        {"question": "Pizza or sushi?", "options": ["Pizza", "Sushi"], "votes": [0, 4]},
    ),
    Case(
        "WebcastOecLiveShoppingMessage",
        {"action_type": 1, "pop_product": {"product_id": 2**60, "title": "Apron", "price": "$24.90"}},
        *("shopping", None, None, "Apron · $24.90"),
        {"product_id": str(2**60), "product_name": "Apron", "price": "$24.90", "action": 1},
    ),
    Case(
        "WebcastImDeleteMessage",
        {"delete_msg_ids": [2**60]},
        *("moderation", "message_deleted", None, "1 message deleted"),
        {"deleted_message_id": str(2**60), "user_id": "", "reason": "", "moderator_id": ""},
    ),
    Case(
        "WebcastImDeleteMessage",
        {"delete_user_ids": [5, 6]},
        *("moderation", "user_removed", None, "2 users removed"),
        {"deleted_message_id": "", "user_id": "5", "reason": "", "moderator_id": "", "user_ids": ["5", "6"]},
    ),
    Case(
        "WebcastMemberMessage",
        {"user": {"id": 6, "display_id": "rude"}, "action": 7, "operator": ANA, "kick_source": 1},
        *("moderation", "user_removed", "5", "rude"),
        {"deleted_message_id": "", "user_id": "6", "reason": "", "moderator_id": "5"},
    ),
    Case(
        "WebcastPerceptionMessage",
        {"dialog": {"title": text("Be careful"), "target_user_id": 6}, "punish_info": {"show_reason": "Nudity"}},
        *("moderation", "warning", None, "Be careful"),
        {"deleted_message_id": "", "user_id": "6", "reason": "Nudity", "moderator_id": ""},
    ),
    Case(
        "WebcastCaptionMessage",
        {"content": [{"lang": "en", "content": "hello there"}], "definite": True},
        *("caption", None, None, "hello there"),
        {"caption_text": "hello there", "language": "en"},
    ),
    Case(
        "WebcastGoalUpdateMessage",
        {
            "goal": {"type": 1, "sub_goals": [{"progress": 30, "target": 100, "gift": {"name": "Roses"}}]},
            **{"contributor_id": 5, "contributor_display_id": "Ana"},
        },
        *("goal", None, "5", "Roses 30/100"),
        {"goal_type": "gift", "current": 30, "target": 100, "progress": 30.0, "title": "Roses", "goal_id": ""},
    ),
    Case(
        "WebcastLiveIntroMessage",
        {"content": "Music at eight", "user": ANA},
        *("intro", None, "5", "Music at eight"),
        {"intro_message": "Music at eight", "intro_type": "live"},
    ),
    Case(
        "WebcastLinkMessage",
        {"scene": 4, "invite_content": {"from_user": ANA, "from_user_id": 5}},
        *("link", None, "5", "invite · multi live"),
        {"url": "", "link_type": "invite", "context": "multi_live"},
    ),
    Case(
        "WebcastLinkLayerMessage",
        {"scene": 2, "message_type": 9},
        *("link", "layer", None, "leave · co host"),
        {"url": "", "link_type": "leave", "context": "co_host"},
    ),
    Case(
        "WebcastInRoomBannerMessage",
        {"common": {"display_text": text("LIVE Fest")}},
        *("banner", "in_room", None, "LIVE Fest"),
        {"message": "LIVE Fest", "banner_type": "in_room", "display_duration": 0},
    ),
    Case(
        "WebcastRoomPinMessage",
        {"action": 1, "chat_message": {"user": ANA, "content": "where to buy?"}, "display_duration": 60},
        *("banner", "pin", "5", "Ana 💐: where to buy?"),
        {"message": "Ana 💐: where to buy?", "banner_type": "pin", "display_duration": 60},
    ),
    Case(
        "WebcastControlMessage",
        {"action": 3, "tips": "bye"},
        *("control", "ended", None, "bye"),
        {"action": 3, "tips": "bye"},
    ),
    Case(
        "WebcastBarrageMessage",
        {"user": ANA, "msg_type": 100, "content": text("{0:user} is a Super Fan", ANA, key="TTLive_SuperFan_x")},
        *("barrage", "super_fan", "5", "Ana 💐 is a Super Fan"),
        {"message": "Ana 💐 is a Super Fan", "barrage_type": "common", "display_duration": 0},
    ),
    Case(
        "WebcastBarrageMessage",
        {"msg_type": 8, "content": text("up"), "user_grade_param": {"current_grade": 13, "user": ANA}},
        *("barrage", "level_up", "5", "up"),
        {"message": "up", "barrage_type": "level_up", "display_duration": 0, "level": 13},
    ),
    Case(
        "WebcastSystemMessage",
        {"message": "Be nice"},
        *("system", None, None, "Be nice"),
        {"message": "Be nice", "method": "WebcastSystemMessage"},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.type}-{case.subtype or case.method}")
async def test_from_wire_bytes_to_the_row(tmp_path, case: Case) -> None:
    rows, session = await recorded(tmp_path / "x.db", made(case.method, **case.fields))
    (row,) = rows
    found = (row["event_type"], row["event_subtype"], row["user_id"], row["message"], row["data"])
    assert found == (case.type, case.subtype, case.user, case.text, case.data)
    assert session["total_events"] == 1


def test_every_type_of_the_specification_has_a_case() -> None:
    assert {case.type for case in CASES} | {"other"} == set(TYPES)
