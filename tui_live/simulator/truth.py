"""What a perfect receiver knows after everything that was sent to it.

Tests compare TUI Live's database with this, so it follows TikTok's rules on its own, without our decoder.

*Delivered* is a message that was written to a socket, or was in a first response that was fetched. Only the first
delivery of a message id counts; every further one is ``repeated``. What was delivered but not confirmed by the client
(an acknowledgement, or entering the room after a first response) is *in doubt*: it stays in ``unconfirmed`` and comes
again with the next first response, so that a receiver that reconnects ends up with everything. A comparison is exact
when ``unconfirmed`` is 0. What nobody could receive, because nobody was connected and the history is short, is
``missed``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tui_live.simulator import messages as kinds

if TYPE_CHECKING:
    from tui_live.simulator.messages import Message

#: The methods of each event type of SPEC §4, without ``Webcast``; every method that no schema knows is ``other``.
_METHODS = {
    "chat": "ChatMessage",
    "gift": "GiftMessage",
    "like": "LikeMessage",
    "member": "MemberMessage",
    "social": "SocialMessage SubNotifyMessage",
    "room_update": "RoomUserSeqMessage",
    "control": "ControlMessage",
    "emote": "EmoteChatMessage",
    "envelope": "EnvelopeMessage",
    "question": "QuestionNewMessage",
    "battle": ("LinkMicBattle LinkMicArmies LinkMicBattlePunishFinish LinkmicBattleTaskMessage LinkMicBattleItemCard"),
    "ranking": "RankUpdateMessage RankTextMessage HourlyRankRewardMessage GameRankNotifyMessage",
    "poll": "PollMessage",
    "shopping": "OecLiveShoppingMessage",
    "moderation": (
        "ImDeleteMessage AccessRecallMessage PartnershipPunishMessage PerceptionMessage BottomMessage RoomVerifyMessage"
    ),
    "caption": "CaptionMessage",
    "goal": "GoalUpdateMessage",
    "intro": "LiveIntroMessage LiveGameIntroMessage",
    "link": (
        "LinkMessage LinkLayerMessage LinkMicMethod LinkMicFanTicketMethod LinkMicLayoutStateMessage LinkStateMessage "
    ),
    "banner": (
        "InRoomBannerMessage BoostCardMessage CapsuleMessage GuideMessage ToastMessage  "
        "MarqueeAnnouncementMessage RoomNotifyMessage GiftBroadcastMessage SpeakerMessage RoomPinMessage  "
        "SubPinEventMessage "
    ),
    "barrage": "BarrageMessage",
    "system": (
        "SystemMessage RoomMessage NoticeMessage AccessControlMessage UnauthorizedMemberMessage  "
        "MsgDetectMessage GiftPanelUpdateMessage GiftPromptMessage GiftDynamicRestrictionMessage  "
        "PartnershipDropsUpdateMessage PartnershipGameOfflineMessage ViewerPicksUpdateMessage "
    ),
}
#: The event type of each method.
TYPES = {f"Webcast{method}": kind for kind, methods in _METHODS.items() for method in methods.split()}
#: Scores under the rules of SPEC §2 as they are by default: what a coin is worth by a gift's price (up to so many coins
#: each, and above), and a like of a follower or of another, in thirtieths of a point.
_DEAREST = (4, 9, 19, 49, 99, 299, 999)
_FACTORS = (5, 6, 7, 8, 10, 15, 20, 30)
_FOLLOWERS_LIKE, _OTHERS_LIKE = 3, 2
#: Ids older than this many messages are forgotten: nothing repeats them, and a demo may run for days.
REMEMBERED = 200_000


class Truth(Struct):
    """The totals of one stream over all its room ids; user ids are strings, as in all JSON.

    Per message: ``messages`` (unique ones) and the same by event type (``types``) and by Webcast method (``methods``).
    ``undecodable`` (known method, broken payload) and ``unknown`` (method that no schema knows) are among
    ``types["other"]``.

    Gifts: growth of a streak is counted once per (user, gift, group); a gift that cannot streak counts its
    ``repeat_count``. ``coins``, ``coins_by_user`` and ``gift_units`` are the host's; what went to a guest is in
    ``guest_coins``, ``guest_coins_by_user`` and ``guest_gift_units``.

    Likes: ``likes`` sums the counts of the (sampled) messages; ``room_likes`` is the highest ``total`` sent in
    the present room, ``room_likes_by_room`` that of each.

    Scores: ``thirtieths_by_user`` are points under the default rules in thirtieths, which are whole numbers: the host's
    gifts by price, likes by whether TikTok says with them that the person follows, or told so before. Whoever did
    nothing that is worth points is missing there. ``follows_by_user`` and ``shares_by_user`` count messages.

    Shares: ``fresh_sharers`` shared when neither TikTok said that they follow nor a follow of theirs had come;
    ``converted`` are those of them who followed later, in that order.

    People: ``comments`` counts chat messages per user; ``handles`` lists each user's handles in order of appearance.

    Traffic: ``connects`` (websockets opened), ``enters``, ``acks``, ``heartbeats`` received; ``frames`` with messages
    sent, ``bad_frames`` (garbage, broken gzip) sent; ``repeated`` deliveries; ``history_new``: first deliveries that
    came as history.
    """

    user: str
    host_id: str = ""
    room_ids: list[str] = field(default_factory=list)
    state: str = "offline"
    finished: bool = False
    messages: int = 0
    types: dict[str, int] = field(default_factory=dict)
    methods: dict[str, int] = field(default_factory=dict)
    undecodable: int = 0
    unknown: int = 0
    comments: dict[str, int] = field(default_factory=dict)
    coins: int = 0
    coins_by_user: dict[str, int] = field(default_factory=dict)
    gift_units: int = 0
    guest_coins: int = 0
    guest_coins_by_user: dict[str, int] = field(default_factory=dict)
    guest_gift_units: int = 0
    likes: int = 0
    likes_by_user: dict[str, int] = field(default_factory=dict)
    thirtieths_by_user: dict[str, int] = field(default_factory=dict)
    follows_by_user: dict[str, int] = field(default_factory=dict)
    shares_by_user: dict[str, int] = field(default_factory=dict)
    fresh_sharers: list[str] = field(default_factory=list)
    converted: list[str] = field(default_factory=list)
    room_likes: int = 0
    room_likes_by_room: dict[str, int] = field(default_factory=dict)
    viewers: int = 0
    joins: int = 0
    follows: int = 0
    shares: int = 0
    handles: dict[str, list[str]] = field(default_factory=dict)
    repeated: int = 0
    history_new: int = 0
    missed: int = 0
    unconfirmed: int = 0
    connects: int = 0
    enters: int = 0
    acks: int = 0
    heartbeats: int = 0
    frames: int = 0
    bad_frames: int = 0


class Ledger:
    """Keeps a :class:`Truth` while messages are delivered."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self._delivered: set[int] = set()
        self._order: deque[int] = deque()
        self._streaks: dict[tuple[int, int, int], int] = {}

    def deliver(self, message: Message, *, history: bool = False) -> bool:
        """Count a delivery; returns whether it was the message's first."""
        truth = self.truth
        if message.msg_id in self._delivered:
            truth.repeated += 1
            return False
        self._remember(message.msg_id)
        truth.history_new += history
        truth.messages += 1
        kind = TYPES.get(message.method, "other") if message.effect is not kinds.UNDECODABLE else "other"
        truth.types[kind] = truth.types.get(kind, 0) + 1
        truth.methods[message.method] = truth.methods.get(message.method, 0) + 1
        self._apply(message.effect)
        return True

    def delivered(self, msg_id: int) -> bool:
        """Whether this message was delivered before (among the last ``REMEMBERED``)."""
        return msg_id in self._delivered

    def message_ids(self) -> list[str]:
        """Ids of the delivered messages, oldest first, at most ``REMEMBERED``."""
        return [str(msg_id) for msg_id in self._order]

    def _remember(self, msg_id: int) -> None:
        self._delivered.add(msg_id)
        self._order.append(msg_id)
        if len(self._order) > REMEMBERED:
            self._delivered.discard(self._order.popleft())

    def _apply(self, effect: kinds.Effect) -> None:
        truth = self.truth
        if effect.person is not None:
            user = str(effect.person.user_id)
            known = truth.handles.get(user)
            if known is None:
                truth.handles[user] = [effect.person.handle]
            elif effect.person.handle not in known:
                known.append(effect.person.handle)
        match effect:
            case kinds.Comment():
                truth.comments[user] = truth.comments.get(user, 0) + 1
            case kinds.GiftSent():
                self._gift(effect, user)
            case kinds.Liked():
                truth.likes += effect.count
                truth.likes_by_user[user] = truth.likes_by_user.get(user, 0) + effect.count
                follows = user in truth.follows_by_user or (
                    effect.person is not None and effect.person.follow_status > 0
                )
                self._score(user, effect.count * (_FOLLOWERS_LIKE if follows else _OTHERS_LIKE))
                room = truth.room_ids[-1]
                truth.room_likes_by_room[room] = max(truth.room_likes_by_room.get(room, 0), effect.total)
                truth.room_likes = truth.room_likes_by_room[room]
            case kinds.Joined():
                truth.joins += 1
            case kinds.Followed():
                truth.follows += 1
                if user not in truth.follows_by_user and user in truth.fresh_sharers:
                    truth.converted.append(user)
                truth.follows_by_user[user] = truth.follows_by_user.get(user, 0) + 1
            case kinds.Shared():
                truth.shares += 1
                if (
                    user not in truth.shares_by_user
                    and user not in truth.follows_by_user
                    and effect.person is not None
                    and not effect.person.follow_status
                ):
                    truth.fresh_sharers.append(user)
                truth.shares_by_user[user] = truth.shares_by_user.get(user, 0) + 1
            case kinds.Viewers():
                truth.viewers = effect.total
            case kinds.UNDECODABLE:
                truth.undecodable += 1
            case kinds.UNKNOWN:
                truth.unknown += 1

    def _gift(self, gift: kinds.GiftSent, user: str) -> None:
        truth = self.truth
        grown = gift.repeat_count
        if gift.streakable:
            key = (int(user), gift.gift_id, gift.group_id)
            before = self._streaks.pop(key, 0)
            self._streaks[key] = max(before, gift.repeat_count)
            grown = max(0, gift.repeat_count - before)
            if len(self._streaks) > REMEMBERED:
                del self._streaks[next(iter(self._streaks))]
        coins = grown * gift.coins
        if gift.to_guest:
            truth.guest_coins += coins
            truth.guest_gift_units += grown
            truth.guest_coins_by_user[user] = truth.guest_coins_by_user.get(user, 0) + coins
        else:
            truth.coins += coins
            truth.gift_units += grown
            truth.coins_by_user[user] = truth.coins_by_user.get(user, 0) + coins
            self._score(user, 30 * coins * _FACTORS[bisect_left(_DEAREST, gift.coins)])

    def _score(self, user: str, thirtieths: int) -> None:
        if thirtieths:
            points = self.truth.thirtieths_by_user
            points[user] = points.get(user, 0) + thirtieths
