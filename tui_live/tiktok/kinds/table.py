"""TikTok's methods and what each becomes: event type, subtype where the message does not tell another, builder.

Every method of TikTokLive's schema has a row (a test holds us to it, so an upgrade shows what is new); a method that it
does not know becomes ``other`` under its own name. A builder may find that a message belongs to another type: what an
operator did to a member is ``moderation``, a reminder of a subscription is ``system``.
"""

from __future__ import annotations

from typing import NamedTuple

from tui_live.tiktok.kinds import banners, battles, contests, gifts, host, links, moderation, system, viewers
from tui_live.tiktok.kinds.system import Build, plain


class Row(NamedTuple):
    """One method: the type and subtype of its events, and what reads it."""

    type: str
    subtype: str
    build: Build


_ROWS: tuple[tuple[str, str, str, Build], ...] = (
    # What viewers do
    ("WebcastChatMessage", "chat", "", viewers.chat),
    ("WebcastEmoteChatMessage", "emote", "", viewers.emote),
    ("WebcastQuestionNewMessage", "question", "", viewers.question),
    ("WebcastLikeMessage", "like", "", viewers.like),
    ("WebcastMemberMessage", "member", "joined", viewers.member),
    ("WebcastSocialMessage", "social", "", viewers.social),
    ("WebcastSubNotifyMessage", "social", "subscribe", viewers.subscription),
    ("WebcastRoomUserSeqMessage", "room_update", "", viewers.room_update),
    # What viewers give
    ("WebcastGiftMessage", "gift", "", gifts.gift),
    ("WebcastEnvelopeMessage", "envelope", "", gifts.envelope),
    ("WebcastGoalUpdateMessage", "goal", "", gifts.goal),
    # What the host says and does
    ("WebcastCaptionMessage", "caption", "", host.caption),
    ("WebcastLiveIntroMessage", "intro", "", host.live_intro),
    ("WebcastLiveGameIntroMessage", "intro", "game", host.game_intro),
    ("WebcastOecLiveShoppingMessage", "shopping", "", host.shopping),
    ("WebcastControlMessage", "control", "", host.control),
    # Battles, rankings, polls
    ("WebcastLinkMicBattle", "battle", "mic_battle", battles.mic_battle),
    ("WebcastLinkMicArmies", "battle", "armies", battles.armies),
    ("WebcastLinkMicBattlePunishFinish", "battle", "punish", battles.punish_finish),
    ("WebcastLinkmicBattleTaskMessage", "battle", "task", battles.task),
    ("WebcastLinkMicBattleItemCard", "battle", "item_card", battles.item_card),
    ("WebcastRankUpdateMessage", "ranking", "rank_update", contests.rank_update),
    ("WebcastRankTextMessage", "ranking", "rank_text", contests.rank_text),
    ("WebcastHourlyRankRewardMessage", "ranking", "hourly", contests.hourly_reward),
    ("WebcastGameRankNotifyMessage", "ranking", "game", contests.game_rank),
    ("WebcastPollMessage", "poll", "started", contests.poll),
    # Rules and their keepers
    ("WebcastImDeleteMessage", "moderation", "message_deleted", moderation.deleted),
    ("WebcastAccessRecallMessage", "moderation", "access_recall", moderation.recalled),
    ("WebcastPartnershipPunishMessage", "moderation", "partnership_punish", moderation.punished),
    ("WebcastPerceptionMessage", "moderation", "warning", moderation.warned),
    ("WebcastBottomMessage", "moderation", "bottom", moderation.bottom),
    ("WebcastRoomVerifyMessage", "moderation", "room_verify", moderation.verify),
    # Guests and other hosts
    ("WebcastLinkMessage", "link", "", links.link),
    ("WebcastLinkLayerMessage", "link", "layer", links.layer),
    ("WebcastLinkMicMethod", "link", "mic_method", links.method),
    ("WebcastLinkMicFanTicketMethod", "link", "fan_tickets", links.fan_tickets),
    ("WebcastLinkMicLayoutStateMessage", "link", "layout", links.layout),
    ("WebcastLinkStateMessage", "link", "state", links.state),
    # Over the picture
    ("WebcastBarrageMessage", "barrage", "", banners.barrage),
    ("WebcastInRoomBannerMessage", "banner", "in_room", banners.in_room),
    ("WebcastBoostCardMessage", "banner", "boost_card", banners.boost_cards),
    ("WebcastCapsuleMessage", "banner", "capsule", banners.capsule),
    ("WebcastGuideMessage", "banner", "guide", banners.guide),
    ("WebcastToastMessage", "banner", "toast", banners.toast),
    ("WebcastMarqueeAnnouncementMessage", "banner", "marquee", banners.marquee),
    ("WebcastRoomNotifyMessage", "banner", "room_notify", banners.notify),
    ("WebcastGiftBroadcastMessage", "banner", "gift_broadcast", banners.gift_broadcast),
    ("WebcastSpeakerMessage", "banner", "speaker", banners.speaker),
    ("WebcastRoomPinMessage", "banner", "pin", banners.pin),
    ("WebcastSubPinEventMessage", "banner", "sub_pin", banners.subscription_pin),
    # TikTok's own
    ("WebcastPartnershipGameOfflineMessage", "system", "game_offline", system.games_offline),
)
#: Messages that are their words, and the fields that may hold them (see ``plain``).
_PLAIN: tuple[tuple[str, ...], ...] = (
    ("WebcastSystemMessage", "", "message"),
    ("WebcastRoomMessage", "room", "content"),
    ("WebcastNoticeMessage", "notice", "content", "notice_content", "display_text", "title", "violation_reason"),
    ("WebcastAccessControlMessage", "captcha"),
    ("WebcastUnauthorizedMemberMessage", "unauthorized_member", "enter_text", "nick_name"),
    ("WebcastMsgDetectMessage", "detect"),
    ("WebcastGiftPanelUpdateMessage", "gift_panel"),
    ("WebcastGiftPromptMessage", "gift_prompt", "title", "body"),
    ("WebcastGiftDynamicRestrictionMessage", "gift_restriction"),
    ("WebcastPartnershipDropsUpdateMessage", "drops"),
    ("WebcastViewerPicksUpdateMessage", "viewer_picks"),
)

#: The rows by method.
TABLE: dict[str, Row] = {method: Row(kind, subtype, build) for method, kind, subtype, build in _ROWS} | {
    method: Row("system", subtype, plain(method, subtype, *fields)) for method, subtype, *fields in _PLAIN
}
