import Type from 'typebox'
import { loadConfig } from '@minaintyg/config'
import { createKeyring, createKeyringWrapping } from '@minaintyg/crypto'
import { createDatabase } from '@minaintyg/db'
import { CertificateStoreConfig } from '../config.ts'
import { createKeyRewrapping } from '../copies/key-rewrapping.ts'
import type { Database } from '../database.ts'

const { DATABASE_URL, MASTER_KEYS } = CertificateStoreConfig.properties

/** @returns whether every patient's key is wrapped by the first of MASTER_KEYS */
async function rewrapKeys(env: NodeJS.ProcessEnv): Promise<boolean> {
  const config = loadConfig(Type.Object({ DATABASE_URL, MASTER_KEYS }), env)
  const db = createDatabase<Database>({
    url: config.DATABASE_URL,
    poolSize: 1,
    statementTimeout: 60_000,
  })
  const silent = { info: () => undefined, error: () => undefined }
  const wrapping = createKeyringWrapping(createKeyring(config.MASTER_KEYS))
  try {
    const { rewrapped, unopened, remaining } = await createKeyRewrapping({
      db,
      wrapping,
      log: silent,
    }).rewrap()
    const conclusion =
      remaining === 0
        ? 'Only the first of MASTER_KEYS is in use: the others can be removed.'
        : `${remaining} keys are still wrapped by others, ${unopened} of them by none of MASTER_KEYS: remove nothing.`
    process.stdout.write(`${rewrapped} keys wrapped anew. ${conclusion}\n`)
    return remaining === 0
  } finally {
    await db.destroy()
  }
}

// A command is a main of its own.
const { env } = process
process.exitCode = (await rewrapKeys(env)) ? 0 : 1
