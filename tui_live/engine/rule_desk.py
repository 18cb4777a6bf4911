"""The trigger rules as the operator changes them: added, edited, switched, taken back, and saved with the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from msgspec import structs

from tui_live.config import Trigger
from tui_live.config.convert import Refused, convert
from tui_live.core.triggers import Rule
from tui_live.errors import MissingError, TriggerError

#: How many changes can be taken back.
_MOST_UNDONE = 50
_Written = dict[int, Trigger]


class RuleDesk:
    """Rules by their numbers, in order. ``use`` is called with all of them whenever they have changed."""

    def __init__(self, triggers: Sequence[Trigger], use: Callable[[Sequence[Rule]], None]) -> None:
        self._written: _Written = dict(enumerate(triggers, 1))
        self._next = len(triggers) + 1
        self._use = use
        self._before: list[tuple[str, _Written]] = []
        use(self.rules())

    def rules(self) -> list[Rule]:
        """The rules as they match."""
        return [trigger.rule(number) for number, trigger in self._written.items()]

    def triggers(self) -> list[Trigger]:
        """The rules as they stand in the configuration."""
        return list(self._written.values())

    def written(self, number: int) -> dict[str, Any]:
        """One rule as a mapping of all its settings. Raises :class:`MissingError`."""
        made: dict[str, Any] = msgspec.to_builtins(self._find(number))
        return made

    def add(self, wanted: object) -> int:
        """A further rule; returns its number. Raises :class:`TriggerError`."""
        trigger, number = understood(wanted), self._next
        self._change(f"that “{_label(trigger)}” was added", {**self._written, number: trigger})
        self._next += 1
        return number

    def change(self, number: int, wanted: object) -> None:
        """Another rule in its place."""
        before, trigger = self._find(number), understood(wanted)
        self._change(f"the change of “{_label(before)}”", {**self._written, number: trigger})

    def remove(self, number: int) -> str:
        """Forget a rule; its label."""
        label = _label(self._find(number))
        left = {one: trigger for one, trigger in self._written.items() if one != number}
        self._change(f"that “{label}” was removed", left)
        return label

    def switch(self, number: int) -> bool:
        """Switch a rule on or off; whether it is on now."""
        trigger = self._find(number)
        on = not trigger.enabled
        switched = structs.replace(trigger, enabled=on)
        self._change(
            f"that “{_label(trigger)}” was switched {'on' if on else 'off'}", {**self._written, number: switched}
        )
        return on

    def undo(self) -> str:
        """Take back the latest change; what it was. Raises :class:`TriggerError` when there is none."""
        if not self._before:
            raise TriggerError("No change of a trigger can be taken back", "add one with t")
        said, self._written = self._before.pop()
        self._use(self.rules())
        return said

    def _change(self, said: str, written: _Written) -> None:
        self._before.append((said, self._written))
        del self._before[:-_MOST_UNDONE]
        self._written = written
        self._use(self.rules())

    def _find(self, number: int) -> Trigger:
        try:
            return self._written[number]
        except KeyError:
            raise MissingError(f"There is no trigger {number} any more", "choose another") from None


class RuleCommands:
    """What the operator does to the rules, live and in a replay; told as a line. All raise ``TuiLiveError``."""

    _desk: RuleDesk

    def add_rule(self, wanted: object) -> int:
        """A further rule; returns its number."""
        return self._desk.add(wanted)

    def change_rule(self, number: int, wanted: object) -> None:
        """Another rule in its place; what was counted stays."""
        self._desk.change(number, wanted)

    def remove_rule(self, number: int) -> str:
        """Forget a rule."""
        return f"“{self._desk.remove(number)}” removed; undo with u"

    def switch_rule(self, number: int) -> bool:
        """Switch a rule on or off; whether it is on now."""
        return self._desk.switch(number)

    def undo_rules(self) -> str:
        """Take back the latest change of the rules."""
        return f"undone: {self._desk.undo()}"


def understood(wanted: object) -> Trigger:
    """A rule as it is written in ``config.yaml``. Raises :class:`TriggerError` with what is allowed."""
    if isinstance(wanted, dict):
        wanted = {name: value for name, value in wanted.items() if value is not None}
    try:
        made: Trigger = convert(Trigger, wanted)
    except Refused as refused:
        where = refused.path.strip(".") or "the trigger"
        raise TriggerError(f"{where} cannot be {refused.value!r}", f"allowed: {refused}") from None
    return made


def _label(trigger: Trigger) -> str:
    return trigger.rule(0).label
