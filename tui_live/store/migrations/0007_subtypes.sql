-- One event in four has a subtype; to find the others of its kind, none that is not is looked at.
CREATE INDEX event_rows_by_subtype ON event_rows (session, type, subtype) WHERE subtype IS NOT NULL;
