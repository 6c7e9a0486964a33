-- What a journal has pushed may be absent from its list until then; null once the list has held it.
alter table certificate add column expected_until timestamptz;

-- Finds out whether a journal's id is another patient's already.
create index certificate_of_journal on certificate (source_id, journal_id);
