import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '@minaintyg/embedded-postgres'
import { findRabbitmq } from './find-rabbitmq.ts'

/** What answers; else none: said aloud, or a failure where it is required. */
async function requireRabbitmq(): Promise<string | undefined> {
  const found = await findRabbitmq()
  if (found !== undefined) return found
  if (process.env['REQUIRE_RABBITMQ'] === '1') {
    throw new Error('REQUIRE_RABBITMQ=1, and no RabbitMQ answers at AMQP_URL or 127.0.0.1:5672')
  }
  process.stdout.write(
    '\nTests that need RabbitMQ are SKIPPED: none answers at AMQP_URL or 127.0.0.1:5672.\n' +
      'To run them: docker run -p 5672:5672 rabbitmq:4, or apt-get install rabbitmq-server, or set AMQP_URL.\n\n',
  )
  return undefined
}

/** Starts one Postgres for the whole run and finds a RabbitMQ. Workers inherit the environment. */
export default async function setUp(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'minaintyg-test-'))
  // As root Postgres runs as another user, who must get through.
  await chmod(folder, 0o755)
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), durable: false })
  process.env['MINAINTYG_TEST_FOLDER'] = folder
  process.env['MINAINTYG_TEST_DATABASE_URL'] = postgres.url('postgres')
  const rabbitmq = await requireRabbitmq()
  if (rabbitmq !== undefined) process.env['MINAINTYG_TEST_AMQP_URL'] = rabbitmq
  Object.assign(globalThis, { stopTestPostgres: () => postgres.stop(), testFolder: folder })
}
