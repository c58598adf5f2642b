-- How late a use is among those that end alike: when a proof was made, when an approval ends; and
-- how many times it was used.
ALTER TABLE approval_use ADD COLUMN ordered_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE approval_use ADD COLUMN times INTEGER NOT NULL DEFAULT 1;
UPDATE approval_use SET ordered_at = ends_at;

-- Proofs that were used.
CREATE TABLE proof_use (
  id         TEXT    NOT NULL PRIMARY KEY,
  ordered_at BIGINT  NOT NULL,
  ends_at    BIGINT  NOT NULL,
  times      INTEGER NOT NULL,
  delegator  TEXT    NOT NULL,
  authority  TEXT    NOT NULL
);
CREATE INDEX proof_use_end   ON proof_use (ends_at);
CREATE INDEX proof_use_share ON proof_use (delegator, authority);

-- Up to where each memory has forgotten what had ended: nothing of that is taken again.
CREATE TABLE forgotten (
  memory TEXT   NOT NULL PRIMARY KEY,
  up_to  BIGINT NOT NULL
);
INSERT INTO forgotten (memory, up_to) VALUES ('approval_use', -1);
INSERT INTO forgotten (memory, up_to) VALUES ('proof_use', -1);
