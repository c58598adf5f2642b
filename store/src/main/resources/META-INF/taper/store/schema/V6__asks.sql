-- Requests for approval that services keep, and what was answered. The name is a digest of the id
-- by which it is asked for; bytes are what it takes of the room, which delegators share.
CREATE TABLE ask (
  name      TEXT    NOT NULL PRIMARY KEY,
  content   TEXT    NOT NULL,
  revision  INTEGER NOT NULL,
  bytes     BIGINT  NOT NULL,
  ends_at   BIGINT  NOT NULL,
  delegator TEXT    NOT NULL,
  authority TEXT    NOT NULL
);
CREATE INDEX ask_end   ON ask (ends_at);
CREATE INDEX ask_share ON ask (delegator, authority);
