-- Which server kept what a memory holds, as of its last look: the system and its timeline; nothing
-- for a file, or before the first look. And up to when claims may have been lost, as a server went on
-- from a copy that may have been behind.
ALTER TABLE forgotten ADD COLUMN server TEXT NOT NULL DEFAULT '';
ALTER TABLE forgotten ADD COLUMN lost_at BIGINT;
