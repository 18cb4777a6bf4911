"""What was given: by gift and by giver."""

from __future__ import annotations

import heapq
from operator import attrgetter

from msgspec import Struct

from tui_live.core.events import GiftData, Person
from tui_live.core.totals import MOST

#: Different gifts that are told apart: TikTok has some hundreds. What others cost counts in the totals only.
MOST_GIFTS = 3_000


class Gift(Struct, gc=False):
    """One kind of gift: ``units`` of it for the host, and what they cost."""

    gift_id: str
    gift_name: str
    image_url: str
    units: int = 0
    coins: int = 0


class Spender(Struct, gc=False):
    """Somebody who gave: units of gifts and coins, the host's only."""

    user_id: str
    username: str
    display_name: str
    units: int = 0
    coins: int = 0


class Gifts:
    """All gifts of a session to the host. ``untold`` counts units of gifts and of givers beyond the bounds."""

    def __init__(self) -> None:
        self.units = 0
        self.coins = 0
        self.guest_coins = 0
        self.untold = 0
        self._kinds: dict[str, Gift] = {}
        self._givers: dict[int, Spender] = {}

    @property
    def givers(self) -> int:
        """How many people gave something to the host."""
        return len(self._givers)

    def add(self, data: GiftData, number: int, giver: Person | None) -> None:
        """Count what a message adds. ``number`` is the giver's in the audience, -1 when not followed."""
        self.guest_coins = _plus(self.guest_coins, data.guest_coins_delta)
        units, coins = data.count_delta, data.coins_delta
        if units <= 0:
            return
        self.units, self.coins = _plus(self.units, units), _plus(self.coins, coins)
        kind = self._kinds.get(data.gift_id)
        if kind is None and len(self._kinds) < MOST_GIFTS:
            kind = self._kinds[data.gift_id] = Gift(data.gift_id, data.gift_name, data.image_url)
        if kind is not None:
            kind.units, kind.coins = _plus(kind.units, units), _plus(kind.coins, coins)
        if giver is not None and number >= 0:
            someone = self._givers.get(number)
            if someone is None:
                someone = self._givers[number] = Spender(giver.user_id, giver.handle, giver.nickname)
            elif giver.handle:
                someone.username, someone.display_name = giver.handle, giver.nickname
            someone.units, someone.coins = _plus(someone.units, units), _plus(someone.coins, coins)
        if kind is None or (giver is not None and number < 0):
            self.untold = _plus(self.untold, units)

    def most_sent(self, top: int) -> list[Gift]:
        """Those of which there were the most units; equal ones by coins, then by id."""
        found = heapq.nsmallest(top, self._kinds.values(), key=lambda gift: (-gift.units, -gift.coins, gift.gift_id))
        return [_copy(gift) for gift in found]

    def dearest(self, top: int) -> list[Gift]:
        """Those that brought the most coins."""
        found = heapq.nsmallest(top, self._kinds.values(), key=lambda gift: (-gift.coins, -gift.units, gift.gift_id))
        return [_copy(gift) for gift in found]

    def spenders(self, top: int) -> list[Spender]:
        """Who gave the most coins; equal ones in the order of their first gifts."""
        found = sorted(self._givers.values(), key=attrgetter("coins"), reverse=True)[:top]
        return [Spender(one.user_id, one.username, one.display_name, one.units, one.coins) for one in found]


def _copy(gift: Gift) -> Gift:
    return Gift(gift.gift_id, gift.gift_name, gift.image_url, gift.units, gift.coins)


def _plus(total: int, more: int) -> int:
    return min(total + more, MOST) if more > 0 else total
