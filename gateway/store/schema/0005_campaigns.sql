-- The newest round of each campaign of reminders, {"weekly": {...}, ...}, up to `folded.seq` as all
-- that is folded: one that has no ended_at goes on after a restart.
ALTER TABLE folded ADD COLUMN campaigns TEXT NOT NULL DEFAULT '{}';
