import { randomBytes, randomUUID } from 'node:crypto'
import pg from 'pg'
import { createMacKeys } from '@minaintyg/crypto'
import { createDatabase } from '@minaintyg/db'
import { createTestDatabase } from '@minaintyg/testing'
import { createAccessLog } from '../src/access-log/access-log-repository.ts'
import { createAccessLogSealer } from '../src/access-log/access-log-sealer.ts'
import type { Head } from '../src/access-log/access-seal.ts'
import { verifyAccessLog } from '../src/access-log/verify-access-log.ts'
import type { Database } from '../src/database.ts'

export const keyOf = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
export const firstKey = keyOf('k1')
export const silent = { info: () => undefined, error: () => undefined }

/** As who owns the tables may: with the triggers switched off. */
async function tamper(owner: pg.Client, statements: string[]): Promise<void> {
  const tables = ['access_log', 'access_log_seal']
  for (const table of tables) await owner.query(`alter table ${table} disable trigger user`)
  for (const statement of statements) await owner.query(statement)
  for (const table of tables) await owner.query(`alter table ${table} enable trigger user`)
}

/** A log of its own, those who write and seal it, and a database administrator who would change it. */
export async function createLogUnderTest() {
  const database = await createTestDatabase('certificate-store')
  const db = createDatabase<Database>({ url: database.url })
  const owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
  const patientId = randomUUID()

  async function write(count: number, at = () => new Date()): Promise<void> {
    const accessLog = createAccessLog(db, at)
    for (let index = 0; index < count; index += 1) {
      await accessLog.write({ patientId, action: 'list', actor: 'system' })
    }
  }
  const seal = (keys = firstKey, info: (line: object) => void = silent.info) =>
    createAccessLogSealer({ db, keys: createMacKeys(keys), log: { ...silent, info } }).run()

  return {
    database,
    db,
    owner,
    patientId,
    write,
    seal,
    /** What is found, as «kind position». */
    async verify(knownHead?: Head, keys = firstKey) {
      const found: string[] = []
      const result = await verifyAccessLog({
        db,
        keys: createMacKeys(keys),
        knownHead,
        onFault: ({ kind, position }) => found.push(`${kind} ${position ?? ''}`.trim()),
      })
      return { ...result, found }
    },
    tamper: (...statements: string[]) => tamper(owner, statements),
    async tenSealed() {
      await write(10)
      await seal()
    },
    async drop() {
      await db.destroy()
      await owner.end()
      await database.drop()
    },
  }
}
export type LogUnderTest = Awaited<ReturnType<typeof createLogUnderTest>>
