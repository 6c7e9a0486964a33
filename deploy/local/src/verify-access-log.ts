import { resolve } from 'node:path'
import { databaseNames } from './databases.ts'
import { runCommand, withDemoDatabases } from './demo-database.ts'
import { accessLogKeys } from './environments.ts'
import { openSecrets } from './secrets.ts'
import { readSettings } from './settings.ts'

const command = resolve(
  import.meta.dirname,
  '../../../services/certificate-store/src/cli/verify-access-log.ts',
)
const flags = process.argv.slice(2)

const verifyDemo = (stateDir: string) =>
  withDemoDatabases(stateDir, async (url) =>
    runCommand(command, flags, {
      DATABASE_URL: url(databaseNames.certificateStore),
      ACCESS_LOG_KEYS: await accessLogKeys(await openSecrets(stateDir)),
    }),
  )

process.exitCode = await (process.env['DATABASE_URL'] === undefined
  ? verifyDemo(readSettings(process.env).stateDir)
  : runCommand(command, flags, {}))
