import Type from 'typebox'
import { Required, loadConfig } from '@minaintyg/config'
import { migrate } from './migrate.ts'

const Variables = Type.Object({
  OWNER_DATABASE_URL: Required('The service’s database, as the role that owns its tables'),
  SERVICE_ROLE: Required('The role that the service logs in as'),
})

// The migration job of a service: node libs/db/src/main.ts services/consent/migrations
const [folder] = process.argv.slice(2)
if (folder === undefined) {
  process.stderr.write('usage: OWNER_DATABASE_URL=… SERVICE_ROLE=… migrate <folder>\n')
  process.exitCode = 2
} else {
  const { OWNER_DATABASE_URL, SERVICE_ROLE } = loadConfig(Variables, process.env)
  const applied = await migrate(OWNER_DATABASE_URL, folder, { serviceRole: SERVICE_ROLE })
  process.stdout.write(applied.length === 0 ? 'nothing to do\n' : `${applied.join('\n')}\n`)
}
