-- +goose Up
-- Here the reference stays: it costs nothing to speak of.
SELECT 1;
