-- +goose Up
-- When surveys close by themselves, and end what they still send then.
CREATE TABLE survey_closings (
    campaign_id BIGINT PRIMARY KEY REFERENCES campaigns (id) ON DELETE CASCADE,
    at          BIGINT NOT NULL
);
CREATE INDEX survey_closings_at ON survey_closings (at);
INSERT INTO survey_closings (campaign_id, at)
    SELECT id, (CAST(strftime('%s', json_extract(content, '$.Survey.ClosesAt')) AS INTEGER) + 1) * 1000 FROM campaigns
    WHERE kind = 'survey' AND parent_id IS NULL AND started_at IS NOT NULL AND json_extract(content, '$.Survey.ClosesAt') > '0002';
