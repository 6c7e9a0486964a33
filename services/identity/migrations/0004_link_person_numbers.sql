-- How a number came to a person: by a log-in with it, or told by the provider as the one before.
alter table person_number add column origin text not null default 'log-in'
  check (origin in ('log-in', 'previous-number'));
alter table person_number add column kind text
  check (kind in ('personalIdentityNumber', 'coordinationNumber'));
-- Two personal identity numbers are two people.
create unique index person_number_personal_identity on person_number (person_id)
  where kind = 'personalIdentityNumber';
