-- What is due, by the database's own clock: the service's role may delete nothing itself.
create function delete_old_audit_events() returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with gone as (
    delete from audit_event where at < now() - interval '5 years' returning 1
  )
  select count(*) from gone
$$;
