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
