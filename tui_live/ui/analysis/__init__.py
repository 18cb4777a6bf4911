"""Shares and engagement of a session as pages of lines: figures, tables, plots over time, maps of the week."""
