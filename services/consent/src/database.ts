import type { GeneratedAlways } from 'kysely'
import type { OutboxTables } from '@minaintyg/messaging'

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

export interface Database extends OutboxTables {
  consent_record: ConsentRecordTable
}
