import Type from 'typebox'
import { loadConfig } from '@minaintyg/config'
import { createKeyring } from '@minaintyg/crypto'
import { createDatabase } from '@minaintyg/db'
import { IdentityConfig } from '../config.ts'
import type { Database } from '../database.ts'
import { createKeyRotation } from '../tokens/key-rotation.ts'
import { createSigningKeyRepository } from '../tokens/signing-key-repository.ts'

const usage = 'usage: rotate-keys [--leaked]\n'
const { DATABASE_URL, SECRET_KEYS, SIGNING_KEY_DAYS } = IdentityConfig.properties

/** `--leaked`: the new key signs at once and the others are published no more; tokens under way fail. */
async function rotateKeys(flags: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const config = loadConfig(Type.Object({ DATABASE_URL, SECRET_KEYS, SIGNING_KEY_DAYS }), env)
  const db = createDatabase<Database>({ url: config.DATABASE_URL, poolSize: 1 })
  const repository = createSigningKeyRepository(db, createKeyring(config.SECRET_KEYS))
  const days = config.SIGNING_KEY_DAYS
  const rotation = createKeyRotation({ repository, days, now: () => new Date() })
  try {
    if (flags.includes('--leaked')) return `Key ${await rotation.replaceAll()} signs now, alone.`
    const { kid, activatesAt } = await rotation.request()
    return `Key ${kid} is published and signs from ${activatesAt.toISOString()}.`
  } finally {
    await db.destroy()
  }
}

// A command is a main of its own.
const { env } = process
const flags = process.argv.slice(2)
if (flags.every((flag) => flag === '--leaked')) {
  process.stdout.write(`${await rotateKeys(flags, env)}\n`)
} else {
  process.stderr.write(usage)
  process.exitCode = 2
}
