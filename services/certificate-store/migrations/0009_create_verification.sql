-- Copies on paper that whoever holds one may ask about. The id that stands on it is kept as its hash alone, so that who
-- reads the database cannot ask.
create table verification (
  id_sha256 text primary key,
  patient_id uuid not null references patient_key on delete cascade,
  certificate_id uuid not null,
  adapted boolean not null,
  created_at timestamptz not null
);

create index verification_of_patient on verification (patient_id);

alter table access_log
  drop constraint access_log_actor_kind_check,
  add constraint access_log_actor_kind_check
    check (actor_kind in ('patient', 'recipient', 'system', 'holder'));
