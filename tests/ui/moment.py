"""When every test happens."""

from __future__ import annotations

#: 2026-11-20 20:14:06 UTC: the clock of every test.
NOW_MS = 1_795_205_646_000
