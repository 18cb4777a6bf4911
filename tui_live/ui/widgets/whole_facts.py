"""Facts of which nothing is cut: what is too long for a line goes on in the next one."""

from __future__ import annotations

from collections.abc import Sequence

from tui_live.core.text import DRAWN_LIMIT, drawn
from tui_live.ui.format import broken
from tui_live.ui.session_facts import Fact
from tui_live.ui.widgets.fact_list import NAME, FactList


class WholeFacts(FactList):
    """Names at the left, values behind them, as many lines as they need."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._whole: Sequence[Fact] = ()

    def show(self, facts: Sequence[Fact]) -> None:
        """Show these."""
        self._whole = facts
        self._facts = _wrapped(facts, self._width)
        self.redraw()

    def resized(self, width: int) -> None:
        """Lines break elsewhere."""
        self._facts = _wrapped(self._whole, width)

    def empty_text(self) -> Sequence[tuple[str, str]]:
        """Nothing is selected."""
        return ()

    def action_copy(self) -> None:
        """Copy all of them, each in a line of its own."""
        self.app.copy_to_clipboard("\n".join(f"{fact.name:<{NAME}}{fact.value}".rstrip() for fact in self._whole))
        self.app.notify("copied", timeout=1.5, markup=False)


def _wrapped(facts: Sequence[Fact], width: int) -> list[Fact]:
    room = max(8, width - 1 - NAME)
    lines: list[Fact] = []
    for fact in facts:
        first, *rest = broken(_drawn(fact.value), room) or [""]
        lines.append(fact._replace(value=first))
        lines += [Fact("", piece, fact.pen) for piece in rest]
    return lines


def _drawn(value: str) -> str:
    """All of it: elsewhere long texts are cut."""
    return "".join(drawn(value[at : at + DRAWN_LIMIT]) for at in range(0, len(value), DRAWN_LIMIT))
