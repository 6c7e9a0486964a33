-- What a patient said is kept for as long as the access log that it is the ground of: five years from the withdrawal,
-- after which nothing was read. By the database's own clock, for its owner as well.
create function consent_record_is_kept_since() returns timestamptz
language sql stable as $$ select now() - interval '5 years' $$;

create function consent_record_is_due(patient uuid, up_to bigint) returns boolean
language sql stable as $$
  select exists (
    select from consent_record
    where patient_id = patient and position >= up_to and kind = 'withdrawn'
      and at < consent_record_is_kept_since()
  )
$$;

create index consent_record_withdrawn on consent_record (at) where kind = 'withdrawn';

create or replace function refuse_change_of_consent_record() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and consent_record_is_due(old.patient_id, old.position) then
    return old;
  end if;
  raise exception 'consent_record is append-only' using errcode = 'restrict_violation';
end
$$;

-- Deletes what is due: up to 1 000 withdrawals at a time, each with what was said before it. Where one is still
-- being carried out, all stay.
create function delete_old_consent_records() returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  due uuid[] := array(
    select id from consent_record r
    where kind = 'withdrawn' and at < consent_record_is_kept_since()
      and not exists (
        select from erasure_under_way join consent_record w on w.id = withdrawal_id
        where w.patient_id = r.patient_id)
    order by at limit 1000);
  doomed uuid[] := array(
    select r.id from consent_record r
      join consent_record w on w.patient_id = r.patient_id and r.position < w.position
    where w.id = any (due));
  earlier bigint;
  later bigint;
begin
  delete from erasure_part where withdrawal_id = any (doomed || due);
  -- The withdrawals last: it is by them that the others are due.
  delete from consent_record where id = any (doomed) and id <> all (due);
  get diagnostics earlier = row_count;
  delete from consent_record where id = any (due);
  get diagnostics later = row_count;
  return earlier + later;
end
$$;
