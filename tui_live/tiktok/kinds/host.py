"""What the host says and shows: captions, introductions, products; and the beginning and end of it all."""

from __future__ import annotations

from itertools import islice
from typing import Any

from tui_live.core.events import CaptionData, ControlData, IntroData, ShoppingData
from tui_live.tiktok.kinds.room import Parts, RoomMemory
from tui_live.tiktok.kinds.words import common_words, named, shown, words

#: ``ControlAction`` of the schema.
_CONTROL = {0: "", 1: "paused", 2: "resumed", 3: "ended", 4: "suspended"}
_MOST_PRODUCTS = 100


def caption(message: Any, room: RoomMemory) -> Parts:
    """What the host says; ``partial`` while the sentence may still change. The schema sends no confidence."""
    said = message.content[0] if message.content else None
    text = words(said.content) if said else ""
    return "" if message.definite else "partial", None, text, CaptionData(text, words(said.lang) if said else "")


def live_intro(message: Any, room: RoomMemory) -> Parts:
    """How the host introduces the stream."""
    text = words(message.content) or common_words(message)
    return "", room.person(message.user), text, IntroData(text, "live")


def game_intro(message: Any, room: RoomMemory) -> Parts:
    """What game is played."""
    text = shown(message, "content") or common_words(message)
    return "", None, text, IntroData(text, "game")


def shopping(message: Any, room: RoomMemory) -> Parts:
    """A product is shown, or something about the shop changed."""
    product_id, name, price = "", "", ""
    if message.HasField("pop_product"):
        product = message.pop_product
        product_id, name, price = str(product.product_id or ""), words(product.title), words(product.price)
    elif message.HasField("product_snap_shot"):
        product = message.product_snap_shot
        product_id, name = words(product.product_id), words(product.title)
    elif message.HasField("oec_live_shopping_message_v2"):
        products = message.oec_live_shopping_message_v2.commerce_info.product_info
        key = min(islice(products, _MOST_PRODUCTS), default=None)
        if key is not None:
            product_id, name = str(products[key].product_id or ""), words(products[key].title.text)
    data = ShoppingData(product_id, name, price, message.action_type)
    said = " · ".join(part for part in (name, price) if part)
    said = said or product_id or common_words(message) or (f"action {data.action}" if data.action else "")
    return "", None, said, data


def control(message: Any, room: RoomMemory) -> Parts:
    """The stream paused, went on, ended or was suspended."""
    action = message.action
    tips = words(message.tips)
    return named(_CONTROL, action, "action"), None, tips, ControlData(action, tips)
