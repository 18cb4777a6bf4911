"""The database's schema, as ordered steps under ``PRAGMA user_version``. A step, once released, never changes.

Events are written compactly, because a busy evening writes millions: ``event_rows`` holds small numbers for the
session, the type, the name that somebody had and what many events share (:mod:`tui_live.store.shapes`). The view
``events`` shows them with the columns that people query by hand. Frames of the past are kept in packs
(:mod:`tui_live.store.packing`). Steps may call the SQL function ``index_words`` (:mod:`tui_live.core.words`).
"""

from __future__ import annotations

_FIRST = """
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
"""

_COMPACT = """
ALTER TABLE sessions ADD COLUMN number INTEGER;
UPDATE sessions SET number = rowid;
CREATE UNIQUE INDEX sessions_by_number ON sessions (number);

CREATE TABLE event_types (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT INTO event_types (name) VALUES ('chat'), ('gift'), ('like'), ('member'), ('social'), ('other');
INSERT OR IGNORE INTO event_types (name) SELECT DISTINCT event_type FROM events;

CREATE TABLE names (
    number INTEGER PRIMARY KEY,
    user_id TEXT NOT NULL,
    username TEXT NOT NULL,
    display_name TEXT NOT NULL,
    first_seen TEXT NOT NULL
);
INSERT INTO names (user_id, username, display_name, first_seen)
    SELECT user_id, username, display_name, first_seen FROM user_names;
CREATE INDEX names_by_user ON names (user_id);
INSERT INTO names (user_id, username, display_name, first_seen)
    SELECT e.user_id, coalesce(e.username, ''), '', min(e.timestamp) FROM events e
    WHERE e.user_number IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM names n WHERE n.user_id = e.user_id AND n.username = coalesce(e.username, ''))
    GROUP BY 1, 2;
DROP TABLE user_names;
ALTER TABLE names RENAME TO user_names;
DROP INDEX names_by_user;
CREATE INDEX user_names_by_user ON user_names (user_id);

CREATE TABLE data_heads (
    number INTEGER PRIMARY KEY,
    head TEXT NOT NULL,                     -- the beginning of processed_data
    quotes INTEGER NOT NULL                 -- the event's message follows as a JSON string
);
INSERT INTO data_heads VALUES (1, '', 0), (2, '{"message":', 1);

CREATE TABLE event_rows (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session INTEGER NOT NULL,               -- sessions.number
    type INTEGER NOT NULL,                  -- event_types.number
    subtype TEXT,
    name INTEGER,                           -- user_names.number: who, under the name of the time
    message TEXT,
    time_ms INTEGER NOT NULL,               -- UTC
    head INTEGER NOT NULL,                  -- data_heads.number
    tail TEXT,                              -- the rest of processed_data
    msg_id INTEGER NOT NULL,
    frame_id INTEGER,
    place INTEGER NOT NULL,                 -- index of the message in its frame
    history INTEGER NOT NULL
);
INSERT INTO event_rows
    SELECT e.id, s.number, t.number, e.event_subtype,
        (SELECT min(n.number) FROM user_names n WHERE n.user_id = e.user_id AND n.username = coalesce(e.username, '')),
        e.message, e.time_ms, CASE e.event_type WHEN 'chat' THEN 2 ELSE 1 END,
        CASE e.event_type WHEN 'chat' THEN ',' || substr(e.data, 2) ELSE e.data END,
        e.msg_id, e.frame_id, e.place, e.history
    FROM events e JOIN sessions s ON s.id = e.session_id JOIN event_types t ON t.name = e.event_type;
DELETE FROM sqlite_sequence WHERE name = 'event_rows';
INSERT INTO sqlite_sequence (name, seq) SELECT 'event_rows', seq FROM sqlite_sequence WHERE name = 'events';
DROP TABLE events;
CREATE INDEX event_rows_by_type ON event_rows (session, type);
CREATE INDEX event_rows_by_name ON event_rows (name) WHERE name IS NOT NULL;

CREATE VIEW events AS SELECT
    e.id AS id, s.id AS session_id, t.name AS event_type, e.subtype AS event_subtype, n.user_id AS user_id,
    n.username AS username, n.display_name AS nickname, e.message AS message,
    strftime('%Y-%m-%dT%H:%M:%fZ', e.time_ms / 1000.0, 'unixepoch') AS timestamp,
    CASE h.quotes WHEN 0 THEN h.head || coalesce(e.tail, '')
        ELSE h.head || json_quote(coalesce(e.message, '')) || coalesce(e.tail, '}') END AS processed_data,
    e.time_ms AS time_ms, e.msg_id AS msg_id, e.frame_id AS frame_id, e.place AS place, e.history AS history
FROM event_rows e
JOIN sessions s ON s.number = e.session
JOIN event_types t ON t.number = e.type
JOIN data_heads h ON h.number = e.head
LEFT JOIN user_names n ON n.number = e.name;

CREATE TABLE frame_packs (
    session INTEGER NOT NULL,               -- sessions.number
    first_frame INTEGER NOT NULL,
    last_frame INTEGER NOT NULL,
    packed BLOB NOT NULL,                   -- see tui_live/store/packing.py
    PRIMARY KEY (session, first_frame)
);
"""

