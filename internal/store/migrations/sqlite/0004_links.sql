-- +goose Up
-- The addresses that a campaign's author wrote, numbered, with how often they were followed.
CREATE TABLE links (
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    n           INTEGER NOT NULL,
    url         TEXT NOT NULL,
    clicks      BIGINT NOT NULL DEFAULT 0,
    people      BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (campaign_id, n)
);
-- Which links a message's person has followed, each once.
CREATE TABLE link_people (
    delivery_id BIGINT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    n           INTEGER NOT NULL,
    PRIMARY KEY (delivery_id, n)
);

-- A reaction that was taken back stays, with when: what comes late changes nothing newer.
ALTER TABLE reactions ADD COLUMN standing BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE reactions ADD COLUMN at BIGINT NOT NULL DEFAULT 0;

-- What people did with a message that is not recorded as sent: marked when it is.
CREATE TABLE early_marks (
    delivery_id BIGINT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    what        TEXT NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (delivery_id, what)
);
-- What people did with a message whose id is not known yet, while one is on its way to them.
CREATE TABLE early_signals (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id   BIGINT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    what        TEXT NOT NULL,
    activity_id TEXT NOT NULL,
    reaction    TEXT NOT NULL,
    at          BIGINT NOT NULL,
    UNIQUE (person_id, what, activity_id, reaction)
);

-- The tenants that have ever sent a read receipt.
CREATE TABLE receipt_tenants (
    tenant_id TEXT PRIMARY KEY
);
