-- The revision of the catalogue that the patient's copies of a journal were structured with; null is an older one.
alter table journal_fetch add column catalogue_revision text;
