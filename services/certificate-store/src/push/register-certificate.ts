import { typeRule } from '@minaintyg/certificate-model'
import { AppError } from '@minaintyg/errors'
import type { Trace } from '@minaintyg/service'
import type { Kysely } from 'kysely'
import type { AccessLog } from '../access-log/access-log-repository.ts'
import type { RequireConsent } from '../clients/consent-client.ts'
import type { FindPatient } from '../clients/identity-client.ts'
import type { CopyRepository } from '../copies/copy-repository.ts'
import { makeCopy } from '../copies/make-copy.ts'
import type { Catalogue } from '../structure/catalogue-model.ts'
import type { Copy } from '../copies/make-copy.ts'
import { nameEntries } from '../copies/name-entries.ts'
import type { PatientKey, PatientKeyRepository } from '../copies/patient-key-repository.ts'
import { settleStanding } from '../copies/standing.ts'
import { tellChanges } from '../copies/tell-changes.ts'
import type { Database, Tx } from '../database.ts'
import { errors } from '../errors.ts'
import type { Identifiers } from '../identifiers.ts'
import type { JournalSource } from '../journals/journal-source.ts'
import type { ParsedCertificate } from '../rivta/parsed-certificate.ts'
import { pushedRepository } from './pushed-repository.ts'
import { results } from './result.ts'
import type { Result } from './result.ts'

interface Deps {
  db: Kysely<Database>
  copies: CopyRepository
  keys: PatientKeyRepository
  accessLog: AccessLog
  requireConsent: RequireConsent
  findPatient: FindPatient
  identifiers: Identifiers
  catalogue: Catalogue
  /** Milliseconds that the journal's list may lag behind. */
  grace: number
  now: () => Date
}

export interface Registration {
  entry: ParsedCertificate
  source: JournalSource
  trace: Trace
}

const isNoConsent = (error: unknown) =>
  error instanceof AppError && error.code === errors.consentRequired.code

function createAdmit({ keys, requireConsent }: Pick<Deps, 'keys' | 'requireConsent'>) {
  // As with what is fetched: the key is there before consent is asked, and it is held while the copy is stored.
  return async (patientId: string, trace: Trace): Promise<PatientKey> => {
    const before = await keys.find(patientId)
    await requireConsent(patientId, trace)
    if (before !== undefined) return before
    const key = await keys.ensure(patientId)
    await requireConsent(patientId, trace)
    return key
  }
}

function createMakePushedCopy({ identifiers, catalogue, grace, now }: Deps) {
  return ({ entry, source }: Registration, patientId: string, { dataKey }: PatientKey): Copy => {
    const personNumber = entry.patient.personId?.extension ?? ''
    const [named] = nameEntries([{ entry, archived: false }], {
      personNumbers: [personNumber],
      revision: catalogue.revision,
    }).entries
    if (named === undefined) throw new Error('What was pushed is not to be stored')
    const seenAt = now()
    const owner = { patientId, sourceId: source.id, sourceName: source.name }
    const { row, relations } = makeCopy(
      { ...owner, dataKey, identifiers, catalogue, seenAt },
      named,
    )
    return { row: { ...row, expected_until: new Date(seenAt.getTime() + grace) }, relations }
  }
}

function createWrite({ copies, accessLog }: Pick<Deps, 'copies' | 'accessLog'>) {
  return async (tx: Tx, copy: Copy, careProviderId: string): Promise<Result> => {
    const { row } = copy
    const { patient_id: patientId, source_id: sourceId, journal_id: journalId } = row
    const owner = { patientId, sourceId }
    if (await pushedRepository.isAnothers(tx, owner, journalId)) return results.anotherPatients
    const held = await pushedRepository.find(tx, owner, journalId)
    const { type_code: typeCode, unit_id: unitId } = row
    const certificate = { id: held?.id ?? row.id, typeCode, unitId, careProviderId, sourceId }
    await accessLog.write({ patientId, action: 'receive', actor: 'system', certificate }, tx)
    if (held === undefined) {
      const ids = await copies.write(tx, [copy])
      const at = row.stored_at
      await tellChanges(tx, owner, { copies: [copy], ids, known: [], at, news: true })
    } else if (held.isMissing) {
      await pushedRepository.bringBack(tx, owner, journalId, row.expected_until ?? row.stored_at)
    }
    await settleStanding(tx, patientId, row.stored_at)
    return held === undefined ? results.registered : results.alreadyExists
  }
}

/** Takes a certificate in that a journal pushes, where its patient consents. */
export function createRegisterCertificate(deps: Deps) {
  const { db, keys, accessLog, requireConsent, findPatient } = deps
  const admit = createAdmit(deps)
  const makePushedCopy = createMakePushedCopy(deps)
  const write = createWrite(deps)

  async function store(registration: Registration, patientId: string): Promise<Result> {
    const key = await admit(patientId, registration.trace)
    const copy = makePushedCopy(registration, patientId, key)
    const { source_id: sourceId, journal_id: journalId } = copy.row
    const result = await db.transaction().execute(async (tx) => {
      await pushedRepository.lock(tx, { patientId, sourceId }, journalId)
      if (!(await keys.hold(tx, patientId, key.keyId))) return undefined
      return write(tx, copy, registration.entry.careProvider.id)
    })
    if (result !== undefined) return result
    // The key went while this was under way: withdrawn, and perhaps given anew since.
    await requireConsent(patientId, registration.trace)
    return results.failed('key-changed')
  }

  return async (registration: Registration): Promise<Result> => {
    const { entry, source, trace } = registration
    if (!typeRule(entry.type.code).shown) return results.neverShown
    const patientId = await findPatient(entry.patient.personId?.extension ?? '', trace)
    if (patientId === undefined) return results.noConsent
    try {
      return await store(registration, patientId)
    } catch (error) {
      if (!isNoConsent(error)) throw error
      const { code: refusal } = errors.consentRequired
      const sourceId = source.id
      await accessLog.write({ patientId, action: 'receive', actor: 'system', refusal, sourceId })
      return results.noConsent
    }
  }
}
export type RegisterCertificate = ReturnType<typeof createRegisterCertificate>
