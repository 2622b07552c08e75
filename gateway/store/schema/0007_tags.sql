-- What people noted of messages in the inbox: tags, a JSON array for each message, and the id up to
-- which the inbox was cleared. Tags of a message that is deleted go with it.
CREATE TABLE tags (
    id   INTEGER PRIMARY KEY,
    tags TEXT    NOT NULL
);
CREATE TABLE cleared (
    up_to INTEGER NOT NULL
);
INSERT INTO cleared VALUES (0);

CREATE TRIGGER tags_deleted AFTER DELETE ON messages BEGIN
    DELETE FROM tags WHERE id = OLD.id;
END;
CREATE TRIGGER tags_cleared AFTER UPDATE ON cleared BEGIN
    DELETE FROM tags;
END;
