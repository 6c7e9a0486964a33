create table recipient_counter (
  recipient_id text primary key,
  last_sequence bigint not null
);

-- What a recipient is told. Number, bytes and signature are given when it leaves, and never change.
create table recipient_event (
  id uuid primary key,
  dispatch_id uuid not null references dispatch,
  recipient_id text not null,
  type text not null,
  sequence bigint,
  body bytea,
  signature text,
  created_at timestamptz not null,
  unique (recipient_id, sequence),
  check (num_nulls(sequence, body, signature) in (0, 3))
);

create index recipient_event_of_dispatch on recipient_event (dispatch_id);

create table receipt (
  recipient_id text not null,
  id uuid not null,
  dispatch_id uuid not null references dispatch,
  kind text not null,
  at timestamptz not null,
  received_at timestamptz not null,
  reference text,
  reason text,
  question text,
  primary key (recipient_id, id)
);

create index receipt_of_dispatch on receipt (dispatch_id);
