"""``python -m tui_live`` is ``tui-live``."""

from tui_live.cli import main

main()
