"""Polls, goals, rankings and treasure boxes."""

from __future__ import annotations

from typing import Any

from tui_live.simulator.contents.show import Show, said
from tui_live.simulator.people import Person

_SUPER_FAN_BOX = 19


def poll(show: Show, person: Person) -> dict[str, Any]:
    """A poll opens, gets votes, or ends; only its first message has the question."""
    step = show.vote()
    question, options = show.poll
    listed = [
        {"option_idx": index, "display_content": option, "votes": votes}
        for index, (option, votes) in enumerate(zip(options, show.votes, strict=True))
    ]
    fields: dict[str, Any] = {"poll_id": show.poll_id, "poll_kind": 0}
    if step == "start":
        host = show.people.host.message()
        return fields | {"start_content": {"title": question, "option_list": listed, "operator": host}}
    if step == "end":
        return fields | {"message_type": 1, "end_content": {"end_type": 1, "option_list": listed}}
    return fields | {"message_type": 2, "update_votes_content": {"option_list": listed}}


def goal(show: Show, person: Person) -> dict[str, Any]:
    """Somebody brings the goal nearer."""
    step = show.contribute()
    name, target = show.goal
    part = {"type": 1, "progress": show.reached, "target": target, "gift": {"name": name, "diamond_count": 1}}
    return {
        "goal": {
            "id": show.goal_id,
            "type": 1,
            "status": 1 if show.reached < target else 2,
            "description": f"{target} × {name}",
            "sub_goals": [part],
        },
        "contributor_id": person.user_id,
        "contributor_display_id": person.handle,
        "contributor_avatar": {"url_list": [person.avatar_url]},
        "contribute_count": step,
        "update_source": 2,
    }


def rank_update(show: Show, person: Person) -> dict[str, Any]:
    """The host's place among all streams of the hour or the day."""
    place = show.climb()
    words = said("You're #{0:string} now", str(place))
    return {
        "updates": [{"rank_type": show.rng.choice((0, 8)), "own_rank": place, "default_content": words}],
        "group_type": 1,
    }


def rank_text(show: Show, person: Person) -> dict[str, Any]:
    """Somebody is among the best of the audience now."""
    place = show.rng.randrange(1, 4)
    return {
        "scene": 1,
        "owner_idx_before_update": place + 1,
        "owner_idx_after_update": place,
        "cur_user_id": person.user_id,
        "content": said("{0:user} is now top {1:string}!", person, str(place)),
    }


def hourly_reward(show: Show, person: Person) -> dict[str, Any]:
    """Who won the hour."""
    notify = {"content": f"{person.nickname} won the hour", "user": person.message()}
    return {"winners": [{"user_id": person.user_id, "notify": notify}]}


def game_rank(show: Show, person: Person) -> dict[str, Any]:
    """A notice about the ranking of a game."""
    return {"msg_type": 1, "notify_text": said("Up to #{0:string} in Puzzle games", str(show.climb()))}


def envelope(show: Show, person: Person) -> dict[str, Any]:
    """A treasure box, now and then one for super fans."""
    fans = show.rng.random() < 0.25
    coins, people = show.rng.choice(((100, 10), (500, 20), (1000, 50)))
    return {
        "envelope_info": {
            "envelope_id": str(show.rng.randrange(10**18, 9 * 10**18)),
            "business_type": _SUPER_FAN_BOX if fans else 1,
            "send_user_name": person.nickname,
            "send_user_id": str(person.user_id),
            "send_user_avatar": {"url_list": [person.avatar_url]},
            "diamond_count": coins,
            "people_count": people,
        },
        "display": 1,
    }
