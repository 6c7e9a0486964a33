import { resolve } from 'node:path'
import { databaseNames } from './databases.ts'
import { runCommand, withDemoDatabases } from './demo-database.ts'
import { readSettings } from './settings.ts'

const command = resolve(import.meta.dirname, '../../../services/dispatch/src/cli/dispatches.ts')
const given = process.argv.slice(2)
const flags = given.length === 0 ? ['list'] : given

const inDemo = (stateDir: string) =>
  withDemoDatabases(stateDir, (url) =>
    runCommand(command, flags, {
      DATABASE_URL: url(databaseNames.dispatch),
      EVENT_BUS_DATABASE_URL: url(databaseNames.eventBus),
    }),
  )

process.exitCode = await (process.env['DATABASE_URL'] === undefined
  ? inDemo(readSettings(process.env).stateDir)
  : runCommand(command, flags, {}))
