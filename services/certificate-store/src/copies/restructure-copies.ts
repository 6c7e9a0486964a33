import { setImmediate as yieldToOthers } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import { parseCertificateDocument } from '../rivta/certificate-document.ts'
import { UnreadableDocumentError } from '../rivta/errors.ts'
import type { ParsedCertificate } from '../rivta/parsed-certificate.ts'
import type { Catalogue } from '../structure/catalogue-model.ts'
import { structuredParts } from './make-copy.ts'
import type { PatientKey, PatientKeyRepository } from './patient-key-repository.ts'
import { openDocument, sealContent, sealLine } from './sealed-parts.ts'

interface Deps {
  db: Kysely<Database>
  keys: PatientKeyRepository
  catalogue: Catalogue
  sourceName: (id: string) => string
}

/** Lays the catalogue's present words on a patient's copies, without asking any journal. */
export type RestructureCopies = (patientId: string) => Promise<void>

const copiesBetweenBreaths = 5

/** What a copy of an earlier release may hold and this one cannot read keeps the words that it has. */
function parse(document: Uint8Array): ParsedCertificate | undefined {
  try {
    const [entry] = parseCertificateDocument(document)
    return entry?.readable === true ? entry : undefined
  } catch (error) {
    if (error instanceof UnreadableDocumentError) return undefined
    throw error
  }
}

export function createRestructureCopies(deps: Deps): RestructureCopies {
  const { db, keys, catalogue, sourceName } = deps

  const findCopies = (patientId: string) =>
    db
      .selectFrom('certificate')
      .select(['source_id', 'journal_id', 'fingerprint', 'sealed_document'])
      .where('patient_id', '=', patientId)
      .where('readable', '=', true)
      .where('sealed_document', 'is not', null)
      .execute()
  type StoredCopy = Awaited<ReturnType<typeof findCopies>>[number]

  function restructured(patientId: string, { dataKey }: PatientKey, copy: StoredCopy) {
    const { source_id: sourceId, journal_id: journalId, sealed_document: sealed } = copy
    const identity = { patientId, sourceId, journalId }
    const parsed = sealed === null ? undefined : parse(openDocument(dataKey, sealed, identity))
    if (parsed === undefined) return undefined
    const options = { sourceId, sourceName: sourceName(sourceId), catalogue }
    const { line, content } = structuredParts(parsed, options)
    return {
      sealed_line: sealLine(dataKey, line, identity),
      sealed_content: sealContent(dataKey, content, identity),
    }
  }

  return async (patientId) => {
    const key = await keys.find(patientId)
    if (key === undefined) return
    const copies = await findCopies(patientId)
    const worded: { copy: StoredCopy; parts: NonNullable<ReturnType<typeof restructured>> }[] = []
    for (const [index, copy] of copies.entries()) {
      const parts = restructured(patientId, key, copy)
      if (parts !== undefined) worded.push({ copy, parts })
      if ((index + 1) % copiesBetweenBreaths === 0) await yieldToOthers()
    }
    await db.transaction().execute(async (tx) => {
      if (!(await keys.hold(tx, patientId, key.keyId))) return
      for (const { copy, parts } of worded) {
        await tx
          .updateTable('certificate')
          .set(parts)
          .where('patient_id', '=', patientId)
          .where('source_id', '=', copy.source_id)
          .where('journal_id', '=', copy.journal_id)
          // What the journal has changed meanwhile was structured as it came.
          .where('fingerprint', '=', copy.fingerprint)
          .execute()
      }
      await tx
        .updateTable('journal_fetch')
        .set({ catalogue_revision: catalogue.revision })
        .where('patient_id', '=', patientId)
        .execute()
    })
  }
}
