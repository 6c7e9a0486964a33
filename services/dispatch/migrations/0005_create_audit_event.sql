-- Access that was refused: to what, to whom, and why. Ids alone, neither numbers nor names.
create table audit_event (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  event text not null,
  reason text not null,
  -- What was asked for, also where there is no such thing.
  resource_id uuid,
  patient_id uuid,
  session_id uuid,
  client_id text,
  recipient_id text,
  route text,
  trace_id text
);
create index audit_event_at on audit_event (at);
create index audit_event_resource on audit_event (resource_id, at);

-- Append-only, also for this service itself; what is older than five years may go.
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.at < now() - interval '5 years' then
    return old;
  end if;
  raise exception 'audit_event is append-only';
end
$$;
create trigger audit_event_append_only before update or delete on audit_event
  for each row execute function refuse_audit_change();
create trigger audit_event_not_truncated before truncate on audit_event
  for each statement execute function refuse_audit_change();
