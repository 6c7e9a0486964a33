import { parseArgs } from 'node:util'
import Type from 'typebox'
import { Value } from 'typebox/value'
import { loadConfig } from '@minaintyg/config'
import { PatientId, erasureParts } from '@minaintyg/contracts'
import { createDatabase } from '@minaintyg/db'
import { continueTrace } from '@minaintyg/service'
import { ConsentConfig } from '../config.ts'
import { createConsentRepository } from '../consents/consent-repository.ts'
import { createDeclareConsent } from '../consents/declare-consent.ts'
import type { Database } from '../database.ts'
import { summariseErasure } from '../erasures/erasure-model.ts'
import { createErasureRepository } from '../erasures/erasure-repository.ts'
import { loadConsentTexts } from '../texts/consent-texts.ts'

const usage = 'usage: withdraw-consent --patient <patient id>\n'
const { DATABASE_URL } = ConsentConfig.properties
const notFinished = 3

/** As the patient's own withdrawal, by channel `operator`; where it has been withdrawn, that one stands. */
async function withdrawFor(patientId: string, env: NodeJS.ProcessEnv) {
  const config = loadConfig(Type.Object({ DATABASE_URL }), env)
  const db = createDatabase<Database>({ url: config.DATABASE_URL, poolSize: 1 })
  const consents = createConsentRepository(db)
  const erasures = createErasureRepository(db)
  const texts = loadConsentTexts()
  const now = () => new Date()
  const { withdrawConsent } = createDeclareConsent({ db, consents, erasures, texts, now })
  try {
    const { traceparent } = continueTrace(undefined)
    const declaration = { language: 'sv', channel: 'operator', loa: null, sessionId: null } as const
    await withdrawConsent({ patientId, ...declaration, traceparent })
    const withdrawal = await consents.latest(patientId)
    if (withdrawal?.kind !== 'withdrawn') throw new Error('Consent was given again meanwhile')
    return { ...withdrawal, parts: await erasures.partsOf(withdrawal.id) }
  } finally {
    await db.destroy()
  }
}

type Withdrawn = Awaited<ReturnType<typeof withdrawFor>>

/** The withdrawal's id is told once all is carried out, so that nobody goes on before. */
function report({ id, at, channel, parts }: Withdrawn): { text: string; isFinished: boolean } {
  const { finishedAt, parts: all } = summariseErasure(parts, erasureParts)
  const lines = all.map(({ part, doneAt }) => `  ${part}: ${doneAt ?? 'not yet'}`)
  const end =
    finishedAt === null
      ? 'Not carried out yet: run this again in a minute.'
      : `Carried out ${finishedAt}. Withdrawal: ${id}`
  const text = [`Withdrawn ${at.toISOString()} by ${channel}.`, ...lines, end].join('\n')
  return { text, isFinished: finishedAt !== null }
}

function readPatient(): string | undefined {
  try {
    const { patient } = parseArgs({ options: { patient: { type: 'string' } } }).values
    return patient !== undefined && Value.Check(PatientId, patient) ? patient : undefined
  } catch {
    return undefined
  }
}

// A command is a main of its own.
const { env } = process
const patientId = readPatient()
if (patientId === undefined) {
  process.stderr.write(usage)
  process.exitCode = 2
} else {
  const { text, isFinished } = report(await withdrawFor(patientId, env))
  process.stdout.write(`${text}\n`)
  process.exitCode = isFinished ? 0 : notFinished
}
