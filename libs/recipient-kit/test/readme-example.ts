import { readFile } from 'node:fs/promises'
import { connectRecipientBus, createPostgresStore, createRecipient } from '@minaintyg/recipient-kit'
import type { RecipientCredentials } from '@minaintyg/recipient-kit'
import pg from 'pg'

const { BUS_URL = '', GATEWAY_URL = '', DATABASE_URL = '', CLIENT_KEY_FILE = '' } = process.env
const clientKey = JSON.parse(
  await readFile(CLIENT_KEY_FILE, 'utf8'),
) as RecipientCredentials['clientKey']

const pool = new pg.Pool({ connectionString: DATABASE_URL })
// Without a listener, a restart of Postgres would end the process.
pool.on('error', (error) => {
  process.stderr.write(`a database connection was lost: ${error.message}\n`)
})
const bus = await connectRecipientBus({ url: BUS_URL, recipientId: 'FKASSA' })

const recipient = createRecipient<pg.PoolClient>({
  bus,
  recipientId: 'FKASSA',
  gatewayUrl: GATEWAY_URL,
  jwksUrl: `${GATEWAY_URL}/.well-known/jwks.json`,
  credentials: { clientId: 'forsakringskassan', clientKey },
  store: createPostgresStore(pool),
  handlers: {
    async requested({ dispatchId, certificate, bytes, tx }) {
      const { rows } = await tx.query<{ number: number }>(
        'insert into dossier (dispatch_id, type, document) values ($1, $2, $3) returning number',
        [dispatchId, certificate.type, bytes],
      )
      const reference = `FK-${rows[0]?.number ?? 0}`
      return [
        { kind: 'received', reference },
        { kind: 'accepted', reference },
      ]
    },
    async revoked({ dispatchId, tx }) {
      await tx.query('delete from dossier where dispatch_id = $1', [dispatchId])
    },
  },
})

await recipient.start()
process.once('SIGTERM', () => {
  void recipient
    .stop()
    .then(() => bus.close())
    .then(() => pool.end())
})
