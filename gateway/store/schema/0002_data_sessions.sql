-- Data sessions that ended, for call records; calls have a table of their own.
CREATE TABLE data_sessions (
    msisdn     INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ref        TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    UNIQUE (msisdn, started_at, ref)
);
