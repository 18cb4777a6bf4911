"""The database's schema, as ordered steps under ``PRAGMA user_version``. A step, once released, never changes.

One file a step, numbered from 1; :mod:`tui_live.store.database` runs those that a database has not seen. A new step is
a new file with the next number.

Events are written compactly, because a busy evening writes millions: ``event_rows`` holds small numbers for the
session, the type, the name that somebody had and what many events share (:mod:`tui_live.store.shapes`). The view
``events`` shows them with the columns that people query by hand. Frames of the past are kept in packs
(:mod:`tui_live.store.packing`). Steps may call the SQL functions ``index_words``, of a whole text, and
``index_beginning``, of as much as is indexed (:mod:`tui_live.core.words`).
"""

from __future__ import annotations

from pathlib import Path

#: The SQL of each step, in order: the first makes version 1 of an empty file.
STEPS: tuple[str, ...] = tuple(file.read_text("utf-8") for file in sorted(Path(__file__).parent.glob("[0-9]*.sql")))
