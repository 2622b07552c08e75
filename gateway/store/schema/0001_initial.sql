-- The truth: what was decided, one row a batch, appended before anything is answered.
-- `records` is a JSON array; the view below gives one row a record.
CREATE TABLE journal (
    first   INTEGER PRIMARY KEY,
    last    INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    records TEXT    NOT NULL
);

CREATE VIEW journal_records AS
SELECT json_extract(record.value, '$.seq')        AS seq,
       json_extract(record.value, '$.at')         AS at,
       json_extract(record.value, '$.event.type') AS event,
       json_extract(record.value, '$.why')        AS why,
       record.value                               AS record
FROM journal, json_each(journal.records) AS record;

-- What follows from the journal, written behind: the state up to `folded.seq`.
CREATE TABLE folded (
    seq     INTEGER NOT NULL,
    next_id INTEGER NOT NULL
);
INSERT INTO folded VALUES (0, 1);

CREATE TABLE subscribers (
    msisdn   INTEGER PRIMARY KEY,
    operator TEXT NOT NULL,
    status   TEXT NOT NULL,
    body     TEXT NOT NULL
);

CREATE TABLE messages (
    id    INTEGER PRIMARY KEY,
    state TEXT NOT NULL,
    body  TEXT NOT NULL
);
CREATE INDEX messages_pending ON messages (id) WHERE state = 'ENROUTE';

CREATE TABLE message_index (
    msisdn INTEGER NOT NULL,
    id     INTEGER NOT NULL,
    PRIMARY KEY (msisdn, id)
) WITHOUT ROWID;

CREATE TABLE calls (
    id    INTEGER PRIMARY KEY,
    state TEXT NOT NULL,
    body  TEXT NOT NULL
);
