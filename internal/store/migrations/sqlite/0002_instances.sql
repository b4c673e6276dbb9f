-- +goose Up
-- Processes that share the database, and what each has begun to send and not recorded yet.
-- A process counts its beat up; the others take one whose beat stands still for dead.
CREATE TABLE instances (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    beat      BIGINT NOT NULL DEFAULT 0,
    in_flight TEXT NOT NULL DEFAULT '[]'
);

-- When the next request of a tenant, or the next message of a campaign with a cap, may go:
-- microseconds since 1970, as they are handed out closer than a millisecond.
CREATE TABLE turns (
    key          TEXT PRIMARY KEY,
    next_at      BIGINT NOT NULL,
    closed_until BIGINT NOT NULL DEFAULT 0
);

-- A row is held by the process that will send it. What was in flight under a lease is
-- handed to a process that never lived, to be decided on like that of a dead one.
ALTER TABLE deliveries ADD COLUMN holder BIGINT;
ALTER TABLE deliveries ADD COLUMN hold BIGINT NOT NULL DEFAULT 0; -- how often it was held
ALTER TABLE deliveries ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
INSERT INTO instances (in_flight)
    SELECT '[' || group_concat(id) || ']' FROM deliveries WHERE lease_until IS NOT NULL HAVING COUNT(*) > 0;
UPDATE deliveries SET holder = (SELECT MIN(id) FROM instances), attempts = attempts - 1 WHERE lease_until IS NOT NULL;

DROP INDEX deliveries_due;
DROP INDEX deliveries_trials;
DROP INDEX deliveries_in_flight;
ALTER TABLE deliveries DROP COLUMN lease_until;
-- What goes next. Whether a row is held stands in no index: to hold one changes no other page
-- than its own, and those held are few and come first.
CREATE INDEX deliveries_due ON deliveries (campaign_id, tenant_id, due_at, id)
    WHERE NOT trial AND state IN ('pending', 'postponed');
CREATE INDEX deliveries_trials ON deliveries (due_at, id)
    WHERE trial AND state IN ('pending', 'postponed');

-- While a campaign's audience is being written down: the last person named, and the last to name.
ALTER TABLE campaigns ADD COLUMN named_to BIGINT;
ALTER TABLE campaigns ADD COLUMN name_to BIGINT;
CREATE INDEX campaigns_naming ON campaigns (id) WHERE named_to IS NOT NULL;
CREATE INDEX people_gone ON people (gone_at) WHERE gone_at IS NOT NULL;
