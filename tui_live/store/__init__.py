"""SQLite: the recorder that writes, the sessions, and the queries that read."""
