import { parseArgs } from 'node:util'
import Type from 'typebox'
import { loadConfig } from '@minaintyg/config'
import { createMacKeys } from '@minaintyg/crypto'
import { createDatabase } from '@minaintyg/db'
import { headText, parseHead } from '../access-log/access-seal.ts'
import type { Head } from '../access-log/access-seal.ts'
import { verifyAccessLog } from '../access-log/verify-access-log.ts'
import { CertificateStoreConfig } from '../config.ts'
import type { Database } from '../database.ts'

const usage = `usage: verify-access-log [--head <sequence:hash>]
  --head  a head that the service has logged: says whether the log was cut off since
`
const { DATABASE_URL, ACCESS_LOG_KEYS } = CertificateStoreConfig.properties
const shownFaults = 100

/** @returns whether the log is whole */
async function verify(env: NodeJS.ProcessEnv, knownHead: Head | undefined): Promise<boolean> {
  const config = loadConfig(Type.Object({ DATABASE_URL, ACCESS_LOG_KEYS }), env)
  const db = createDatabase<Database>({
    url: config.DATABASE_URL,
    poolSize: 1,
    statementTimeout: 60_000,
  })
  let shown = 0
  try {
    const result = await verifyAccessLog({
      db,
      keys: createMacKeys(config.ACCESS_LOG_KEYS),
      knownHead,
      onFault({ position, text }) {
        shown += 1
        if (shown > shownFaults) return
        const where = position === undefined ? 'the log' : `position ${position}`
        process.stdout.write(`${where}: ${text}\n`)
      },
    })
    const { sealed, waiting, faults, head } = result
    const end = head === undefined ? 'nothing is sealed yet' : `head ${headText(head)}`
    process.stdout.write(
      `${faults === 0 ? 'whole' : `${faults} faults`}: ${sealed} sealed, ${waiting} waiting, ${end}\n`,
    )
    return faults === 0
  } finally {
    await db.destroy()
  }
}

function readHead(): Head | undefined | 'wrong' {
  try {
    const { head } = parseArgs({ options: { head: { type: 'string' } } }).values
    return head === undefined ? undefined : (parseHead(head) ?? 'wrong')
  } catch {
    return 'wrong'
  }
}

// A command is a main of its own.
const { env } = process
const head = readHead()
if (head === 'wrong') {
  process.stderr.write(usage)
  process.exitCode = 2
} else {
  process.exitCode = (await verify(env, head)) ? 0 : 1
}
