create table person (
  id uuid primary key,
  -- Sealed; nothing about the person stands in clear.
  number bytea not null,
  profile bytea not null,
  created_at timestamptz not null,
  logged_in_at timestamptz not null
);

-- A table of its own, so that a changed number can lead to the same person.
create table person_number (
  number_hash text primary key,
  person_id uuid not null references person (id) on delete cascade,
  added_at timestamptz not null
);
create index person_number_person on person_number (person_id);

create table log_in (
  id_hash text primary key,
  secrets bytea not null,
  expires_at timestamptz not null
);
create index log_in_expiry on log_in (expires_at);

create table session (
  id uuid primary key,
  token_hash text not null unique,
  person_id uuid not null references person (id) on delete cascade,
  acr text not null,
  authenticated_at timestamptz not null,
  provider_subject_hash text not null,
  provider_session_hash text,
  log_out_hint bytea not null,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index session_person on session (person_id);
create index session_provider_subject on session (provider_subject_hash);
create index session_provider_session on session (provider_session_hash);
create index session_expiry on session (expires_at);

create table download_grant (
  grant_hash text primary key,
  session_id uuid not null references session (id) on delete cascade,
  resource text not null,
  expires_at timestamptz not null
);
create index download_grant_expiry on download_grant (expires_at);
create index download_grant_session on download_grant (session_id);

create table signing_key (
  kid text primary key,
  state text not null check (state in ('next', 'active', 'retired')),
  public_jwk jsonb not null,
  private_jwk bytea not null,
  created_at timestamptz not null,
  activated_at timestamptz,
  retired_at timestamptz
);
create unique index signing_key_active on signing_key (state) where state = 'active';

-- Client assertions and log-out tokens, each of which may be used once.
create table used_token (
  token_hash text primary key,
  expires_at timestamptz not null
);
create index used_token_expiry on used_token (expires_at);
