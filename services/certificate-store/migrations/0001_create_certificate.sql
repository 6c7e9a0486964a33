create table patient_key (
  patient_id uuid primary key,
  key_id uuid not null,
  sealed_key bytea not null,
  created_at timestamptz not null default now()
);

create table journal_fetch (
  patient_id uuid not null references patient_key on delete cascade,
  source_id text not null,
  fetched_at timestamptz not null,
  primary key (patient_id, source_id)
);

create table certificate (
  id uuid primary key,
  patient_id uuid not null references patient_key on delete cascade,
  source_id text not null,
  journal_id text not null,
  type_code text not null,
  type_version text not null,
  unit_id text not null,
  issued_at timestamptz,
  -- When it was issued, or first seen where the journal does not say: what lists go by.
  listed_at timestamptz not null,
  readable boolean not null,
  revoked_at timestamptz,
  sent_by_care_at timestamptz,
  replaced boolean not null default false,
  complemented boolean not null default false,
  archived_at timestamptz,
  restored_at timestamptz,
  missing_at timestamptz,
  -- Of the original bytes; null where there are none.
  document_sha256 text,
  document_size integer,
  -- What came and what labels were laid on it: the same again changes nothing.
  fingerprint text not null,
  sealed_line bytea not null,
  sealed_content bytea not null,
  sealed_document bytea,
  stored_at timestamptz not null,
  unique (patient_id, source_id, journal_id)
);

create table certificate_relation (
  certificate_id uuid not null references certificate on delete cascade,
  patient_id uuid not null,
  kind text not null check (kind in ('replaces', 'complements', 'extends', 'copyOf')),
  to_journal_id text not null,
  primary key (certificate_id, kind, to_journal_id)
);

create index certificate_relation_of_patient on certificate_relation (patient_id, to_journal_id);

create table certificate_dispatch (
  dispatch_id uuid not null,
  certificate_id uuid not null references certificate on delete cascade,
  patient_id uuid not null,
  recipient_id text not null,
  delivered_at timestamptz,
  received_at timestamptz,
  primary key (dispatch_id)
);

create index certificate_dispatch_of_patient on certificate_dispatch (patient_id, certificate_id);
create index certificate_dispatch_of_certificate on certificate_dispatch (certificate_id);
