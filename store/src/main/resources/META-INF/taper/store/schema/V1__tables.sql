-- The same statements serve SQLite and PostgreSQL. Moments are milliseconds since 1970; digests
-- and fingerprints are lower-case hex; ${bytes} is the one type that is not called the same.

-- Approvals for a number of calls that were used.
CREATE TABLE approval_use (
  id      TEXT   NOT NULL PRIMARY KEY,
  ends_at BIGINT NOT NULL
);
CREATE INDEX approval_use_end ON approval_use (ends_at);

-- The audit log, a record a row. Nothing changes or deletes one.
CREATE TABLE audit_record (
  sequence BIGINT NOT NULL PRIMARY KEY,
  json     TEXT   NOT NULL
);

-- What is revoked, numbered in the order of entering.
CREATE TABLE revocation (
  fingerprint TEXT   NOT NULL PRIMARY KEY,
  kind        TEXT   NOT NULL,
  ends_at     BIGINT,
  entered_at  BIGINT NOT NULL,
  number      BIGINT NOT NULL UNIQUE
);

-- What of it is signed: snapshots (base 0) and deltas, and the number of the last entry in each.
CREATE TABLE revocation_list (
  sequence  BIGINT NOT NULL PRIMARY KEY,
  base      BIGINT NOT NULL,
  number    BIGINT NOT NULL,
  issued_at BIGINT NOT NULL,
  signed_by TEXT   NOT NULL
);
CREATE TABLE revocation_list_part (
  sequence BIGINT  NOT NULL REFERENCES revocation_list (sequence) ON DELETE CASCADE,
  part     INTEGER NOT NULL,
  content  ${bytes} NOT NULL,
  PRIMARY KEY (sequence, part)
);

-- One row for each hand-over of authority: the block that makes it, and what it leaves.
CREATE TABLE delegation (
  id          TEXT    NOT NULL PRIMARY KEY,
  parent      TEXT    REFERENCES delegation (id),
  depth       INTEGER NOT NULL,
  delegator   TEXT    NOT NULL,
  grantor     TEXT    NOT NULL,
  holder      TEXT,
  holder_key  TEXT    NOT NULL,
  task        TEXT    NOT NULL,
  purpose     TEXT,
  granted     TEXT    NOT NULL,
  root_key    TEXT,
  fingerprint TEXT    NOT NULL,
  ends_at     BIGINT,
  recorded_at BIGINT  NOT NULL,
  denied      BIGINT  NOT NULL
);
CREATE INDEX delegation_parent    ON delegation (parent);
CREATE INDEX delegation_delegator ON delegation (delegator);
CREATE INDEX delegation_holder    ON delegation (holder);
CREATE INDEX delegation_task      ON delegation (task);
CREATE INDEX delegation_end       ON delegation (ends_at);

-- The tools of a delegation, as patterns; a star for any.
CREATE TABLE granted_tool (
  delegation TEXT NOT NULL REFERENCES delegation (id) ON DELETE CASCADE,
  tool       TEXT NOT NULL,
  PRIMARY KEY (delegation, tool)
);

-- The tools that were called and allowed, for every delegation of the chain.
CREATE TABLE tool_use (
  delegation TEXT   NOT NULL REFERENCES delegation (id) ON DELETE CASCADE,
  tool       TEXT   NOT NULL,
  calls      BIGINT NOT NULL,
  first_at   BIGINT NOT NULL,
  last_at    BIGINT NOT NULL,
  PRIMARY KEY (delegation, tool)
);

-- What a delegation falls with, besides its parent: blocks, task, keys, delegator.
CREATE TABLE stands_on (
  fingerprint TEXT NOT NULL,
  delegation  TEXT NOT NULL REFERENCES delegation (id) ON DELETE CASCADE,
  PRIMARY KEY (fingerprint, delegation)
);
CREATE INDEX stands_on_delegation ON stands_on (delegation);

-- Reviews, and what each asks about.
CREATE TABLE review (
  id         INTEGER NOT NULL PRIMARY KEY,
  title      TEXT    NOT NULL,
  started_by TEXT    NOT NULL,
  started_at BIGINT  NOT NULL,
  due_at     BIGINT  NOT NULL,
  closed_at  BIGINT
);
CREATE TABLE review_item (
  review     INTEGER NOT NULL REFERENCES review (id),
  item       INTEGER NOT NULL,
  delegation TEXT    NOT NULL REFERENCES delegation (id),
  verdict    TEXT,
  decided_by TEXT,
  decided_at BIGINT,
  reason     TEXT,
  PRIMARY KEY (review, item),
  UNIQUE (review, delegation)
);
