-- What a delegation falls with alone, such as its own key as last holder: what was handed on from
-- it lives. What was recorded before falls with no such thing.
ALTER TABLE stands_on ADD COLUMN alone INTEGER NOT NULL DEFAULT 0;
