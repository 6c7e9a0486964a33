create table access_log (
  position bigint generated always as identity primary key,
  at timestamptz not null,
  patient_id uuid not null,
  action text not null,
  outcome text not null check (outcome in ('allowed', 'refused')),
  actor_kind text not null check (actor_kind in ('patient', 'recipient', 'system')),
  actor_id text not null,
  client_id text not null,
  session_id text,
  certificate_id uuid,
  type_code text,
  unit_id text,
  source_id text,
  dispatch_id uuid,
  trace_id text
);

create index access_log_of_patient on access_log (patient_id, position desc);

create function refuse_change_of_access_log() returns trigger language plpgsql as $$
begin
  raise exception 'access_log is append-only' using errcode = 'restrict_violation';
end
$$;

create trigger access_log_is_append_only
  before update or delete on access_log
  for each row execute function refuse_change_of_access_log();

create trigger access_log_is_never_emptied
  before truncate on access_log
  for each statement execute function refuse_change_of_access_log();
