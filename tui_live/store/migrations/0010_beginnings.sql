-- Of a long text the index has the beginning alone. (Some letters become eighteen when they are folded.)
INSERT INTO search (search, rowid, words)
    SELECT 'delete', e.id, index_words(e.message) FROM event_rows e JOIN event_types t ON t.number = e.type
    WHERE t.name IN ('chat', 'question', 'caption', 'banner', 'intro', 'poll') AND length(e.message) > 55
        AND is_cut(e.message);
INSERT INTO search (rowid, words)
    SELECT e.id, index_beginning(e.message) FROM event_rows e JOIN event_types t ON t.number = e.type
    WHERE t.name IN ('chat', 'question', 'caption', 'banner', 'intro', 'poll') AND length(e.message) > 55
        AND is_cut(e.message);
