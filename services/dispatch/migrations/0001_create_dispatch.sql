create table dispatch (
  id uuid primary key,
  position bigint generated always as identity,
  patient_id uuid not null,
  certificate_id uuid not null,
  certificate_type text not null,
  certificate_version text not null,
  certificate_name text not null,
  recipient_id text not null,
  state text not null check (state in (
    'queued', 'delivered', 'received', 'accepted', 'rejected', 'completionRequested',
    'cancelled', 'parked', 'revoked')),
  document_sha256 text not null,
  document_size integer not null,
  requested_at timestamptz not null,
  delivered_at timestamptz,
  received_at timestamptz,
  fetched_at timestamptz,
  -- Ended because consent was withdrawn, and whether the patient has been told how many.
  withdrawn_at timestamptz,
  withdrawal_told boolean not null default false
);

-- However many requests arrive at once, a certificate is on its way to a recipient once.
create unique index dispatch_live on dispatch (patient_id, certificate_id, recipient_id)
  where state in ('queued', 'delivered', 'received', 'accepted', 'completionRequested');

create index dispatch_of_patient on dispatch (patient_id, position desc);
create index dispatch_of_certificate on dispatch (certificate_id, position desc);

create table timeline_entry (
  dispatch_id uuid not null references dispatch,
  position bigint generated always as identity,
  state text not null,
  at timestamptz not null,
  note text,
  primary key (dispatch_id, position)
);

create table idempotency_key (
  patient_id uuid not null,
  key text not null,
  request_hash text not null,
  dispatch_id uuid not null,
  answer jsonb not null,
  created_at timestamptz not null,
  primary key (patient_id, key)
);
