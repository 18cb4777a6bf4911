CREATE TABLE analyses (
    session INTEGER PRIMARY KEY,            -- sessions.number
    basis TEXT NOT NULL,                    -- what the results were made of, as JSON: see tui_live/store/analyses.py
    shares TEXT NOT NULL,                   -- the results, as JSON
    engagement TEXT NOT NULL
);

CREATE TABLE earlier_rooms (                -- where a session was before it went on in another room
    session INTEGER NOT NULL,
    last_event INTEGER NOT NULL,            -- the session's events up to this one, and behind the row before, are of
    room_id TEXT NOT NULL,                  -- this room
    PRIMARY KEY (session, last_event)
) WITHOUT ROWID;
