import type { GeneratedAlways } from 'kysely'
import type { InboxTables, OutboxTables } from '@minaintyg/messaging'

export interface ConsentRecordTable {
  id: string
  position: GeneratedAlways<number>
  patient_id: string
  kind: 'given' | 'withdrawn'
  text_version: string
  language: 'sv' | 'en'
  channel: string
  loa: string | null
  session_id: string | null
  at: Date
}

interface ErasurePartTable {
  withdrawal_id: string
  part: string
  done_at: Date
  confirmed_at: Date
}

interface ErasureUnderWayTable {
  withdrawal_id: string
  asked_at: Date
}

export interface Database extends InboxTables, OutboxTables {
  consent_record: ConsentRecordTable
  erasure_part: ErasurePartTable
  erasure_under_way: ErasureUnderWayTable
}
