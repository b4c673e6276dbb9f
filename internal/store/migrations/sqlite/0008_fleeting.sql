-- +goose Up
-- Of an anonymous survey, rows of a reminder, a correction or shared results would tell who had
-- answered by then: they are forgotten when they are over.
ALTER TABLE campaigns ADD COLUMN fleeting BOOLEAN NOT NULL DEFAULT FALSE;
