"""What the types of events carry that make a stream a show: battles, polls, goals, questions, rankings, treasure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from tui_live.core.events.data import Data


class EmoteData(Data, frozen=True, gc=False):
    """A sticker in the chat; ``emote_type`` is ``normal``, ``with_sticker`` or ``fans``."""

    event_type = "emote"
    emote_id: str
    emote_name: str = ""
    emote_type: str = ""
    image_url: str = ""


class EnvelopeData(Data, frozen=True, gc=False):
    """A treasure box: ``coins`` in all for ``recipients`` people."""

    event_type = "envelope"
    coins: int
    recipients: int
    business_type: str = ""


class QuestionData(Data, frozen=True, gc=False):
    """A question asked through TikTok's Q&A."""

    event_type = "question"
    question_text: str


class BattleUser(Struct, frozen=True, gc=False):
    """One side's host; the names are empty when neither this message nor an earlier one told them.

    ``score`` is ``None`` (null in JSON) where the message tells none: a card that is played, a battle that is proposed.
    """

    user_id: str
    username: str
    display_name: str
    score: int | None


class BattleData(Data, frozen=True, gc=False):
    """A battle between hosts, as far as this message tells it; the host of the stream comes first."""

    event_type = "battle"
    battle_users: tuple[BattleUser, ...] = ()
    battle_status: str = ""


def score_in_words(sides: Iterable[tuple[str, int | None]]) -> str:
    """The sides of a battle by name, with their scores as far as these are told: ``Alice 120 : Bob 90``."""
    return " : ".join(name if score is None else f"{name} {score}" for name, score in sides)


class RankingData(Data, frozen=True, gc=False):
    """A place in one of TikTok's rankings; ``position`` is null where the message names none."""

    event_type = "ranking"
    rank_type: str = ""
    position: int | None = None
    category: str = ""


class PollData(Data, frozen=True, gc=False):
    """A poll; ``votes`` are in the order of ``options``."""

    event_type = "poll"
    question: str = ""
    options: tuple[str, ...] = ()
    votes: tuple[int, ...] = ()


class GoalData(Data, frozen=True, gc=False):
    """A goal of the host: sums over its parts; ``progress`` is in percent, at most 100.

    ``title`` is what the host calls it, else the gifts that it is about; a stream has several goals at a time.
    """

    event_type = "goal"
    goal_type: str = ""
    current: int = 0
    target: int = 0
    progress: float = 0.0
    title: str = ""
    goal_id: str = ""

    @property
    def key(self) -> str:
        """What tells it from the stream's other goals."""
        return self.goal_id or self.title or self.goal_type
