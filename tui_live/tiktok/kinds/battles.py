"""Battles between hosts: who stands against whom, the scores, and what happens around them.

Only the message that opens a battle tells names; those with scores tell ids alone, so the names are remembered. Other
messages name a host and no score: such a side has none, rather than 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from tui_live.core.events import BattleData, BattleUser, score_in_words
from tui_live.tiktok.kinds.room import Parts, RoomMemory
from tui_live.tiktok.kinds.words import MOST_OF_A_NAME, common_words, count, named, told, words

#: ``LinkMicBattleBattleAction`` of the schema.
_ACTIONS = {
    1: "invited",
    2: "rejected",
    3: "cancelled",
    4: "started",
    5: "finished",
    6: "cut_short",
    7: "accepted",
    8: "quit_asked",
    9: "quit_declined",
    10: "quit_off_declined",
    11: "left",
}
#: ``BattleSettingsBattleStatus`` of the schema.
_STATUS = {1: "started", 2: "finished", 3: "punish_started", 4: "punish_finished"}
#: ``LinkMicArmiesTriggerReason``: the scores are final.
_BATTLE_END = 2
_PUNISH_CUT_SHORT = 1
#: ``BattleTaskMessageType``, ``BattleTaskSettleResult`` and ``BattleRewardSettleRewardStatus``.
_TASK_START, _TASK_UPDATE, _TASK_SETTLE = 0, 1, 2
_TASK_RESULTS = {0: "task_succeeded", 1: "task_failed", 2: "task_succeeded"}
_REWARDS = {0: "reward_succeeded", 1: "reward_failed"}
#: ``BattleCardMsgType``, and the field in which each puts its words and its host.
_CARDS = {
    0: "item_card",
    1: "card_obtain_guide",
    2: "use_critical_strike_card",
    3: "use_smoke_card",
    4: "award_card_notice",
    5: "use_extra_time_card",
    6: "use_special_effect_card",
    7: "use_potion_card",
    8: "use_wave_card",
    9: "special_effect_notice",
    10: "use_top2_card",
    11: "use_top3_card",
    12: "use_vault_glove_card",
}
_MOST_SIDES = 16
#: What a side is called whose name nobody told.
_NAMELESS = "guest"


def mic_battle(message: Any, room: RoomMemory) -> Parts:
    """A battle is proposed, begins, changes or ends."""
    scores: dict[int, int | None] = {}
    for side in message.anchors_info[:_MOST_SIDES]:
        host = side.value.user
        user_id = host.user_id or side.key
        scores.setdefault(user_id, None)
        room.remember_battler(
            user_id, words(host.display_id, MOST_OF_A_NAME).lower(), words(host.nick_name, MOST_OF_A_NAME)
        )
    scores |= {side.key: side.value.hostscore for side in message.armies[:_MOST_SIDES]}
    results = islice(message.battle_result.items(), _MOST_SIDES)
    scores |= {key: result.score for key, result in results if result.score}
    _add_teams(scores, message.team_armies)
    fallback = _STATUS.get(message.battle_settings.status, "")
    return _battle(room, scores, _ACTIONS.get(message.action, fallback), message)


def armies(message: Any, room: RoomMemory) -> Parts:
    """The scores as they stand."""
    scores: dict[int, int | None] = {key: side.hostscore for key, side in islice(message.armies.items(), _MOST_SIDES)}
    _add_teams(scores, message.team_armies)
    over = message.trigger_reason == _BATTLE_END
    status = "finished" if over else _STATUS.get(message.battle_settings.status, "started")
    return _battle(room, scores, status, message)


def punish_finish(message: Any, room: RoomMemory) -> Parts:
    """The time in which the loser does what was agreed is over, or was cut short."""
    cut = message.reason == _PUNISH_CUT_SHORT
    said = "punishment cut short" if cut else "punishment over"
    data = BattleData(_sides(room, {message.op_uid: None}) if message.op_uid else (), "punish_finished")
    return "punish", None, said, data


def task(message: Any, room: RoomMemory) -> Parts:
    """A task within a battle begins, moves on or is settled."""
    sort = message.task_message_type
    person = None
    said = ""
    if sort == _TASK_START:
        status = "task_started"
    elif sort == _TASK_UPDATE:
        status = "task_progress"
        update = message.task_update
        person = room.people.named(update.from_user_id)
        said = f"task progress {update.progress}"
    elif sort == _TASK_SETTLE:
        status = named(_TASK_RESULTS, message.task_settle.result, "task")
    else:
        status = named(_REWARDS, message.reward.status, "reward")
    return "task", person, said or status.replace("_", " "), BattleData((), status)


def item_card(message: Any, room: RoomMemory) -> Parts:
    """A card is won or played: the side is the host whose card it is, the person whoever its words name."""
    status = named(_CARDS, message.msg_type, "card")
    said = ""
    host_id = 0
    person = None
    if status in message.DESCRIPTOR.fields_by_name and message.HasField(status):
        card = getattr(message, status)
        if hasattr(card, "display_content"):
            said, person = told(card.display_content, room)
        host_id = getattr(card, "anchor_id", 0) or getattr(card, "to_anchor_id", 0)
    data = BattleData(_sides(room, {host_id: None}) if host_id else (), status)
    return "item_card", person, said or status.replace("_", " "), data


def _battle(room: RoomMemory, scores: Mapping[int, int | None], status: str, message: Any) -> Parts:
    sides = _sides(room, scores)
    score = score_in_words([(side.display_name or side.username or _NAMELESS, side.score) for side in sides])
    if status and status != "started":
        score = f"{score} ({status.replace('_', ' ')})" if score else status.replace("_", " ")
    return "", None, score or common_words(message), BattleData(sides, status)


def _add_teams(scores: dict[int, int | None], teams: Any) -> None:
    """In battles of teams, each member's own score."""
    for team in teams[:_MOST_SIDES]:
        scores.update((member.user_id, member.score) for member in team.team_user[:_MOST_SIDES])


def _sides(room: RoomMemory, scores: Mapping[int, int | None]) -> tuple[BattleUser, ...]:
    """The sides with their names, as far as known; the stream's own host first, the others by id."""
    battlers, host = room.battlers, room.host
    sides = []
    for user_id, score in scores.items():
        handle, nickname = battlers.get(user_id) or ((host.handle, "") if user_id == host.user_id else ("", ""))
        told = None if score is None else count(score)
        sides.append((handle != host.handle, user_id, BattleUser(str(user_id), handle, nickname, told)))
    sides.sort()
    return tuple([side for _, _, side in sides[:_MOST_SIDES]])
