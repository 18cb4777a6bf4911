CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    streamer_username TEXT NOT NULL,
    room_id TEXT NOT NULL,
    session_start TEXT NOT NULL,
    session_end TEXT,
    status TEXT NOT NULL CHECK (status IN ('active', 'ended', 'interrupted')),
    streamer_info TEXT NOT NULL DEFAULT '{}',
    total_events INTEGER NOT NULL DEFAULT 0,
    total_messages INTEGER NOT NULL DEFAULT 0,
    total_gifts INTEGER NOT NULL DEFAULT 0,
    total_likes INTEGER NOT NULL DEFAULT 0,
    total_members INTEGER NOT NULL DEFAULT 0,
    total_social INTEGER NOT NULL DEFAULT 0,
    total_emotes INTEGER NOT NULL DEFAULT 0,
    total_envelopes INTEGER NOT NULL DEFAULT 0,
    total_questions INTEGER NOT NULL DEFAULT 0,
    total_battles INTEGER NOT NULL DEFAULT 0,
    total_room_updates INTEGER NOT NULL DEFAULT 0,
    total_rankings INTEGER NOT NULL DEFAULT 0,
    total_polls INTEGER NOT NULL DEFAULT 0,
    total_shopping INTEGER NOT NULL DEFAULT 0,
    total_moderation INTEGER NOT NULL DEFAULT 0,
    total_captions INTEGER NOT NULL DEFAULT 0,
    total_goals INTEGER NOT NULL DEFAULT 0,
    total_banners INTEGER NOT NULL DEFAULT 0,
    total_links INTEGER NOT NULL DEFAULT 0,
    total_intros INTEGER NOT NULL DEFAULT 0,
    total_other INTEGER NOT NULL DEFAULT 0,
    total_coins INTEGER NOT NULL DEFAULT 0,
    total_gaps INTEGER NOT NULL DEFAULT 0,
    gap_ms INTEGER NOT NULL DEFAULT 0,
    duplicates INTEGER NOT NULL DEFAULT 0,
    undecodable INTEGER NOT NULL DEFAULT 0,
    room_likes INTEGER NOT NULL DEFAULT 0,
    peak_viewers INTEGER NOT NULL DEFAULT 0,
    totals TEXT NOT NULL DEFAULT '{}',      -- everything that is counted, as JSON (message counts per type, too)
    first_event_id INTEGER,
    last_event_id INTEGER,
    last_received_ms INTEGER
);
CREATE INDEX sessions_by_streamer ON sessions (streamer_username, session_start);
CREATE INDEX sessions_by_room ON sessions (room_id);

CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    event_subtype TEXT,
    user_number,                            -- TikTok's numeric user id
    username TEXT,                          -- the handle at the time
    message TEXT,
    time_ms INTEGER NOT NULL,               -- UTC
    data TEXT NOT NULL,                     -- processed_data, without a comment's text
    msg_id INTEGER NOT NULL,
    frame_id INTEGER,
    place INTEGER NOT NULL,                 -- index of the message in its frame
    history INTEGER NOT NULL,
    user_id TEXT GENERATED ALWAYS AS (CAST(user_number AS TEXT)) VIRTUAL,
    timestamp TEXT GENERATED ALWAYS AS (strftime('%Y-%m-%dT%H:%M:%fZ', time_ms / 1000.0, 'unixepoch')) VIRTUAL,
    processed_data TEXT GENERATED ALWAYS AS (
        CASE event_type WHEN 'chat' THEN json_insert(data, '$.message', message) ELSE data END
    ) VIRTUAL
);
CREATE INDEX events_by_type ON events (session_id, event_type);
CREATE INDEX events_by_user ON events (user_number) WHERE user_number IS NOT NULL;

CREATE TABLE frames (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    payload BLOB NOT NULL                   -- as it came, usually gzipped
);
CREATE INDEX frames_by_session ON frames (session_id);

CREATE TABLE users (
    user_id TEXT PRIMARY KEY,
    username TEXT NOT NULL,
    display_name TEXT NOT NULL,
    avatar_url TEXT NOT NULL,
    bio TEXT NOT NULL,
    follower_count INTEGER,
    following_count INTEGER,
    follow_status INTEGER NOT NULL,
    verified INTEGER NOT NULL,
    moderator INTEGER NOT NULL,
    gifter_level INTEGER NOT NULL,
    member_level INTEGER NOT NULL,
    region TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    changed_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE user_names (
    user_id TEXT NOT NULL,
    username TEXT NOT NULL,
    display_name TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    PRIMARY KEY (user_id, username, display_name)
) WITHOUT ROWID;

CREATE TABLE gaps (
    id INTEGER PRIMARY KEY,
    session_id TEXT NOT NULL,
    gap_start TEXT NOT NULL,
    gap_end TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX gaps_by_session ON gaps (session_id);

CREATE VIRTUAL TABLE search USING fts5 (
    words, content = '', columnsize = 0, detail = none, tokenize = "unicode61 remove_diacritics 2"
);
