-- Counters of budgets: what was charged in all (0 for those with a window), the latest part of the
-- window that was charged, when nothing of it counts any more, and whose part of the room it takes.
CREATE TABLE budget_counter (
  id        TEXT   NOT NULL PRIMARY KEY,
  spent     BIGINT NOT NULL,
  latest    BIGINT NOT NULL,
  ends_at   BIGINT,
  delegator TEXT   NOT NULL,
  authority TEXT   NOT NULL
);
CREATE INDEX budget_counter_end   ON budget_counter (ends_at);
CREATE INDEX budget_counter_share ON budget_counter (delegator, authority);

-- What was charged in each part of a window.
CREATE TABLE budget_part (
  counter TEXT   NOT NULL,
  part    BIGINT NOT NULL,
  amount  BIGINT NOT NULL,
  PRIMARY KEY (counter, part)
);

-- Up to when counters were dropped that had ended: no time before that is charged.
INSERT INTO forgotten (memory, up_to) VALUES ('budget_counter', -1);
