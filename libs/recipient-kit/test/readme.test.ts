import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { receiptQueue, topology } from '@minaintyg/contracts'
import { connectEventBus } from '@minaintyg/messaging'
import { createTestDatabase, until } from '@minaintyg/testing'
import pg from 'pg'
import { recipientInboxSql } from '../src/index.ts'
import { startTestGateway } from './test-gateway.ts'

const text = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8')

test('the README shows the example that runs, and the table that it needs', () => {
  expect(text('../README.md')).toContain(text('readme-example.ts').trim())
  expect(text('../README.md')).toContain(recipientInboxSql)
})

test('the example books what it is sent, answers, forgets what is revoked, and ends in peace', async () => {
  const [gateway, busDatabase, database] = await Promise.all([
    startTestGateway(),
    createTestDatabase(),
    createTestDatabase(),
  ])
  const folder = await mkdtemp(join(tmpdir(), 'recipient-kit-'))
  await writeFile(join(folder, 'key.json'), JSON.stringify(gateway.credentials.clientKey))
  const pool = new pg.Pool({ connectionString: database.url, max: 2 })
  await pool.query(recipientInboxSql)
  await pool.query(
    'create table dossier (number bigint generated always as identity, dispatch_id uuid, type text, document bytea)',
  )
  const bus = await connectEventBus({ url: busDatabase.url, name: 'dispatch', topology })
  const receipts: string[] = []
  await bus.subscribe({ queue: receiptQueue, concurrency: 1 }, async ({ body }) => {
    receipts.push(JSON.parse(body.toString()).type)
  })

  const program = spawn(
    process.execPath,
    [
      '--conditions=source',
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, 'readme-example.ts'),
    ],
    {
      stdio: 'inherit',
      env: {
        BUS_URL: busDatabase.url,
        GATEWAY_URL: gateway.url,
        DATABASE_URL: database.url,
        CLIENT_KEY_FILE: join(folder, 'key.json'),
      },
    },
  )
  const ended = once(program, 'exit')
  try {
    const event = gateway.requested()
    await gateway.publish(bus, event)
    await until(() => receipts.length === 2, { timeout: 20_000 })
    expect(receipts.sort()).toEqual([
      'se.minaintyg.receipt.accepted.v1',
      'se.minaintyg.receipt.received.v1',
    ])
    const { rows } = await pool.query('select * from dossier')
    expect(rows).toMatchObject([{ dispatch_id: event.data.dispatchId, type: 'LISJP' }])
    expect(rows[0].document).toEqual(gateway.documents.get(event.data.dispatchId))

    await gateway.publish(bus, gateway.revoked(event.data.dispatchId))
    await until(async () => (await pool.query('select from dossier')).rowCount === 0)
    program.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  } finally {
    program.kill('SIGKILL')
    await bus.close()
    await pool.end()
    await gateway.stop()
    await Promise.all([busDatabase.drop(), database.drop(), rm(folder, { recursive: true })])
  }
}, 60_000)
