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
