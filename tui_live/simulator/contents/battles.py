"""Battles between the host and a guest, and what belongs to them."""

from __future__ import annotations

from typing import Any

from tui_live.simulator.contents.show import Show, said
from tui_live.simulator.people import Person

_OPEN, _FINISH = 4, 5


def mic_battle(show: Show, person: Person) -> dict[str, Any]:
    """A battle opens, or ends with its result."""
    fighting = show.open_or_close_battle()
    hosts = [
        {"key": host.user_id, "value": {"user": {
            "user_id": host.user_id, "nick_name": host.nickname, "display_id": host.handle,
            "avatar_thumb": {"url_list": [host.avatar_url]}}}}
        for host in (show.people.host, show.people.guest)
    ]  # fmt: skip
    fields: dict[str, Any] = {
        "battle_id": show.battle_id,
        "battle_settings": _settings(show, 1 if fighting else 2),
        "action": _OPEN if fighting else _FINISH,
        "anchors_info": hosts,
        "armies": [{"key": key, "value": {"hostscore": score}} for key, score in show.scores.items()],
    }
    if not fighting:
        best = max(show.scores.values())
        fields["battle_result"] = {
            key: {"user_id": key, "score": score, "result": int(score < best)} for key, score in show.scores.items()
        }
    return fields


def armies(show: Show, person: Person) -> dict[str, Any]:
    """The scores as they stand, with the best supporters of each side; names are not repeated."""
    show.fight()
    supporter = {"user_id": person.user_id, "score": show.rng.randrange(1, 500), "nickname": person.nickname}
    return {
        "battle_id": show.battle_id,
        "armies": {
            key: {"hostscore": score, "user_armies": [supporter], "anchor_id_str": str(key)}
            for key, score in show.scores.items()
        },
        "trigger_reason": 1,
        "battle_settings": _settings(show, 1),
    }


def punish_finish(show: Show, person: Person) -> dict[str, Any]:
    """The loser has done what was agreed."""
    return {"battle_id": show.battle_id, "op_uid": show.people.host.user_id, "reason": show.rng.randrange(2)}


def task(show: Show, person: Person) -> dict[str, Any]:
    """A task within the battle: begun, moved on by somebody, settled, rewarded."""
    sort = show.rng.randrange(4)
    contents: tuple[dict[str, Any], ...] = (
        {"start": {"config": {"preview_start_time": 5}}},
        {"task_update": {"progress": show.rng.randrange(1, 30), "from_user_id": person.user_id}},
        {"task_settle": {"result": show.rng.randrange(3)}},
        {"reward": {"status": show.rng.randrange(2)}},
    )
    return {"battle_id": show.battle_id, "task_message_type": sort} | contents[sort]


def item_card(show: Show, person: Person) -> dict[str, Any]:
    """A card is played."""
    words = said("{0:user} used a smoke card", person)
    card = {"anchor_id": show.people.host.user_id, "display_content": words}
    return {"battle_id": show.battle_id, "msg_type": 3, "use_smoke_card": card}


def _settings(show: Show, status: int) -> dict[str, Any]:
    return {"battle_id": show.battle_id, "duration": 300, "status": status, "battle_type": 1}
