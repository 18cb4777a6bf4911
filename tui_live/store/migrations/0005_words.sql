-- Words are found by ours alone, and this tokenizer knows no letters but ASCII's: the same words in every SQLite.
DROP TABLE search;
CREATE VIRTUAL TABLE search USING fts5 (words, content = '', columnsize = 0, detail = none, tokenize = 'ascii');
INSERT INTO search (rowid, words)
    SELECT e.id, index_words(e.message) FROM event_rows e JOIN event_types t ON t.number = e.type
    WHERE t.name IN ('chat', 'question', 'caption', 'banner', 'intro', 'poll') AND e.message <> '' ORDER BY e.id;
