create table consent_record (
  id uuid primary key,
  position bigint generated always as identity,
  patient_id uuid not null,
  kind text not null check (kind in ('given', 'withdrawn')),
  text_version text not null,
  language text not null check (language in ('sv', 'en')),
  channel text not null,
  loa text,
  session_id text,
  at timestamptz not null
);

create unique index consent_record_of_patient on consent_record (patient_id, position desc);

create function refuse_change_of_consent_record() returns trigger language plpgsql as $$
begin
  raise exception 'consent_record is append-only' using errcode = 'restrict_violation';
end
$$;

create trigger consent_record_is_append_only
  before update or delete on consent_record
  for each row execute function refuse_change_of_consent_record();

create trigger consent_record_is_never_emptied
  before truncate on consent_record
  for each statement execute function refuse_change_of_consent_record();
