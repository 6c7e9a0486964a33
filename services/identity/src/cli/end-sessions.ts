import { parseArgs } from 'node:util'
import Type from 'typebox'
import { Value } from 'typebox/value'
import { loadConfig } from '@minaintyg/config'
import { PatientId } from '@minaintyg/contracts'
import { createKeyring } from '@minaintyg/crypto'
import { createDatabase } from '@minaintyg/db'
import { createAudit } from '../audit/audit.ts'
import { IdentityConfig } from '../config.ts'
import type { Database } from '../database.ts'
import { createLookup } from '../persons/lookup.ts'
import { createSessionRepository } from '../sessions/session-repository.ts'

const usage = 'usage: end-sessions --patient <patient id> | --all\n'
const { DATABASE_URL, PERSON_LOOKUP_KEY, SECRET_KEYS } = IdentityConfig.properties

/** @param patientId whose sessions; everyone's where left out. Ended and audited in one: both or neither. */
async function endSessions(patientId: string | undefined, env: NodeJS.ProcessEnv) {
  const config = loadConfig(Type.Object({ DATABASE_URL, PERSON_LOOKUP_KEY, SECRET_KEYS }), env)
  const db = createDatabase<Database>({ url: config.DATABASE_URL, poolSize: 1 })
  const sessions = createSessionRepository({
    db,
    keyring: createKeyring(config.SECRET_KEYS),
    lookup: createLookup(config.PERSON_LOOKUP_KEY),
  })
  const now = () => new Date()
  const audit = createAudit({ db, now, log: console })
  try {
    return await db.transaction().execute(async (tx) => {
      const ended = await sessions.endAll(tx, patientId, now())
      for (const each of ended) {
        await audit.record(tx, { event: 'session-ended', reason: 'operator', ...each })
      }
      return ended.length
    })
  } finally {
    await db.destroy()
  }
}

function readFlags(): { patient?: string | undefined; all?: boolean | undefined } {
  try {
    const options = { patient: { type: 'string' }, all: { type: 'boolean' } } as const
    return parseArgs({ options }).values
  } catch {
    return {}
  }
}

// A command is a main of its own.
const { env } = process
const { patient, all = false } = readFlags()
const isOne = patient !== undefined && Value.Check(PatientId, patient)
if (all ? patient === undefined : isOne) {
  process.stdout.write(`${await endSessions(patient, env)} sessions ended.\n`)
} else {
  process.stderr.write(usage)
  process.exitCode = 2
}