_BADGES = """
ALTER TABLE users ADD COLUMN badges TEXT NOT NULL DEFAULT '[]'; -- short names, as JSON
"""

_SCORES = """
ALTER TABLE sessions ADD COLUMN total_users INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN board TEXT NOT NULL DEFAULT '{}'; -- scale of points, pause, winner, questions, as JSON

CREATE TABLE score_rows (
    session INTEGER NOT NULL,               -- sessions.number
    number INTEGER NOT NULL,                -- people in the order in which they came
    user_id TEXT NOT NULL,
    first_ms INTEGER NOT NULL,              -- UTC
    last_ms INTEGER NOT NULL,
    followed INTEGER NOT NULL,              -- in this session
    gift_points INTEGER NOT NULL,           -- all points in units of 1 / scale (sessions.board)
    like_points INTEGER NOT NULL,
    comment_points INTEGER NOT NULL,
    follow_points INTEGER NOT NULL,
    share_points INTEGER NOT NULL,
    coins INTEGER NOT NULL,
    gifts INTEGER NOT NULL,
    likes INTEGER NOT NULL,
    comments INTEGER NOT NULL,
    follows INTEGER NOT NULL,
    shares INTEGER NOT NULL,
    used TEXT,                              -- what resets have put aside, as JSON: the eleven numbers above
    PRIMARY KEY (session, number)
) WITHOUT ROWID;

CREATE VIEW scores AS SELECT
    s.id AS session_id, r.user_id AS user_id, u.username AS username, u.display_name AS nickname,
    (r.gift_points + r.like_points + r.comment_points + r.follow_points + r.share_points)
        / (coalesce(s.board ->> '$.scale', 1) * 1.0) AS points,
    r.coins AS coins, r.gifts AS gifts, r.likes AS likes, r.comments AS comments, r.follows AS follows,
    r.shares AS shares,
    (r.used ->> 0 + r.used ->> 1 + r.used ->> 2 + r.used ->> 3 + r.used ->> 4)
        / (coalesce(s.board ->> '$.scale', 1) * 1.0) AS used_points,
    strftime('%Y-%m-%dT%H:%M:%fZ', r.first_ms / 1000.0, 'unixepoch') AS first_seen,
    strftime('%Y-%m-%dT%H:%M:%fZ', r.last_ms / 1000.0, 'unixepoch') AS last_seen
FROM score_rows r JOIN sessions s ON s.number = r.session LEFT JOIN users u ON u.user_id = r.user_id;

CREATE TABLE score_actions (
    session INTEGER NOT NULL,
    number INTEGER NOT NULL,
    after_event INTEGER NOT NULL,           -- the last event before it
    deed TEXT NOT NULL,
    time_ms INTEGER NOT NULL,
    user_id TEXT,
    target INTEGER NOT NULL,                -- the action that an undo takes back, the step of a move
    question TEXT,                          -- the comment it is about, as JSON
    PRIMARY KEY (session, number)
) WITHOUT ROWID;

CREATE TABLE score_moves (                  -- what each reset moved
    session INTEGER NOT NULL,
    action INTEGER NOT NULL,
    user_id TEXT NOT NULL,
    tally TEXT NOT NULL,                    -- as score_rows.used, then the scale
    PRIMARY KEY (session, action, user_id)
) WITHOUT ROWID;

CREATE TABLE score_places (                 -- the first hundred, whenever a place has changed since the minute before
    session INTEGER NOT NULL,
    user_id TEXT NOT NULL,
    time_ms INTEGER NOT NULL,
    place INTEGER NOT NULL,                 -- 0: behind the first hundred, or without points
    points INTEGER NOT NULL,
    PRIMARY KEY (session, user_id, time_ms)
) WITHOUT ROWID;
"""

