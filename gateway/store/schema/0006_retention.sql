-- What was deleted because it was older than [retention] keeps: how much in all, and the newest
-- message of it. The triggers make one atomic step of a deletion, with what says so and the index.
CREATE TABLE deleted (
    messages INTEGER NOT NULL,
    records  INTEGER NOT NULL,
    up_to    INTEGER NOT NULL
);
INSERT INTO deleted VALUES (0, 0, 0);

CREATE TRIGGER message_deleted AFTER DELETE ON messages BEGIN
    DELETE FROM messages_of WHERE block = OLD.id / 262144 AND id = OLD.id
        AND msisdn = CAST(json_extract(OLD.body, '$.source') AS INTEGER);
    DELETE FROM messages_of WHERE block = OLD.id / 262144 AND id = OLD.id
        AND msisdn = CAST(json_extract(OLD.body, '$.destination') AS INTEGER);
    UPDATE deleted SET messages = messages + 1, up_to = max(up_to, OLD.id);
END;

CREATE TRIGGER records_deleted AFTER DELETE ON journal BEGIN
    UPDATE deleted SET records = records + OLD.last - OLD.first + 1;
END;
