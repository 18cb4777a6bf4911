"""The gifts of the stand-in: a small part of TikTok's panel with its real names, ids and prices."""

from __future__ import annotations

from functools import cache

from msgspec import Struct

from tui_live.simulator.fields import field
from tui_live.wire.schema import message_class

STREAKABLE, SINGLE = 1, 2


class Gift(Struct, frozen=True, gc=False):
    """``coins`` is the price of one; ``kind`` is TikTok's ``type``, 1 for a gift that can be sent in a streak."""

    gift_id: int
    name: str
    coins: int
    kind: int = STREAKABLE

    @property
    def streakable(self) -> bool:
        """Whether it arrives again and again with a growing ``repeat_count``."""
        return self.kind == STREAKABLE


GIFTS = (
    Gift(5655, "Rose", 1),
    Gift(5269, "TikTok", 1),
    Gift(6064, "GG", 1),
    Gift(5487, "Finger Heart", 5),
    Gift(5658, "Perfume", 20),
    Gift(5879, "Doughnut", 30),
    Gift(5897, "Swan", 699, SINGLE),
    Gift(5660, "Hand Hearts", 100, SINGLE),
    Gift(6090, "Fireworks", 1088, SINGLE),
    Gift(5955, "Champion", 1500, SINGLE),
    Gift(6369, "Lion", 29999, SINGLE),
)
#: How often each is sent, in the order of ``GIFTS``.
WEIGHTS = (400, 120, 80, 60, 30, 24, 4, 10, 2, 1, 0.3)


def picture(media_url: str, gift: Gift) -> str:
    """Where the gift's image is served by the stand-in itself."""
    return f"{media_url}/gift/{gift.gift_id}.svg"


@cache
def wire(gift: Gift, media_url: str) -> bytes:
    """The gift as the field ``gift`` (15) of every gift message."""
    image = {"url_list": [picture(media_url, gift)], "uri": f"webcast/{gift.gift_id}"}
    message = message_class("Gift")(
        id=gift.gift_id,
        name=gift.name,
        describe=f"sent {gift.name}",
        type=gift.kind,
        combo=gift.streakable,
        diamond_count=gift.coins,
        image=image,
        icon=image,
        for_linkmic=True,
    )
    return field(15, message.SerializeToString())


def listing(media_url: str) -> list[dict[str, object]]:
    """The catalogue as ``/webcast/gift/list/`` answers it."""
    return [
        {
            "id": gift.gift_id,
            "name": gift.name,
            "describe": f"sent {gift.name}",
            "type": gift.kind,
            "combo": gift.streakable,
            "diamond_count": gift.coins,
            "image": {"url_list": [picture(media_url, gift)]},
            "icon": {"url_list": [picture(media_url, gift)]},
        }
        for gift in GIFTS
    ]
