import type { Generated, JSONColumnType } from 'kysely'
import type { JWK } from 'jose'

export interface Database {
  person: {
    id: string
    number: Buffer
    profile: Buffer
    created_at: Date
    logged_in_at: Date
  }
  person_number: {
    number_hash: string
    person_id: string
    added_at: Date
    origin: Generated<'log-in' | 'previous-number'>
    /** Unknown for those from before it was written down. */
    kind: 'personalIdentityNumber' | 'coordinationNumber' | null
    number: Buffer | null
    lookup_key: string | null
  }
  log_in: { id_hash: string; secrets: Buffer; expires_at: Date }
  session: {
    id: string
    token_hash: string
    person_id: string
    acr: string
    authenticated_at: Date
    provider_subject_hash: string
    provider_session_hash: string | null
    log_out_hint: Buffer
    created_at: Date
    last_used_at: Date
    expires_at: Date
    ended_at: Date | null
  }
  download_grant: { grant_hash: string; session_id: string; resource: string; expires_at: Date }
  signing_key: {
    kid: string
    state: 'next' | 'active' | 'retired'
    public_jwk: JSONColumnType<JWK>
    private_jwk: Buffer
    created_at: Date
    activates_at: Date
    activated_at: Date | null
    retired_at: Date | null
  }
  audit_event: {
    id: Generated<number>
    at: Date
    event: string
    reason: string | null
    detail: string | null
    patient_id: string | null
    session_id: string | null
    client_id: string | null
    route: string | null
    trace_id: string | null
  }
  used_token: { token_hash: string; expires_at: Date }
}
