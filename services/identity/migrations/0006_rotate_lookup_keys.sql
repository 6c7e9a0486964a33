-- The number, sealed, so that it can be found by the hash of another key; and which key its hash is of.
-- Both are unknown for numbers from before, until their next log-in.
alter table person_number add column number bytea;
alter table person_number add column lookup_key text;
