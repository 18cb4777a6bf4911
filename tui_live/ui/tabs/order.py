"""All tabs in a row: those with a digit of their own, then the families of rarer events, of which More shows all."""

from __future__ import annotations

from collections.abc import Sequence

from tui_live.core.log import NOTE, SUBTYPE, TYPE, Row
from tui_live.core.log_filter import shown_type
from tui_live.core.totals import Totals
from tui_live.ui.event_text import event_text
from tui_live.ui.format import short
from tui_live.ui.tabs.families import FAMILIES
from tui_live.ui.tabs.tab import Column, Tab, user
from tui_live.ui.tabs.usual import USUAL

_ELSEWHERE = frozenset({NOTE, *(kind for tab in USUAL for kind in tab.types or ())})


def _kind(row: Row) -> str:
    return shown_type(row[TYPE], row[SUBTYPE])


def _more_sums(sums: Totals) -> str:
    rest = {kind: count for kind, count in sums.messages.items() if MORE.shows(kind)}
    most = sorted(rest.items(), key=lambda item: (-item[1], item[0]))
    return "   ".join(f"{shown_type(kind, '')} {short(count)}" for kind, count in most)


#: All rarer events, whatever they carry.
MORE = Tab(
    "more",
    "More",
    None,
    (
        Column("type", _kind, 8, tone="log--social"),
        Column("user", user, 14, tone="log--nick", need=60),
        Column("what", event_text),
    ),
    _more_sums,
    hint="Questions, polls, goals, rankings and everything else will run here.",
    elsewhere=_ELSEWHERE,
)
#: The tabs that have digits, in their order.
TABS = (*USUAL, MORE)
_BY_KEY = {tab.key: tab for tab in (*TABS, *FAMILIES)}


def tab_named(key: str) -> Tab:
    """The tab with this key."""
    return _BY_KEY[key]


def families_in(sums: Totals, shown: str = "") -> tuple[Tab, ...]:
    """The families that have events in ``sums``, and the one that is shown even without any."""
    return tuple(
        tab for tab in FAMILIES if tab.key == shown or any(sums.messages.get(kind) for kind in tab.types or ())
    )


def beside(keys: Sequence[str], shown: str, step: int) -> str:
    """The key so many places from the one that is shown, and round."""
    return keys[(keys.index(shown) + step) % len(keys)]


def at_more(sums: Totals, shown: str) -> str:
    """What the digit of More chooses: More, and pressed again one family with events after the other, and round."""
    keys = [tab.key for tab in (MORE, *families_in(sums, shown))]
    return beside(keys, shown, 1) if shown in keys else MORE.key


def way_on(sums: Totals, shown: str) -> str:
    """How to go on from More to the families, and from one to the next; empty elsewhere, and where there is none."""
    found = families_in(sums, shown)
    if shown == MORE.key:
        return "→ one by one" if found else ""
    keys = [tab.key for tab in found]
    return f"→ {found[keys.index(shown) + 1].name}" if shown in keys[:-1] else ""


def with_family(choices: Sequence[tuple[str, str]], shown: str) -> tuple[tuple[str, str], ...]:
    """Keys and names of tabs, and after them the family that is shown, where one is."""
    family = next((tab for tab in FAMILIES if tab.key == shown), None)
    return tuple(choices) if family is None else (*choices, (family.key, family.name))
