"""Stickers, questions, captions, introductions, and what TikTok says to everybody."""

from __future__ import annotations

from typing import Any

from tui_live.simulator import phrases
from tui_live.simulator.contents.show import Show, said
from tui_live.simulator.messages import EMOTE_URL
from tui_live.simulator.people import Person


def emote(show: Show, person: Person) -> dict[str, Any]:
    """One or two stickers."""
    listed = [
        {
            "emote_id": str(show.rng.randrange(10**18, 9 * 10**18)),
            "emote_type": show.rng.randrange(3),
            "image": {
                "url_list": [EMOTE_URL],
                "content": {"name": "Wow"},
            },
        }
        for _ in range(show.rng.choice((1, 1, 2)))
    ]
    return {"emote_list": listed}


def question(show: Show, person: Person) -> dict[str, Any]:
    """A question by TikTok's Q&A."""
    content = show.rng.choice(phrases.TALK["en"]).rstrip("?!") + "?"
    data = {"question_id": show.rng.randrange(10**18), "content": content, "user": person.message()}
    return {"data": data | {"create_time": show.rng.randrange(10**9)}}


def caption(show: Show, person: Person) -> dict[str, Any]:
    """What the host says, while it grows and when it is done."""
    language = show.rng.choice(("en", "es", "ja"))
    return {
        "timestamp_ms": show.rng.randrange(10**6),
        "duration_ms": 2000,
        "content": [{"lang": language, "content": show.rng.choice(phrases.TALK[language])}],
        "definite": show.rng.random() < 0.6,
    }


def intro(show: Show, person: Person) -> dict[str, Any]:
    """The host introduces the stream."""
    words = "Music every evening at eight 🎹"
    return {"id": show.rng.randrange(10**18), "content": words, "content_language": "en"}


def game_intro(show: Show, person: Person) -> dict[str, Any]:
    """What is played."""
    return {"content": said("Now playing: {0:string}", "Tetris"), "has_rank_info": True}


def room(show: Show, person: Person) -> dict[str, Any]:
    """TikTok's welcome."""
    return {"content": "Welcome to TikTok LIVE! Have fun interacting with others in real-time.", "is_welcome": True}


def system(show: Show, person: Person) -> dict[str, Any]:
    """A notice to everybody."""
    return {"message": "Viewers can see who sends gifts."}


def notice(show: Show, person: Person) -> dict[str, Any]:
    """A notice to the host."""
    return {"content": "Your stream is recommended to more people now.", "notice_type": 1}


def unauthorized_member(show: Show, person: Person) -> dict[str, Any]:
    """Somebody without an account watches."""
    return {"action": 1, "nick_name": "Guest 4711", "enter_text": said("{0:string} joined", "Guest 4711")}


def gift_prompt(show: Show, person: Person) -> dict[str, Any]:
    """TikTok asks a giver to take a rest."""
    return {"title": "Take a break?", "body": "You have sent many gifts today."}


def subscription(show: Show, person: Person) -> dict[str, Any]:
    """Somebody subscribes."""
    return {"sub_month": show.rng.randrange(1, 15), "exhibition_type": 2}
