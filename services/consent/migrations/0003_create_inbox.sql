create table inbox (
  event_id uuid not null,
  handler text not null,
  attempts integer not null default 1,
  received_at timestamptz not null default now(),
  handled_at timestamptz,
  dead_at timestamptz,
  last_error text,
  primary key (event_id, handler)
);

create index inbox_handled on inbox (handled_at) where handled_at is not null;
