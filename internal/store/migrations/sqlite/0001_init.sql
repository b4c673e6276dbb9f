-- +goose Up
-- Times are milliseconds since 1970 in UTC, in both dialects: one type that compares the
-- same everywhere. JSON is text that only the program reads. A column x_key is x as it is
-- compared, in lower case; the program writes it, as the databases differ on what that is.

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE people (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    channel         TEXT NOT NULL,
    user_id         TEXT NOT NULL,
    tenant_id       TEXT NOT NULL,
    aad_object_id   TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    service_url     TEXT NOT NULL,
    bot_id          TEXT NOT NULL,
    name            TEXT NOT NULL,
    name_key        TEXT NOT NULL,
    first_name      TEXT NOT NULL,
    last_name       TEXT NOT NULL,
    email           TEXT NOT NULL,
    email_key       TEXT NOT NULL,
    upn             TEXT NOT NULL,
    upn_key         TEXT NOT NULL,
    locale          TEXT NOT NULL,
    time_zone       TEXT NOT NULL,
    installed       BOOLEAN NOT NULL,
    installed_at    BIGINT,
    gone_at         BIGINT,
    welcomed_at     BIGINT,
    answered_at     BIGINT,
    roster_due_at   BIGINT,
    roster_tries    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (channel, user_id)
);
CREATE INDEX people_email ON people (email_key);
CREATE INDEX people_upn ON people (upn_key);
CREATE INDEX people_installed ON people (channel, id) WHERE installed;
CREATE INDEX people_roster ON people (roster_due_at) WHERE roster_due_at IS NOT NULL;

CREATE TABLE campaigns (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    revision    BIGINT NOT NULL,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    channel     TEXT NOT NULL,
    kind        TEXT NOT NULL,
    status      TEXT NOT NULL,
    content     TEXT NOT NULL,
    audience    TEXT NOT NULL,
    delivery    TEXT NOT NULL,
    start_at    BIGINT,
    notice      TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  TEXT NOT NULL,
    updated_at  BIGINT NOT NULL,
    started_at  BIGINT,
    finished_at BIGINT
);
CREATE INDEX campaigns_status ON campaigns (status, start_at);

-- How the rows of a campaign stand, changed in the transaction that changes a row, so that
-- a report on a million deliveries reads one row.
CREATE TABLE campaign_counts (
    campaign_id BIGINT PRIMARY KEY REFERENCES campaigns (id) ON DELETE CASCADE,
    listed      BIGINT NOT NULL DEFAULT 0,
    unreachable BIGINT NOT NULL DEFAULT 0,
    pending     BIGINT NOT NULL DEFAULT 0,
    postponed   BIGINT NOT NULL DEFAULT 0,
    sent        BIGINT NOT NULL DEFAULT 0,
    failed      BIGINT NOT NULL DEFAULT 0,
    unscheduled BIGINT NOT NULL DEFAULT 0,
    uncertain   BIGINT NOT NULL DEFAULT 0,
    cancelled   BIGINT NOT NULL DEFAULT 0,
    seen        BIGINT NOT NULL DEFAULT 0,
    clicked     BIGINT NOT NULL DEFAULT 0,
    answered    BIGINT NOT NULL DEFAULT 0
);

-- The tenants that a campaign goes to: each is throttled, and so claimed, on its own.
CREATE TABLE campaign_lanes (
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    tenant_id   TEXT NOT NULL,
    PRIMARY KEY (campaign_id, tenant_id)
);

CREATE TABLE deliveries (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    trial       BOOLEAN NOT NULL,
    person_id   BIGINT REFERENCES people (id),
    address     TEXT NOT NULL,
    tenant_id   TEXT NOT NULL,
    state       TEXT NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    due_at      BIGINT,
    lease_until BIGINT,
    activity_id TEXT NOT NULL DEFAULT '',
    sent_at     BIGINT,
    seen_at     BIGINT,
    clicked_at  BIGINT,
    answered_at BIGINT,
    code        TEXT NOT NULL DEFAULT '',
    reason      TEXT NOT NULL DEFAULT ''
);
-- One row a person, whatever happens; one row an address of somebody unknown, which is
-- emptied when that person is erased.
CREATE UNIQUE INDEX deliveries_person ON deliveries (person_id, campaign_id) WHERE NOT trial AND person_id IS NOT NULL;
CREATE UNIQUE INDEX deliveries_address ON deliveries (address, campaign_id) WHERE NOT trial AND person_id IS NULL AND address <> '';
-- What is claimed next.
CREATE INDEX deliveries_due ON deliveries (campaign_id, tenant_id, due_at, id)
    WHERE NOT trial AND lease_until IS NULL AND state IN ('pending', 'postponed');
CREATE INDEX deliveries_trials ON deliveries (due_at, id)
    WHERE trial AND lease_until IS NULL AND state IN ('pending', 'postponed');
-- What is in flight: a few rows among millions. A batch of outcomes joins through it.
CREATE INDEX deliveries_in_flight ON deliveries (id) WHERE lease_until IS NOT NULL;
-- What a report lists.
CREATE INDEX deliveries_state ON deliveries (campaign_id, state, id);

CREATE TABLE reactions (
    delivery_id BIGINT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    type        TEXT NOT NULL,
    PRIMARY KEY (delivery_id, type)
);
CREATE TABLE campaign_reactions (
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    type        TEXT NOT NULL,
    count       BIGINT NOT NULL,
    PRIMARY KEY (campaign_id, type)
);

CREATE TABLE responses (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    campaign_id BIGINT NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    delivery_id BIGINT NOT NULL UNIQUE REFERENCES deliveries (id) ON DELETE CASCADE,
    started_at  BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX responses_campaign ON responses (campaign_id, id);
CREATE TABLE answers (
    response_id BIGINT NOT NULL REFERENCES responses (id) ON DELETE CASCADE,
    question_id TEXT NOT NULL,
    value       TEXT NOT NULL,
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (response_id, question_id)
);

-- Activities already acted on, kept a day: the channel may deliver one again.
CREATE TABLE inbox (
    key TEXT PRIMARY KEY,
    at  BIGINT NOT NULL
);
CREATE INDEX inbox_at ON inbox (at);

-- Results of requests that carried an idempotency key; status 0 while the first is under way.
CREATE TABLE idempotency (
    key     TEXT PRIMARY KEY,
    request TEXT NOT NULL,
    status  INTEGER NOT NULL,
    header  TEXT NOT NULL,
    body    TEXT NOT NULL,
    at      BIGINT NOT NULL
);
CREATE INDEX idempotency_at ON idempotency (at);
