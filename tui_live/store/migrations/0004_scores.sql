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
