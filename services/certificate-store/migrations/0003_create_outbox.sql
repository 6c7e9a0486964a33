create table outbox (
  id uuid primary key,
  position bigint generated always as identity,
  type text not null,
  subject text,
  exchange text not null,
  routing_key text not null,
  body bytea not null,
  headers jsonb not null default '{}',
  traceparent text,
  occurred_at timestamptz not null,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default '-infinity',
  published_at timestamptz,
  parked_at timestamptz,
  cancelled_at timestamptz,
  last_error text
);

create index outbox_pending on outbox (position)
  where published_at is null and parked_at is null and cancelled_at is null;

create index outbox_pending_subject on outbox (subject, position)
  where published_at is null and parked_at is null and cancelled_at is null;

create index outbox_published on outbox (published_at) where published_at is not null;
