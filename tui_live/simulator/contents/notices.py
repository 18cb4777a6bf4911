"""Products, moderation, guests, banners and barrages."""

from __future__ import annotations

from typing import Any

from tui_live.simulator.contents.show import PRODUCTS, Show, said
from tui_live.simulator.people import Person

_SUPER_FAN, _SUPER_FAN_JOIN = "ttlive_superfan_become", "ttlive_superfan_commentnotif_superfanjoined"


def shopping(show: Show, person: Person) -> dict[str, Any]:
    """A product comes up."""
    show.product = show.rng.choice(PRODUCTS)
    number, title, price = show.product
    product = {"product_id": number, "title": title, "price": price, "image_url": "https://p16.tiktokcdn.com/p.jpg"}
    return {"action_type": 1, "live_product_number": len(PRODUCTS), "pop_product": product}


def delete(show: Show, person: Person) -> dict[str, Any]:
    """Comments of the last are deleted, or somebody is removed with all that they wrote."""
    if not show.comments or show.rng.random() < 0.3:
        return {"delete_user_ids": [person.user_id]}
    deleted = show.rng.sample(show.comments, min(show.rng.choice((1, 1, 3)), len(show.comments)))
    for comment in deleted:
        show.comments.remove(comment)
    return {"delete_msg_ids": [msg_id for msg_id, _ in deleted]}


def recall(show: Show, person: Person) -> dict[str, Any]:
    """A right is taken back."""
    return {"status": 1, "content": said("Your access to LIVE goals was removed"), "punish_info": _punishment(show)}


def punish(show: Show, person: Person) -> dict[str, Any]:
    """A partnership is punished."""
    return {"punish_info": _punishment(show)}


def perception(show: Show, person: Person) -> dict[str, Any]:
    """A warning to the host."""
    return {"dialog": {"title": said("Community Guidelines notice"), "target_user_id": show.people.host.user_id}}


def bottom(show: Show, person: Person) -> dict[str, Any]:
    """A line at the bottom."""
    return {"content": "Be kind: think before you comment.", "biz_type": 1, "duration": 5}


def verify(show: Show, person: Person) -> dict[str, Any]:
    """TikTok checks the room."""
    return {"action": 1, "content": "This LIVE is being reviewed."}


def _punishment(show: Show) -> dict[str, Any]:
    return {"punish_reason": "minor_safety", "show_reason": "Minor safety", "violation_uid": show.people.host.user_id}


def link(show: Show, person: Person) -> dict[str, Any]:
    """Somebody is invited, or leaves."""
    if show.rng.random() < 0.5:
        invite = {"from_user_id": person.user_id, "from_user": person.message()}
        return {"message_type": 1, "scene": 4, "invite_content": invite}
    return {"message_type": 6, "scene": 4, "leave_content": {"user_id": person.user_id}}


def layer(show: Show, person: Person) -> dict[str, Any]:
    """The same in the newer message."""
    guest = {"user_id": show.people.guest.user_id}
    return {"message_type": 2, "scene": 2, "invite_content": {"invitor": guest}, "channel_id": show.battle_id}


def mic_method(show: Show, person: Person) -> dict[str, Any]:
    """The same in the oldest."""
    return {"message_type": 4, "user_id": show.people.guest.user_id, "channel_id": show.battle_id}


def fan_tickets(show: Show, person: Person) -> dict[str, Any]:
    """What the guests have been given."""
    guest = {"user_id": show.people.guest.user_id, "fan_ticket": 120}
    return {"fan_ticket_room_notice": {"user_fan_ticket": [guest], "total_linkmic_fan_ticket": 120}}


def link_state(show: Show, person: Person) -> dict[str, Any]:
    """Who is linked up."""
    return {"scene": 4, "user_states": [{"user": {"user_id": show.people.guest.user_id}, "linkmic_id": "1"}]}


def banner(show: Show, person: Person) -> dict[str, Any]:
    """A banner; the schema has nothing of its own in it."""
    return {"common": {"display_text": said("LIVE Fest: vote for your favourite")}}


def speaker(show: Show, person: Person) -> dict[str, Any]:
    """A loudspeaker; the schema has nothing of its own in it either."""
    return {"common": {"display_text": said("{0:user} invites you", person)}}


def boost_cards(show: Show, person: Person) -> dict[str, Any]:
    """A card that boosts the stream."""
    return {"cards": [{"m_card_id": show.rng.randrange(10**12), "task_source": 1}]}


