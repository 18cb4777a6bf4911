"""The tabs beside the log, as data: which events each shows, in which columns, and what its head adds up."""

from tui_live.ui.tabs.families import FAMILIES
from tui_live.ui.tabs.order import MORE, TABS, at_more, beside, families_in, tab_named, way_on, with_family
from tui_live.ui.tabs.sums import missing, summed
from tui_live.ui.tabs.tab import Column, Tab

__all__ = [
    "FAMILIES",
    "MORE",
    "TABS",
    "Column",
    "Tab",
    "at_more",
    "beside",
    "families_in",
    "missing",
    "summed",
    "tab_named",
    "way_on",
    "with_family",
]
