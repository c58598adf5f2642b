-- Whose part of the memory of used approvals a row takes: digests of the delegator's name and of
-- the authority block. What was used before takes nobody's part.
ALTER TABLE approval_use ADD COLUMN delegator TEXT NOT NULL DEFAULT '';
ALTER TABLE approval_use ADD COLUMN authority TEXT NOT NULL DEFAULT '';
CREATE INDEX approval_use_share ON approval_use (delegator, authority);

-- For how many calls each was used.
ALTER TABLE approval_use ADD COLUMN uses BIGINT NOT NULL DEFAULT 1;
