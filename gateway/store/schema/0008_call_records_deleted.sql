-- Call records go like messages: how many calls and data sessions were deleted in all.
ALTER TABLE deleted ADD COLUMN call_records INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER call_deleted AFTER DELETE ON calls BEGIN
    UPDATE deleted SET call_records = call_records + 1;
END;

CREATE TRIGGER data_session_deleted AFTER DELETE ON data_sessions BEGIN
    UPDATE deleted SET call_records = call_records + 1;
END;
