-- After a withdrawal ids, states and times are what is kept of a dispatch.
alter table dispatch
  alter column certificate_type drop not null,
  alter column certificate_version drop not null,
  alter column certificate_name drop not null,
  alter column document_sha256 drop not null,
  alter column document_size drop not null,
  add column forgotten_at timestamptz,
  add constraint dispatch_is_whole_or_forgotten check (
    case when forgotten_at is null
      then num_nulls(certificate_type, certificate_version, certificate_name, document_sha256, document_size) = 0
      else num_nonnulls(certificate_type, certificate_version, certificate_name) = 0
        and num_nulls(document_sha256, document_size) in (0, 2)
    end);
alter table idempotency_key alter column answer drop not null;

-- A number stays where the bytes are forgotten: a feed has no gaps.
alter table recipient_event
  add column numbered_at timestamptz,
  drop constraint recipient_event_check;
update recipient_event set numbered_at = created_at where sequence is not null;
alter table recipient_event
  add constraint recipient_event_is_numbered check (num_nulls(sequence, numbered_at) in (0, 2)),
  add constraint recipient_event_is_signed check (num_nulls(body, signature) in (0, 2)),
  add constraint recipient_event_leaves_numbered check (sequence is not null or body is null);

-- Rows come in the order of their time, so that this costs an insert nothing.
create index dispatch_requested_at on dispatch using brin (requested_at);
create index idempotency_key_created_at on idempotency_key using brin (created_at);

-- What is due, by the database's own clock: the service's role may delete nothing itself.
create function delete_old_audit_events() returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with gone as (
    delete from audit_event where at < now() - interval '5 years' returning 1
  )
  select count(*) from gone
$$;
