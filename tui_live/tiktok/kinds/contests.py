"""Rankings and polls."""

from __future__ import annotations

from typing import Any

from tui_live.core.events import PollData, RankingData
from tui_live.tiktok.kinds.room import Parts, RoomMemory
from tui_live.tiktok.kinds.words import MOST_OF_A_NAME, common_words, count, display, named, shown, shown_of, words

#: ``ProfitRankType`` of the schema.
_RANKS = {
    0: "hourly",
    1: "weekly",
    2: "hourly_star",
    3: "weekly_rising_activity",
    4: "weekly_rising",
    5: "weekly_rookie",
    6: "e_commerce_weekly",
    7: "e_commerce_daily",
    8: "daily",
    9: "first_gift",
    10: "game",
    11: "daily_game",
    12: "hall_of_fame",
    13: "league",
    14: "daily_rookie",
    15: "team",
    16: "class",
    20: "daily_game_pubg",
    21: "daily_game_mlbb",
    22: "daily_game_free_fire",
    23: "weekly_game_subcategory_1",
    24: "weekly_game_subcategory_2",
    25: "weekly_game_subcategory_3",
    26: "weekly_e_commerce_collectibles",
    27: "weekly_e_commerce_beauty",
    28: "weekly_e_commerce_women_wear",
    101: "campaign_league",
}
#: ``EntranceGroupType``, ``RankTestMessageScene`` and ``GameRankNotifyMessageMsgType`` of the schema.
_GROUPS = {0: "", 1: "gift", 2: "e_commerce", 3: "game"}
_SCENES = {0: "", 1: "top_viewers", 2: "mid_peak_top", 3: "mid_peak_enter", 4: "tile_reward"}
_GAME_NOTICES = {0: "in_out", 1: "change", 2: "encourage", 255: ""}
_MOST_OPTIONS = 50
_MOST_OF_A_TITLE = 1_000


def rank_update(message: Any, room: RoomMemory) -> Parts:
    """The host's place in TikTok's rankings: the data are the first one's, the words tell all."""
    updates = message.updates[:10]
    category = named(_GROUPS, message.group_type, "group")
    said = ", ".join(_rank_words(update) for update in updates)
    if not updates:
        return "", None, said or common_words(message), RankingData(category=category)
    best = updates[0]
    data = RankingData(named(_RANKS, best.rank_type, "rank"), best.own_rank or None, category)
    return "", None, said, data


def _rank_words(update: Any) -> str:
    rank = named(_RANKS, update.rank_type, "rank").replace("_", " ")
    place = f"{rank} #{update.own_rank}" if update.own_rank else rank
    said = display(update.default_content)
    return f"{place}: {said}" if said else place


def rank_text(message: Any, room: RoomMemory) -> Parts:
    """A viewer rose among the room's best."""
    said, whom = shown_of(message, room, "content", "other_get_badge_msg")
    data = RankingData(
        named(_RANKS, message.rank_type, "rank"),
        message.owner_idx_after_update or None,
        named(_SCENES, message.scene, "scene"),
    )
    return "", room.people.named(message.cur_user_id) or whom, said or common_words(message), data


def hourly_reward(message: Any, room: RoomMemory) -> Parts:
    """Who won the hour."""
    winners = message.winners[:10]
    person = room.person(winners[0].notify.user) or room.people.named(winners[0].user_id) if winners else None
    said = ", ".join(filter(None, (words(winner.notify.content) for winner in winners)))
    return "", person, said or common_words(message), RankingData("hourly", None, "reward")


def game_rank(message: Any, room: RoomMemory) -> Parts:
    """A notice about the ranking of a game."""
    said = shown(message, "notify_text") or common_words(message)
    return "", None, said, RankingData("game", None, named(_GAME_NOTICES, message.msg_type, "notice"))


def poll(message: Any, room: RoomMemory) -> Parts:
    """A poll begins, gets votes or ends. Later messages may leave out the words of the first: they are remembered."""
    asked, known = room.poll(message.poll_id)
    if message.HasField("end_content"):
        subtype, content = "ended", message.end_content
    elif message.HasField("update_votes_content"):
        subtype, content = "votes", message.update_votes_content
    else:
        subtype, content = "started", message.start_content
    title = words(content.title, _MOST_OF_A_TITLE) if subtype == "started" else ""
    asked = title or words(message.poll_basic_info.title, _MOST_OF_A_TITLE) or asked
    listed = content.option_list[:_MOST_OPTIONS]
    options = {option.option_idx: words(option.display_content, MOST_OF_A_NAME) for option in listed}
    if len(options) < len(listed):  # TikTok leaves the index out: then the order counts
        options = {index: words(option.display_content, MOST_OF_A_NAME) for index, option in enumerate(listed)}
    options = {index: said or known.get(index, "") for index, said in options.items()} or known
    votes = tuple(count(option.votes) for option in listed) or (0,) * len(options)
    room.remember_poll(message.poll_id, asked, options)
    data = PollData(asked, tuple(options.values()), votes)
    bars = ", ".join(
        f"{option} {number}" if subtype != "started" else option
        for option, number in zip(data.options, votes, strict=True)
    )
    said = f"{asked} {bars}" if asked and bars else asked or bars or common_words(message)
    return subtype, room.person(content.operator), said, data
