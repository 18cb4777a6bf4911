"""The settings that are rules of the show: how points are counted and what saves a clip."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from msgspec import Struct

from tui_live.config.rules import WORDS, Between, Distinct, StreamName
from tui_live.config.section import Section
from tui_live.core.scoring import Rules

if TYPE_CHECKING:
    from tui_live.core.triggers import Rule

_DAY = 86_400
_POINTS = Between(0, 1_000_000, "points")


class LikesPerPoint(Section, frozen=True):
    """How many likes make one point."""

    follower: Annotated[float, Between(0.001, 1_000_000, "likes")] = 10.0
    """Likes for a point when they come from a follower."""
    other: Annotated[float, Between(0.001, 1_000_000, "likes")] = 15.0
    """Likes for a point when they come from anybody else."""


class GiftStep(Section, frozen=True):
    """One row of the gift table."""

    times: Annotated[float, Between(0, 1_000_000)]
    """What the coins are multiplied with."""
    up_to: Annotated[int | None, Between(1, 1_000_000_000, "coins")] = None
    """The dearest gift, in coins each, that this row is for; none in the last row: all above."""


class GiftTable(Struct, frozen=True):
    """The rows of the gift table taken together: coins ascend, and one last row is for all above.

    Written as a mapping of coins to factor with ``above`` for the rest, or as a list of ``{up_to, times}``.
    """

    allowed: str = "rows 'coins: factor' with ascending coins, and 'above: factor' as the last"

    def spelled(self, value: object) -> object:
        """The mapping that an operator writes, as a list of rows."""
        if not isinstance(value, Mapping):
            return value
        return [{"up_to": None if str(key).lower() == "above" else key, "times": value[key]} for key in value]

    def plain(self, steps: tuple[GiftStep, ...]) -> object:
        """As an operator writes it."""
        return {"above" if step.up_to is None else step.up_to: step.times for step in steps}

    def check(self, steps: tuple[GiftStep, ...]) -> tuple[GiftStep, ...]:
        """The rows, when they are in order."""
        *limits, last = [step.up_to for step in steps] or [0]
        known = [limit for limit in limits if limit is not None]
        if last is not None or len(known) != len(limits) or known != sorted(set(known)):
            raise ValueError
        return steps


_COINS = {4: 5.0, 9: 6.0, 19: 7.0, 49: 8.0, 99: 10.0, 299: 15.0, 999: 20.0, None: 30.0}


class Scoring(Section, frozen=True):
    """How points are counted. Likes, comments, follows and shares count per person."""

    likes_per_point: LikesPerPoint = LikesPerPoint()
    """How many likes make one point."""
    comment_points: Annotated[float, _POINTS] = 0.0
    """Points for a comment."""
    follow_points: Annotated[float, _POINTS] = 0.0
    """Points for a follow."""
    share_points: Annotated[float, _POINTS] = 0.0
    """Points for a share."""
    gift_multipliers: Annotated[tuple[GiftStep, ...], GiftTable()] = tuple(
        GiftStep(up_to=up_to, times=times) for up_to, times in _COINS.items()
    )
    """What a gift's coins are multiplied with, by its price: the first row that reaches the price counts."""

    def rules(self) -> Rules:
        """The same as the leaderboard counts them, exactly."""
        return Rules.of(
            likes_per_point=(self.likes_per_point.follower, self.likes_per_point.other),
            comment=self.comment_points,
            follow=self.follow_points,
            share=self.share_points,
            gift_factors=[(step.up_to, step.times) for step in self.gift_multipliers],
        )


class Rate(Section, frozen=True):
    """A spike: something happens more often than usual."""

    of: Literal["chat", "gift", "share"]
    """What is counted."""
    times: Annotated[float, Between(1.1, 1000, "times the usual rate")] = 3.0
    """How many times the usual rate counts as a spike."""


class Trigger(Section, frozen=True):
    """What saves a clip: a word in the chat, a dear gift, or a spike. Exactly one of the three."""

    word: Annotated[str | None, WORDS] = None
    """The text that a chat message must have."""
    match: Literal["substring", "word", "regex"] = "substring"
    """How it must have it; letters' case never matters."""
    gift_coins: Annotated[int | None, Between(1, 1_000_000_000, "coins")] = None
    """A gift of this many coins or more."""
    rate: Rate | None = None
    """A spike of chat, gifts or shares."""
    streams: Annotated[tuple[Annotated[str, StreamName()], ...], Distinct()] = ()
    """Only in these streams; none named means in all."""
    cooldown_seconds: Annotated[float, Between(0, _DAY, "seconds")] = 0.0
    """Seconds after a clip in which this rule saves no other."""
    per_user_cooldown_seconds: Annotated[float, Between(0, _DAY, "seconds")] = 0.0
    """The same for one person."""
    enabled: bool = True
    """Whether the rule is in use; a disabled one keeps its place."""

    @classmethod
    def spelled(cls, value: object) -> object:
        """A plain text is a word."""
        return {"word": value} if isinstance(value, str) else value

    def plain(self) -> object:
        """As an operator writes it: a plain text where that says everything."""
        said: dict[str, Any] = {
            name: getattr(self, name)
            for name, default in zip(self.__struct_fields__, self.__struct_defaults__, strict=True)
            if getattr(self, name) != default
        }
        return self.word if list(said) == ["word"] else said

    def checked(self) -> str:
        """What is wrong with the settings taken together, or nothing."""
        if [self.word, self.gift_coins, self.rate].count(None) != 2:
            return "exactly one of word, gift_coins and rate"
        if self.word is not None:
            from tui_live.core.triggers.needles import trouble

            said = trouble(self.word, self.match)
            if said:
                return f"a regular expression that can be used ({said})" if self.match == "regex" else said
        return ""

    def rule(self, number: int) -> "Rule":
        """The same as the triggers use it, under a number of its own."""
        from tui_live.core.triggers import Rule

        said: dict[str, Any] = {"kind": "word", "word": self.word or "", "match": self.match}
        if self.gift_coins is not None:
            said = {"kind": "gift", "coins": self.gift_coins}
        elif self.rate is not None:
            said = {"kind": "rate", "of": self.rate.of, "times": self.rate.times}
        return Rule(
            number=number,
            streams=self.streams,
            cooldown_s=self.cooldown_seconds,
            per_user_cooldown_s=self.per_user_cooldown_seconds,
            enabled=self.enabled,
            **said,
        )

    @classmethod
    def of(cls, rule: "Rule") -> "Trigger":
        """The setting that :meth:`rule` makes ``rule`` of. Its values are taken as they are, not checked."""
        said: dict[str, Any] = {"word": rule.word, "match": rule.match}
        if rule.kind == "gift":
            said = {"gift_coins": rule.coins}
        elif rule.kind == "rate":
            said = {"rate": Rate(of=rule.of, times=rule.times)}  # type: ignore[arg-type]
        return cls(
            streams=rule.streams,
            cooldown_seconds=rule.cooldown_s,
            per_user_cooldown_seconds=rule.per_user_cooldown_s,
            enabled=rule.enabled,
            **said,
        )
