CREATE TABLE clips (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL,                    -- requested, renaming, saved, kept, failed, deleted
    reason TEXT NOT NULL,                   -- why it failed, or has not the name that it was to get
    streamer_username TEXT NOT NULL,        -- these six of whoever asked first
    session_id TEXT NOT NULL,
    username TEXT NOT NULL,
    trigger TEXT NOT NULL,
    message TEXT NOT NULL,
    viewers INTEGER NOT NULL,
    requested_ms INTEGER NOT NULL,          -- UTC, as all that end so
    saved_ms INTEGER NOT NULL,
    path TEXT NOT NULL,                     -- where the file is now
    target TEXT NOT NULL,                   -- where it is to be
    size INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,           -- 0: unknown
    causes TEXT NOT NULL,                   -- everybody who asked, as JSON, up to a number
    more INTEGER NOT NULL,                  -- so many asked beyond these
    chat TEXT NOT NULL,                     -- what was said in the 30 s before, as JSON
    requested_at TEXT GENERATED ALWAYS AS (strftime('%Y-%m-%dT%H:%M:%fZ', requested_ms / 1000.0, 'unixepoch')) VIRTUAL
);
CREATE INDEX clips_by_session ON clips (session_id);
CREATE INDEX clips_unsettled ON clips (state) WHERE state IN ('requested', 'renaming');
