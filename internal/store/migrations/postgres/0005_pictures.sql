-- +goose Up
-- Pictures that authors uploaded, each once, by what is in it. Its token is its address.
CREATE TABLE pictures (
    token      TEXT PRIMARY KEY,
    sha256     TEXT NOT NULL UNIQUE,
    type       TEXT NOT NULL,
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    data       BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
