"""What happened in a stream: one :class:`Event` for each message TikTok sends.

The field names of the data structs are the names of the JSON that the database, the exports and the API show. Ids of
users, rooms, messages and gift groups exceed 2^53 and are strings there.

Everything here is immutable and holds no reference cycle, so the structs opt out of garbage collection: a full
collection over a million tracked objects stops the console for a fifth of a second.
"""

from tui_live.core.events.data import (
    ChatData,
    ControlData,
    Data,
    GiftData,
    LikeData,
    MemberData,
    OtherData,
    RoomUpdateData,
    SocialData,
    TopViewer,
)
from tui_live.core.events.event import TYPES, Batch, Event
from tui_live.core.events.notices import (
    BannerData,
    BarrageData,
    CaptionData,
    IntroData,
    LinkData,
    ModerationData,
    ShoppingData,
    SystemData,
)
from tui_live.core.events.person import Person
from tui_live.core.events.shows import (
    BattleData,
    BattleUser,
    EmoteData,
    EnvelopeData,
    GoalData,
    PollData,
    QuestionData,
    RankingData,
    score_in_words,
)

__all__ = [
    "TYPES",
    "BannerData",
    "BarrageData",
    "Batch",
    "BattleData",
    "BattleUser",
    "CaptionData",
    "ChatData",
    "ControlData",
    "Data",
    "EmoteData",
    "EnvelopeData",
    "Event",
    "GiftData",
    "GoalData",
    "IntroData",
    "LikeData",
    "LinkData",
    "MemberData",
    "ModerationData",
    "OtherData",
    "Person",
    "PollData",
    "QuestionData",
    "RankingData",
    "RoomUpdateData",
    "ShoppingData",
    "SocialData",
    "SystemData",
    "TopViewer",
    "score_in_words",
]
