-- What was deleted because it was older than [retention] keeps: how much in all, and the newest
-- message of it. The triggers make one atomic step of a deletion and what says so. What the index
-- messages_of says of deleted messages goes later, by whole blocks.
CREATE TABLE deleted (
    messages INTEGER NOT NULL,
    records  INTEGER NOT NULL,
    up_to    INTEGER NOT NULL
);
INSERT INTO deleted VALUES (0, 0, 0);

CREATE TRIGGER message_deleted AFTER DELETE ON messages BEGIN
    UPDATE deleted SET messages = messages + 1, up_to = max(up_to, OLD.id);
END;

CREATE TRIGGER records_deleted AFTER DELETE ON journal BEGIN
    UPDATE deleted SET records = records + OLD.last - OLD.first + 1;
END;
