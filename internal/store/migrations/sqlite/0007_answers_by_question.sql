-- +goose Up
-- The responses to one question are found by its answers: those that count, with their campaign.
ALTER TABLE answers ADD COLUMN answer_of BIGINT;
UPDATE answers SET answer_of = (SELECT r.campaign_id FROM responses r WHERE r.id = response_id AND NOT r.trial) WHERE value <> 'null';
CREATE INDEX answers_question ON answers (answer_of, question_id, response_id) WHERE answer_of IS NOT NULL;
