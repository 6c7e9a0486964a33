alter table access_log
  add column purpose text check (purpose in ('own-access', 'disclosure', 'upkeep')),
  -- Code of the problem that was answered where it was refused.
  add column reason text,
  add column care_provider_id text,
  -- Whose it is, where a patient asked for what is another's: for those who investigate, never for the two.
  add column owner_id uuid;

create index access_log_of_owner on access_log (owner_id, position) where owner_id is not null;
-- Finds out whose it is that was asked for in vain.
create index certificate_by_id on certificate (id);

-- The chain over the log: each entry's keyed hash holds the one before it.
create table access_log_seal (
  sequence bigint primary key,
  position bigint not null unique,
  key_id text not null,
  hash bytea not null
);

-- What waits for its seal. Positions are committed out of order; this tells what has come.
create table access_log_unsealed (position bigint primary key);
insert into access_log_unsealed select position from access_log;

create function await_seal_of_access() returns trigger language plpgsql as $$
begin
  insert into access_log_unsealed select position from entries;
  return null;
end
$$;
create trigger access_log_awaits_seal after insert on access_log
  referencing new table as entries for each statement execute function await_seal_of_access();

-- Five years: HSLF-FS 2016:40, chapter 4, section 9. By the database's own clock, for its owner as well.
create function access_log_is_kept_since() returns timestamptz
language sql stable as $$ select now() - interval '5 years' $$;

create or replace function refuse_change_of_access_log() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.at < access_log_is_kept_since() then
    return old;
  end if;
  raise exception 'access_log is append-only' using errcode = 'restrict_violation';
end
$$;

create function refuse_change_of_access_log_seal() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and not exists (select from access_log where position = old.position) then
    return old;
  end if;
  raise exception 'access_log_seal is append-only' using errcode = 'restrict_violation';
end
$$;
create trigger access_log_seal_is_append_only
  before update or delete on access_log_seal
  for each row execute function refuse_change_of_access_log_seal();
create trigger access_log_seal_is_never_emptied
  before truncate on access_log_seal
  for each statement execute function refuse_change_of_access_log_seal();

-- Deletes what is due from the beginning of the chain, up to 10 000 entries at a time. The last entry that is due stays,
-- with the seal before it: they prove that what is gone was due.
create function delete_old_accesses() returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  first bigint := (select min(sequence) from access_log_seal);
  last bigint;
  deleted bigint;
begin
  last := coalesce(
    (select s.sequence - 1 from access_log_seal s join access_log a using (position)
      where a.at >= access_log_is_kept_since() order by s.sequence limit 1),
    (select max(sequence) from access_log_seal));
  last := least(last, first + 10000);
  delete from access_log a using access_log_seal s
    where a.position = s.position and s.sequence < last;
  get diagnostics deleted = row_count;
  delete from access_log_seal where sequence < last - 1;
  return deleted;
end
$$;
