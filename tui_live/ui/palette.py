"""What the command palette finds: every action of every pane by its name, and every tab."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.binding import Binding

from tui_live.ui.tabs import FAMILIES, TABS

if TYPE_CHECKING:
    from tui_live.ui.app import TuiLiveApp

#: The panes by the class that takes the keys.
PANES = {"StreamsView": "Streams", "BoardView": "Leaderboard", "TriggersView": "Triggers", "LogView": "Log"}
#: What nobody looks for by name: moving about, and keys that go to a tab, which are there by their own names.
UNNAMED = ("move(", "page(", "digit(", "tab(")


def commands(app: TuiLiveApp, offered: Callable[[Binding, Any], bool]) -> Iterable[SystemCommand]:
    """Every action that is ``offered``, each once for each pane that has it."""
    main = app.main
    panes = (main.streams.list, main.board.list, main.triggers.list, main.log_pane.log_view)
    for where, node in (*((PANES[type(node).__name__], node) for node in panes), ("", main), ("", app)):
        seen: set[str] = set()
        for _, binding in node._bindings:
            if not binding.id or not binding.tooltip or binding.action in seen:
                continue
            if binding.action.startswith(UNNAMED) or not offered(binding, node):
                continue
            seen.add(binding.action)
            title = f"{where}: {binding.description}" if where else binding.description.capitalize()
            if binding.id.startswith("replay."):
                title = f"Replay: {binding.description.replace('/', ' or ')}"
            key = app.get_key_display(binding)
            yield SystemCommand(title, f"{binding.tooltip} ({key})", _runner(app, binding.action, node))
    for tab in (*TABS, *FAMILIES):
        yield SystemCommand(f"Tab: {tab.name}", "Show this tab of the log", _shower(app, tab.key))
    yield SystemCommand("Theme", "Choose another theme", app.action_change_theme)


def _runner(app: TuiLiveApp, action: str, node: Any) -> Callable[[], Any]:
    async def run() -> None:
        await app.run_action(action, node)

    return run


def _shower(app: TuiLiveApp, key: str) -> Callable[[], None]:
    return lambda: app.main.show_tab(key)
