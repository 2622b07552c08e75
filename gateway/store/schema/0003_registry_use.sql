-- How often the civil registry was asked, for its quota: {"telkomsel": [day, count], ...}, the day
-- counted in WIB from 1970, up to `folded.seq` as all that is folded.
ALTER TABLE folded ADD COLUMN registry_use TEXT NOT NULL DEFAULT '{}';
