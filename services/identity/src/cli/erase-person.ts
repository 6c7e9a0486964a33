import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import Type from 'typebox'
import { Value } from 'typebox/value'
import { loadConfig } from '@minaintyg/config'
import { PatientId } from '@minaintyg/contracts'
import { createKeyring } from '@minaintyg/crypto'
import { createDatabase } from '@minaintyg/db'
import { parsePersonalNumber } from '@minaintyg/personal-number'
import { createAudit } from '../audit/audit.ts'
import { IdentityConfig } from '../config.ts'
import type { Database } from '../database.ts'
import { createErasePerson } from '../persons/erase-person.ts'
import { createLookup } from '../persons/lookup.ts'
import { createPersonRepository } from '../persons/person-repository.ts'
import { createSessionRepository } from '../sessions/session-repository.ts'

const usage = `usage: erase-person --find                                       the number on standard input
       erase-person --patient <patient id> --withdrawal <id>
       erase-person --withdrawal <id>                            the number on standard input
`
const { DATABASE_URL, PERSON_LOOKUP_KEY, PERSON_NUMBER_KEYS, SECRET_KEYS } =
  IdentityConfig.properties
const Variables = Type.Object({ DATABASE_URL, PERSON_LOOKUP_KEY, PERSON_NUMBER_KEYS, SECRET_KEYS })
const now = () => new Date()

function open(env: NodeJS.ProcessEnv) {
  const config = loadConfig(Variables, env)
  const db = createDatabase<Database>({ url: config.DATABASE_URL, poolSize: 1 })
  const lookup = createLookup(config.PERSON_LOOKUP_KEY)
  const audit = createAudit({ db, now, log: console })
  const sessions = createSessionRepository({
    db,
    lookup,
    keyring: createKeyring(config.SECRET_KEYS),
  })
  const keyring = createKeyring(config.PERSON_NUMBER_KEYS)
  return {
    db,
    audit,
    persons: createPersonRepository({ db, lookup, keyring }),
    erase: createErasePerson({ db, sessions, audit, now }),
  }
}
type Opened = ReturnType<typeof open>

/** A number is never an argument: those are seen by everyone on the machine, and remembered by shells. */
async function findByNumber({ db, persons, audit }: Opened): Promise<string | undefined> {
  const parsed = parsePersonalNumber((await text(process.stdin)).trim())
  if (parsed === undefined) return undefined
  const patientId = await persons.findByNumber(parsed.number)
  const found = patientId === undefined ? { reason: 'unknown' } : { patientId }
  await db
    .transaction()
    .execute((tx) =>
      audit.record(tx, { event: 'patient-searched', clientId: 'operator', ...found }),
    )
  return patientId
}

interface Flags {
  find?: boolean | undefined
  patient?: string | undefined
  withdrawal?: string | undefined
}

function readFlags(): Flags | undefined {
  const options = {
    find: { type: 'boolean' },
    patient: { type: 'string' },
    withdrawal: { type: 'string' },
  } as const
  try {
    const flags: Flags = parseArgs({ options }).values
    const { find = false, patient, withdrawal } = flags
    const ids = [patient, withdrawal].filter((id) => id !== undefined)
    const isWhole = find ? ids.length === 0 : withdrawal !== undefined
    return isWhole && ids.every((id) => Value.Check(PatientId, id)) ? flags : undefined
  } catch {
    return undefined
  }
}

/** @returns what to tell, and whether there was someone */
async function run({ find, patient, withdrawal = '' }: Flags, opened: Opened) {
  const patientId = patient ?? (await findByNumber(opened))
  if (patientId === undefined) return { told: 'No patient is known by that number.', found: false }
  if (find) return { told: patientId, found: true }
  const ended = await opened.erase(patientId, withdrawal)
  if (ended === undefined) return { told: 'There is no such person.', found: false }
  return { told: `Patient ${patientId} leads to nobody now. ${ended} sessions ended.`, found: true }
}

// A command is a main of its own.
const { env } = process
const flags = readFlags()
if (flags === undefined) {
  process.stderr.write(usage)
  process.exitCode = 2
} else {
  const opened = open(env)
  try {
    const { told, found } = await run(flags, opened)
    process.stdout.write(`${told}\n`)
    process.exitCode = found ? 0 : 1
  } finally {
    await opened.db.destroy()
  }
}
