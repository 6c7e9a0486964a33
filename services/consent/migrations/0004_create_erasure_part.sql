-- Which part of a withdrawal is done. What is not here yet is still being done.
create table erasure_part (
  withdrawal_id uuid not null references consent_record (id),
  part text not null check (part in ('certificate-store', 'rendering', 'dispatch')),
  done_at timestamptz not null,
  confirmed_at timestamptz not null,
  primary key (withdrawal_id, part)
);

-- Withdrawals whose parts are not all done, each until they are; the watch reads this and nothing else.
create table erasure_under_way (
  withdrawal_id uuid primary key references consent_record (id),
  asked_at timestamptz not null
);

create index erasure_under_way_asked on erasure_under_way (asked_at);
