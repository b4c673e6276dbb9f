-- +goose Up
-- A change of messages that people have already (a recall, a correction, an expiry) is a campaign
-- of its own with the one it changes as its parent, and a row for each message.
ALTER TABLE campaigns ADD COLUMN parent_id BIGINT REFERENCES campaigns (id) ON DELETE CASCADE;
ALTER TABLE campaigns ADD COLUMN change TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN expires_at BIGINT;
ALTER TABLE campaigns ADD COLUMN waits_for TEXT NOT NULL DEFAULT '[]'; -- rows that were on their way when the change began
ALTER TABLE deliveries ADD COLUMN origin_id BIGINT; -- the row whose message it changes
ALTER TABLE deliveries ADD COLUMN revision BIGINT NOT NULL DEFAULT 0; -- of its campaign, as it was sent
CREATE INDEX campaigns_parent ON campaigns (parent_id, id) WHERE parent_id IS NOT NULL;
CREATE INDEX campaigns_expiring ON campaigns (expires_at) WHERE expires_at IS NOT NULL;
