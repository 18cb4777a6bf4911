"""Reports: one session, or several of a streamer, as one HTML file that needs nothing else (SPEC §1, §9).

Results of the core become a page; nothing here reads a database. The plots are drawn by matplotlib, which is imported
only when one is drawn.
"""

from tui_live.report.comparison import comparison_page
from tui_live.report.session import session_page

__all__ = ["comparison_page", "session_page"]
