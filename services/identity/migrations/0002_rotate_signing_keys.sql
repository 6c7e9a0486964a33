-- When a key that is published may begin to sign.
alter table signing_key add column activates_at timestamptz;
update signing_key set activates_at = coalesce(activated_at, created_at);
alter table signing_key alter column activates_at set not null;
create unique index signing_key_next on signing_key (state) where state = 'next';
