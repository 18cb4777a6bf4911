ALTER TABLE users ADD COLUMN badges TEXT NOT NULL DEFAULT '[]'; -- short names, as JSON