def capsule(show: Show, person: Person) -> dict[str, Any]:
    """A button with a line of text."""
    return {"desc": said("Invite guests"), "button_text": said("Invite"), "scene": "cohost"}


def guide(show: Show, person: Person) -> dict[str, Any]:
    """A hint to send a gift."""
    return {"description": "Send a Rose to say hello", "gift_id": 5655, "duration": 8}


def toast(show: Show, person: Person) -> dict[str, Any]:
    """A line that comes and goes."""
    return {"display_duration_millisecond": 3000, "scene": "match", "common": {"display_text": said("Match soon")}}


def marquee(show: Show, person: Person) -> dict[str, Any]:
    """An announcement that runs through the picture."""
    return {"message_scene": "rank", "message_entity": [{"notify": {"content": "Weekly ranking ends in an hour"}}]}


def notify(show: Show, person: Person) -> dict[str, Any]:
    """Something great happened."""
    return {"content": f"{person.nickname} sent a Lion", "extra": {"duration": 4000}}


def gift_broadcast(show: Show, person: Person) -> dict[str, Any]:
    """A great gift, told everywhere."""
    inner = {"content": f"{person.nickname} sent a Universe", "user": person.message(), "extra": {"duration": 5000}}
    return {"from_user_id": person.user_id, "notify": inner}


def pin(show: Show, person: Person) -> dict[str, Any]:
    """The host pins somebody's comment."""
    chat = {"content": "where can I buy the apron?", "user": person.message()}
    host = show.people.host.message()
    fields = {"method": "WebcastChatMessage", "chat_message": chat, "operator": host, "action": 1}
    return fields | {"display_duration": 60, "pin_msg_id": show.rng.randrange(10**18)}


def sub_pin(show: Show, person: Person) -> dict[str, Any]:
    """A card about subscriptions is pinned."""
    card = {"title": {"type": 1, "content": "Subscribe for the recipe book"}, "time_to_live": 60}
    return {"action_type": 1, "card": card, "operator_user_id": show.people.host.user_id}


def barrage(show: Show, person: Person) -> dict[str, Any]:
    """A super fan, an old one who comes in, a new level, or a purchase."""
    sort = show.rng.randrange(4)
    if sort == 0:
        words = said("{0:user} became a Super Fan", person, key=_SUPER_FAN)
        return {"msg_type": 100, "content": words, "duration": 3000}
    if sort == 1:
        words = said("{0:user} joined as a Super Fan", person, key=_SUPER_FAN_JOIN)
        return {"msg_type": 100, "common_barrage_content": words, "duration": 3000}
    if sort == 2:
        level = show.rng.randrange(2, 50)
        words = said("{0:user} reached level {1:string}", person, str(level))
        return {"msg_type": 8, "content": words, "user_grade_param": {"current_grade": level}, "duration": 3000}
    return {"msg_type": 1, "content": said("{0:user} is buying", person), "duration": 2000}


def games_offline(show: Show, person: Person) -> dict[str, Any]:
    """A game is no longer offered."""
    return {"offline_game_list": [{"game_id": "7", "toast_title": "Puzzle Quest is no longer available"}]}


def drops(show: Show, person: Person) -> dict[str, Any]:
    """Drops changed."""
    return {"drops_id": "12", "task_id": "7", "anchor_uid": show.people.host.user_id}


def viewer_picks(show: Show, person: Person) -> dict[str, Any]:
    """Viewers may pick a gift."""
    return {"update_type": 1, "info": {"viewer_picks_id": show.poll_id, "round_duration_sec": 60}}


def gift_panel(show: Show, person: Person) -> dict[str, Any]:
    """The panel of gifts changed."""
    return {"timestamp": 1_795_000_000, "goal_data": {"status": 1}}


def captcha(show: Show, person: Person) -> dict[str, Any]:
    """A viewer must prove to be human."""
    return {"captcha": {"captcha_record_id": 5, "verify_duration_in_sec": 60}}


def gift_restriction(show: Show, person: Person) -> dict[str, Any]:
    """Gifts that may not be sent to somebody."""
    receiver = {"user_id": show.people.guest.user_id, "hidden_gids": [5655]}
    return {"dynamic_restriction": {"receivers": [receiver]}}


def detect(show: Show, person: Person) -> dict[str, Any]:
    """TikTok measures how fast messages travel."""
    return {"d_type": 1, "from_region": "US", "t_info": {"client_start_ms": 1_795_000_000_000}}


def layout(show: Show, person: Person) -> dict[str, Any]:
    """Guests are arranged anew."""
    return {"scene": 4, "version": 3, "channel_id": show.battle_id}
