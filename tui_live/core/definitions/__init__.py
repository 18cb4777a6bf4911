"""What every figure of shares and engagement means, how it is computed and what it cannot tell, for people.

One place for the console, the report and the API's description: plain text, no markup. The numbers are those of
:mod:`tui_live.core.shares` and :mod:`tui_live.core.engagement`; what is configured is named by its setting.
"""

from tui_live.core.definitions.engagement import ENGAGEMENT
from tui_live.core.definitions.figure import Definition, definition
from tui_live.core.definitions.shares import ACROSS, SHARES

__all__ = ["ACROSS", "ENGAGEMENT", "SHARES", "Definition", "definition"]
