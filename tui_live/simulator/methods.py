"""The other methods of TikTok's schema: any of them can be sent, and says what it says in life."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from tui_live.simulator import messages
from tui_live.simulator.contents import battles, contests, notices, talk
from tui_live.simulator.contents.show import Show
from tui_live.simulator.messages import Message, Stamp
from tui_live.simulator.people import Person
from tui_live.wire.schema import known_methods

#: Methods with a builder of their own in :mod:`tui_live.simulator.messages`.
_OWN_BUILDERS = frozenset(
    f"Webcast{name}Message" for name in ("Chat", "Gift", "Like", "Member", "Social", "RoomUserSeq", "Control")
)

#: What each method says, and how often it is seen in a lively stream beside the chat.
_CONTENT: dict[str, tuple[Callable[[Show, Person], dict[str, Any]], float]] = {
    "WebcastAccessControlMessage": (notices.captcha, 0),
    "WebcastAccessRecallMessage": (notices.recall, 0.05),
    "WebcastBarrageMessage": (notices.barrage, 8),
    "WebcastBoostCardMessage": (notices.boost_cards, 0.1),
    "WebcastBottomMessage": (notices.bottom, 0.2),
    "WebcastCapsuleMessage": (notices.capsule, 0.5),
    "WebcastCaptionMessage": (talk.caption, 25),
    "WebcastEmoteChatMessage": (talk.emote, 12),
    "WebcastEnvelopeMessage": (contests.envelope, 1),
    "WebcastGameRankNotifyMessage": (contests.game_rank, 0.2),
    "WebcastGiftBroadcastMessage": (notices.gift_broadcast, 0.5),
    "WebcastGiftDynamicRestrictionMessage": (notices.gift_restriction, 0.1),
    "WebcastGiftPanelUpdateMessage": (notices.gift_panel, 0.5),
    "WebcastGiftPromptMessage": (talk.gift_prompt, 0.1),
    "WebcastGoalUpdateMessage": (contests.goal, 10),
    "WebcastGuideMessage": (notices.guide, 0.5),
    "WebcastHourlyRankRewardMessage": (contests.hourly_reward, 0.1),
    "WebcastImDeleteMessage": (notices.delete, 1),
    "WebcastInRoomBannerMessage": (notices.banner, 0.5),
    "WebcastLinkLayerMessage": (notices.layer, 1),
    "WebcastLinkMessage": (notices.link, 1),
    "WebcastLinkMicArmies": (battles.armies, 18),
    "WebcastLinkMicBattle": (battles.mic_battle, 0.8),
    "WebcastLinkMicBattleItemCard": (battles.item_card, 0.3),
    "WebcastLinkMicBattlePunishFinish": (battles.punish_finish, 0.3),
    "WebcastLinkMicFanTicketMethod": (notices.fan_tickets, 0.5),
    "WebcastLinkMicLayoutStateMessage": (notices.layout, 0.5),
    "WebcastLinkMicMethod": (notices.mic_method, 0.5),
    "WebcastLinkStateMessage": (notices.link_state, 0.5),
    "WebcastLinkmicBattleTaskMessage": (battles.task, 0.5),
    "WebcastLiveGameIntroMessage": (talk.game_intro, 0.1),
    "WebcastLiveIntroMessage": (talk.intro, 0.5),
    "WebcastMarqueeAnnouncementMessage": (notices.marquee, 0.1),
    "WebcastMsgDetectMessage": (notices.detect, 0.5),
    "WebcastNoticeMessage": (talk.notice, 0.2),
    "WebcastOecLiveShoppingMessage": (notices.shopping, 2),
    "WebcastPartnershipDropsUpdateMessage": (notices.drops, 0.1),
    "WebcastPartnershipGameOfflineMessage": (notices.games_offline, 0.05),
    "WebcastPartnershipPunishMessage": (notices.punish, 0.05),
    "WebcastPerceptionMessage": (notices.perception, 0.1),
    "WebcastPollMessage": (contests.poll, 6),
    "WebcastQuestionNewMessage": (talk.question, 3),
    "WebcastRankTextMessage": (contests.rank_text, 1),
    "WebcastRankUpdateMessage": (contests.rank_update, 4),
    "WebcastRoomMessage": (talk.room, 0.5),
    "WebcastRoomNotifyMessage": (notices.notify, 0.5),
    "WebcastRoomPinMessage": (notices.pin, 0.5),
    "WebcastRoomVerifyMessage": (notices.verify, 0),
    "WebcastSpeakerMessage": (notices.speaker, 0.1),
    "WebcastSubNotifyMessage": (talk.subscription, 0.5),
    "WebcastSubPinEventMessage": (notices.sub_pin, 0.3),
    "WebcastSystemMessage": (talk.system, 0.3),
    "WebcastToastMessage": (notices.toast, 0.3),
    "WebcastUnauthorizedMemberMessage": (talk.unauthorized_member, 1),
    "WebcastViewerPicksUpdateMessage": (notices.viewer_picks, 0.2),
}
#: The methods of ``_CONTENT`` and their weights in life.
IN_LIFE: dict[str, float] = {method: weight for method, (_, weight) in _CONTENT.items() if weight}


@cache
def other_methods() -> tuple[str, ...]:
    """Every method of the schema that has no builder of its own in :mod:`tui_live.simulator.messages`, sorted."""
    return tuple(sorted(known_methods() - _OWN_BUILDERS))


def other(method: str, stamp: Stamp, person: Person, show: Show) -> Message:
    """A message of any method of the schema, by ``person`` where it has a user; it moves the show on.

    Raises ``LookupError`` for a method that the schema does not know.
    """
    content = _CONTENT.get(method)
    fields = content[0](show, person) if content else {}
    return messages.build(method, stamp, person=person, **fields)
