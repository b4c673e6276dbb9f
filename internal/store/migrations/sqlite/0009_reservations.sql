-- +goose Up
-- What a process will send next of a lane: the rows that may go from one place of its queue to
-- another are that process's alone, without a word on any of them.
CREATE TABLE reservations (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    instance    BIGINT NOT NULL REFERENCES instances (id) ON DELETE CASCADE,
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    tenant_id   TEXT NOT NULL,
    from_due    BIGINT NOT NULL,
    from_id     BIGINT NOT NULL,
    to_due      BIGINT NOT NULL,
    to_id       BIGINT NOT NULL,
    open        BIGINT NOT NULL -- rows that nothing was recorded of yet; 0: it is over
);
CREATE INDEX reservations_lane ON reservations (campaign_id, tenant_id);
CREATE INDEX reservations_instance ON reservations (instance);
-- A program that knows nothing of this would send what is reserved once more. It fails instead.
ALTER TABLE deliveries RENAME COLUMN holder TO held_by;
