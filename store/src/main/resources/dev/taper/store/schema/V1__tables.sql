-- The same statements serve SQLite and PostgreSQL. Moments are milliseconds since 1970, digests
-- and ids are lower-case hex.

-- Single-use approvals that were used.
CREATE TABLE approval_use (
  id        TEXT   NOT NULL PRIMARY KEY,
  ends_at   BIGINT NOT NULL
);
CREATE INDEX approval_use_end ON approval_use (ends_at);
