"""What the types of events carry by which TikTok, the host or a shop tells the viewers something."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from tui_live.core.events.data import Data


class ShoppingData(Data, frozen=True, gc=False):
    """A product on show; ``price`` is as displayed, ``action`` is the schema's number, which it does not explain."""

    event_type = "shopping"
    product_id: str = ""
    product_name: str = ""
    price: str = ""
    action: int = 0


class ModerationData(Data, frozen=True, gc=False):
    """Something was deleted, or somebody removed, warned or punished.

    The two lists are there only when a message names more than one; the first then stands in the single field, too.
    """

    event_type = "moderation"
    deleted_message_id: str = ""
    user_id: str = ""
    reason: str = ""
    moderator_id: str = ""
    deleted_message_ids: tuple[str, ...] | UnsetType = UNSET
    user_ids: tuple[str, ...] | UnsetType = UNSET


class CaptionData(Data, frozen=True, gc=False):
    """What the host said, by TikTok's speech recognition."""

    event_type = "caption"
    caption_text: str
    language: str = ""
    confidence: float | UnsetType = UNSET


class IntroData(Data, frozen=True, gc=False):
    """How the host introduces the stream; ``intro_type`` is ``live`` or ``game``."""

    event_type = "intro"
    intro_message: str
    intro_type: str = ""


class LinkData(Data, frozen=True, gc=False):
    """Guests and other hosts who link up with the stream; ``link_type`` is what happened, ``context`` the scene."""

    event_type = "link"
    url: str = ""
    link_type: str = ""
    context: str = ""


class BannerData(Data, frozen=True, gc=False):
    """A card, a banner or a pinned message over the stream; ``display_duration`` is as sent: the
    schema does not tell its unit, 0 is none."""

    event_type = "banner"
    message: str = ""
    banner_type: str = ""
    display_duration: int = 0


class BarrageData(Data, frozen=True, gc=False):
    """A line that flies over the stream; ``level`` is a gifter's or member's new one, where it is about that."""

    event_type = "barrage"
    message: str = ""
    barrage_type: str = ""
    display_duration: int = 0
    level: int | UnsetType = UNSET


class SystemData(Data, frozen=True, gc=False):
    """A notice of TikTok's or a message between its machines; ``method`` is the Webcast method."""

    event_type = "system"
    message: str = ""
    method: str = ""