# Words are found by ours alone, and this tokenizer knows no letters but ASCII's: the same words in every SQLite.
_WORDS = """
DROP TABLE search;
CREATE VIRTUAL TABLE search USING fts5 (words, content = '', columnsize = 0, detail = none, tokenize = 'ascii');
INSERT INTO search (rowid, words)
    SELECT e.id, index_words(e.message) FROM event_rows e JOIN event_types t ON t.number = e.type
    WHERE t.name IN ('chat', 'question', 'caption', 'banner', 'intro', 'poll') AND e.message <> '' ORDER BY e.id;
"""

_CLIPS = """
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
"""

# One event in four has a subtype; to find the others of its kind, none that is not is looked at.
_SUBTYPES = """
CREATE INDEX event_rows_by_subtype ON event_rows (session, type, subtype) WHERE subtype IS NOT NULL;
"""

_ANALYSES = """
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
"""

_TRENDS = """
CREATE TABLE trend_runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    started_ms INTEGER NOT NULL,            -- UTC, as all that end so
    seconds REAL NOT NULL,
    wanted INTEGER NOT NULL,
    min_velocity REAL NOT NULL,
    fetched INTEGER NOT NULL,               -- videos that were looked at, each once
    kept INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    dropped TEXT NOT NULL,                  -- how many by reason, as JSON
    problems TEXT NOT NULL,                 -- what was odd about videos, as JSON
    trouble TEXT,                           -- what stood in the way, as JSON
    started_at TEXT GENERATED ALWAYS AS (strftime('%Y-%m-%dT%H:%M:%fZ', started_ms / 1000.0, 'unixepoch')) VIRTUAL
);

CREATE TABLE raw_posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform_post_id TEXT NOT NULL,
    platform TEXT NOT NULL,
    author TEXT NOT NULL,                   -- the handle
    nickname TEXT NOT NULL,
    author_id TEXT NOT NULL,
    verified INTEGER NOT NULL,
    followers INTEGER NOT NULL,
    content TEXT NOT NULL,                  -- the caption
    url TEXT NOT NULL,
    posted_ms INTEGER NOT NULL,
    likes INTEGER NOT NULL,
    comments INTEGER NOT NULL,
    shares INTEGER NOT NULL,
    views INTEGER NOT NULL,
    raw_data TEXT NOT NULL,                 -- TikTok's item as JSON, shortened where it was very large
    fetched_ms INTEGER NOT NULL,            -- when it was like this
    posted_at TEXT GENERATED ALWAYS AS (strftime('%Y-%m-%dT%H:%M:%fZ', posted_ms / 1000.0, 'unixepoch')) VIRTUAL,
    fetched_at TEXT GENERATED ALWAYS AS (strftime('%Y-%m-%dT%H:%M:%fZ', fetched_ms / 1000.0, 'unixepoch')) VIRTUAL,
    UNIQUE (platform, platform_post_id)
);

CREATE TABLE stories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    raw_post_id INTEGER NOT NULL UNIQUE,    -- raw_posts.id
    platform TEXT NOT NULL,
    score REAL NOT NULL,                    -- 0 to 100, as its three parts
    velocity_part REAL NOT NULL,
    credibility REAL NOT NULL,
    relevance REAL NOT NULL,
    engagement_velocity REAL NOT NULL,      -- interactions a minute
    reason_flagged TEXT NOT NULL,
    is_active INTEGER NOT NULL,             -- above the threshold in the last run that brought videos
    entered_run INTEGER NOT NULL,           -- trend_runs.id: the run in which it became active
    last_run INTEGER NOT NULL               -- … and the last in which it was
);
CREATE INDEX stories_active ON stories (is_active) WHERE is_active;

CREATE TABLE trend_points (                 -- how fast a kept video was at each run in which it was seen
    raw_post_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    time_ms INTEGER NOT NULL,
    likes INTEGER NOT NULL,
    comments INTEGER NOT NULL,
    shares INTEGER NOT NULL,
    views INTEGER NOT NULL,
    engagement_velocity REAL NOT NULL,
    PRIMARY KEY (raw_post_id, run_id)
) WITHOUT ROWID;
"""

STEPS: tuple[str, ...] = (_FIRST, _COMPACT, _BADGES, _SCORES, _WORDS, _CLIPS, _SUBTYPES, _ANALYSES, _TRENDS)
