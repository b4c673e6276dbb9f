-- +goose Up
-- How far somebody is in a survey, beside what they answered. Values of answers are JSON.
ALTER TABLE responses ADD COLUMN trial BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE responses ADD COLUMN number BIGINT NOT NULL DEFAULT 0;    -- drawn at random: what a masked response is known by
ALTER TABLE responses ADD COLUMN at_question TEXT NOT NULL DEFAULT ''; -- what is asked now
ALTER TABLE responses ADD COLUMN answered INTEGER NOT NULL DEFAULT 0;  -- questions, without those skipped
ALTER TABLE responses ADD COLUMN touched_at BIGINT NOT NULL DEFAULT 0; -- the last answer
ALTER TABLE responses ADD COLUMN took BIGINT;                          -- milliseconds from the first answer to the last
ALTER TABLE responses ADD COLUMN reacted BIGINT;                       -- milliseconds from the message to the first answer
ALTER TABLE answers ADD COLUMN text_of BIGINT;                         -- of texts and dates that count: the campaign

UPDATE answers SET value = json_quote(value);
UPDATE responses SET number = ABS(RANDOM() / 2), touched_at = COALESCE(finished_at, started_at),
    trial = (SELECT d.trial FROM deliveries d WHERE d.id = delivery_id),
    answered = (SELECT COUNT(*) FROM answers a WHERE a.response_id = responses.id),
    reacted = (SELECT started_at - d.sent_at FROM deliveries d WHERE d.id = delivery_id AND NOT d.trial);

CREATE UNIQUE INDEX responses_number ON responses (campaign_id, number) WHERE NOT trial;
CREATE INDEX responses_took ON responses (campaign_id, took) WHERE took IS NOT NULL;
CREATE INDEX responses_reacted ON responses (campaign_id, reacted) WHERE reacted IS NOT NULL;
CREATE INDEX answers_texts ON answers (text_of, question_id, answered_at) WHERE text_of IS NOT NULL;
-- Test sends of somebody: the other rows have an index by person.
CREATE INDEX deliveries_trial_person ON deliveries (person_id) WHERE trial;

-- How often each value was answered; of the question '' how many responded, completed, and how
-- long they took together, in milliseconds. A busy value is counted in several slots, so that those
-- who answer it at once don't wait for each other; what counts is their sum.
CREATE TABLE survey_counts (
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    question_id TEXT NOT NULL,
    value       TEXT NOT NULL,
    slot        INTEGER NOT NULL,
    count       BIGINT NOT NULL,
    PRIMARY KEY (campaign_id, question_id, value, slot)
);
INSERT INTO survey_counts (campaign_id, question_id, value, slot, count)
    SELECT r.campaign_id, a.question_id, a.value, 0, COUNT(*) FROM answers a JOIN responses r ON r.id = a.response_id
    WHERE NOT r.trial GROUP BY r.campaign_id, a.question_id, a.value;
INSERT INTO survey_counts (campaign_id, question_id, value, slot, count)
    SELECT campaign_id, '', 'responses', 0, COUNT(*) FROM responses WHERE NOT trial AND (answered > 0 OR finished_at IS NOT NULL) GROUP BY campaign_id;
INSERT INTO survey_counts (campaign_id, question_id, value, slot, count)
    SELECT campaign_id, '', 'completed', 0, COUNT(finished_at) FROM responses WHERE NOT trial GROUP BY campaign_id;
INSERT INTO survey_counts (campaign_id, question_id, value, slot, count)
    SELECT campaign_id, '', 'reacted_people', 0, COUNT(reacted) FROM responses WHERE NOT trial GROUP BY campaign_id;
INSERT INTO survey_counts (campaign_id, question_id, value, slot, count)
    SELECT campaign_id, '', 'reacted', 0, COALESCE(SUM(reacted), 0) FROM responses WHERE NOT trial GROUP BY campaign_id;

-- When surveys remind people at set times, and whom at their own wish (NULL: they were reminded).
CREATE TABLE survey_reminders (
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    at          BIGINT NOT NULL,
    PRIMARY KEY (campaign_id, at)
);
CREATE INDEX survey_reminders_at ON survey_reminders (at);
CREATE TABLE survey_later (
    delivery_id BIGINT PRIMARY KEY REFERENCES deliveries (id) ON DELETE CASCADE,
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    due_at      BIGINT
);
CREATE INDEX survey_later_due ON survey_later (due_at) WHERE due_at IS NOT NULL;

-- Anonymous surveys (docs/privacy.md): who answered, a bit a person, and what was answered, with
-- nothing that leads from the one to the other. Bit n of block b is the person 65536 b + n.
CREATE TABLE survey_participation (
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    block       BIGINT NOT NULL,
    bits        BLOB NOT NULL,
    PRIMARY KEY (campaign_id, block)
);
CREATE TABLE survey_ballots (
    campaign_id BIGINT PRIMARY KEY REFERENCES campaigns (id) ON DELETE CASCADE,
    responses   BIGINT NOT NULL DEFAULT 0,
    counts      TEXT NOT NULL DEFAULT '{}',
    shown       TEXT NOT NULL DEFAULT '{}' -- the results as they are shown, with their number of responses
);
-- What people wrote, sorted, in as few rows as can be.
CREATE TABLE survey_texts (
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    question_id TEXT NOT NULL,
    part        INTEGER NOT NULL,
    texts       TEXT NOT NULL,
    PRIMARY KEY (campaign_id, question_id, part)
);
