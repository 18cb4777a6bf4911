"""``tui-live doctor``: every hop from here to a saved clip is tried, and each failure says what to do (SPEC §1)."""
