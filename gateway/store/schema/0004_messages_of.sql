-- Which messages a number has, in blocks of 2^18 ids: what is new lies close together, so that to
-- write it costs the same however many there are. In place of message_index.
CREATE TABLE messages_of (
    block  INTEGER NOT NULL,
    msisdn INTEGER NOT NULL,
    id     INTEGER NOT NULL,
    PRIMARY KEY (block, msisdn, id)
) WITHOUT ROWID;
INSERT INTO messages_of SELECT id / 262144, msisdn, id FROM message_index ORDER BY 1, 2, 3;
DROP TABLE message_index;
