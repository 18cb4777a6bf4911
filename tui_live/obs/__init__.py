"""OBS: its replay buffer, and the clips that it saves and we name. :mod:`tui_live.obs.service` is the door."""
