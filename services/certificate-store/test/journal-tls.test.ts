import { mkdtemp, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConfigError } from '@minaintyg/config'
import { createTestAuthority } from '@minaintyg/testing/certificates'
import type { TestAuthority, TestCertificate } from '@minaintyg/testing/certificates'
import { journalsOf } from '../src/config.ts'
import { createClient, startJournal } from './journal-under-test.ts'
import { startSystem } from './system.ts'

let folder: string
let authority: TestAuthority
let otherAuthority: TestAuthority
let own: TestCertificate
let server: Awaited<ReturnType<typeof startJournal>>
/** Serial numbers in the subjects of who connected. */
let callers: (string | undefined)[]
const clients: { close(): Promise<void> }[] = []

const file = (name: string) => join(folder, name)
const filesOf = (name: string) => ({
  certFile: file(`${name}.crt`),
  keyFile: file(`${name}.key`),
  caFile: file('ca.pem'),
})

async function write(name: string, { cert, key }: TestCertificate) {
  await writeFile(file(`${name}.crt`), cert)
  await writeFile(file(`${name}.key`), key)
  return filesOf(name)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'journal-tls-'))
  authority = await createTestAuthority()
  otherAuthority = await createTestAuthority('Other CA')
  await writeFile(file('ca.pem'), authority.ca)
  await writeFile(file('other-ca.pem'), otherAuthority.ca)
  own = await authority.client('SE2321000000-MINA')
  server = await startJournal({
    tls: {
      ...(await authority.server()),
      ca: authority.ca,
      requestCert: true,
      rejectUnauthorized: true,
    },
  })
  server.onSecureConnection((socket) => {
    const certificate = socket.getPeerX509Certificate()
    callers.push(/^serialNumber=(.*)$/m.exec(certificate?.subject ?? '')?.[1])
  })
})
beforeEach(() => {
  callers = []
  server.journal.requests = []
})
afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())))
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true })
})

function client(clientCertificate?: ReturnType<typeof filesOf>, endpoint = server.endpoint) {
  const made = createClient(endpoint, {
    connections: 2,
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
  })
  clients.push(made)
  return made
}

describe('mutual TLS', () => {
  test('the configured certificate is what the journal sees', async () => {
    const asking = client(await write('own', own))
    expect(await asking.ids()).toEqual([])
    expect(new Set(callers)).toEqual(new Set(['SE2321000000-MINA']))
    expect(asking.logged).toEqual([
      {
        level: 'info',
        message: 'client certificate in use',
        fields: expect.objectContaining({ source: 'one', validUntil: expect.any(Date) }),
      },
    ])
  })

  test('a certificate of an authority that the journal does not know gets nothing', async () => {
    const foreign = await write('foreign', await otherAuthority.client('SE2321000000-MINA'))
    expect((await client(foreign).failure()).kind).toBe('network')
    expect(server.journal.requests).toEqual([])
  })

  test('a journal that someone else vouches for is not asked', async () => {
    const files = { ...(await write('own', own)), caFile: file('other-ca.pem') }
    expect(await client(files).failure()).toEqual({
      kind: 'network',
      code: 'SELF_SIGNED_CERT_IN_CHAIN',
    })
    expect(server.journal.requests).toEqual([])
  })

  test('without configuration the system’s authorities hold, and none of them vouches for it', async () => {
    expect(await client().failure()).toEqual({
      kind: 'network',
      code: 'SELF_SIGNED_CERT_IN_CHAIN',
    })
    expect(server.journal.requests).toEqual([])
  })

  test('a journal under another name than its certificate’s is not asked', async () => {
    const elsewhere = server.endpoint.replace('127.0.0.1', '127.0.0.2')
    const failure = await client(await write('own', own), elsewhere).failure()
    expect(failure.kind).toBe('network')
    expect(server.journal.requests).toEqual([])
  })
})

test('a journal that takes our certificate is in the list, one that does not is unavailable', async () => {
  const journals = [
    { id: 'takes', clientCertificate: await write('own', own) },
    {
      id: 'refuses',
      clientCertificate: await write('foreign', await otherAuthority.client('SE2321000000-MINA')),
    },
  ].map((journal) => ({
    ...journal,
    name: journal.id,
    endpoint: server.endpoint,
    logicalAddress: '5565594230',
    contractVersion: 4,
  }))
  const system = await startSystem({ config: { JOURNALS: JSON.stringify(journals) } })
  const { sources } = await (await system.logIn()).list()
  expect(sources).toMatchObject([
    { id: 'takes', state: 'ok' },
    { id: 'refuses', state: 'unavailable' },
  ])
  await system.stop()
})

describe('a certificate that is replaced', () => {
  test('is used by the next connection, without a restart', async () => {
    const asking = client(await write('renewed', own))
    await asking.ids()
    await write('renewed', await authority.client('SE2321000000-NEXT'))
    server.disconnect()
    callers = []
    expect(await asking.ids()).toEqual([])
    expect(new Set(callers)).toEqual(new Set(['SE2321000000-NEXT']))
    expect(asking.logged.map(({ message }) => message)).toEqual(
      Array.from({ length: 2 }, () => 'client certificate in use'),
    )
  })

  test('may be a link to another folder, as Kubernetes mounts secrets', async () => {
    await write('first', own)
    await write('second', await authority.client('SE2321000000-NEXT'))
    const link = async (target: string) => {
      for (const end of ['crt', 'key']) {
        await unlink(file(`linked.${end}`)).catch(() => undefined)
        await symlink(file(`${target}.${end}`), file(`linked.${end}`))
      }
    }
    await link('first')
    const asking = client(filesOf('linked'))
    await asking.ids()
    await link('second')
    server.disconnect()
    await asking.ids()
    expect(callers.at(-1)).toBe('SE2321000000-NEXT')
  })

  test.each<[string, (next: TestCertificate) => Promise<unknown>]>([
    ['half written', ({ cert }) => writeFile(file('broken.crt'), cert)],
    ['no certificate at all', () => writeFile(file('broken.crt'), 'x')],
    ['gone', () => unlink(file('broken.key'))],
  ])(
    'by files that are %s: the one before stays in use, and someone hears of it',
    async (_, damage) => {
      const asking = client(await write('broken', own))
      await asking.ids()
      await damage(await authority.client('SE2321000000-NEXT'))
      server.disconnect()
      callers = []
      expect(await asking.ids()).toEqual([])
      expect(new Set(callers)).toEqual(new Set(['SE2321000000-MINA']))
      expect(asking.logged.at(-1)).toMatchObject({ level: 'error', fields: { source: 'one' } })
      expect(JSON.stringify(asking.logged)).not.toContain('BEGIN')
    },
  )
})

describe('configuration', () => {
  const journal = { id: 'one', name: 'One', logicalAddress: 'x', contractVersion: 4 }
  const endpoint = 'https://journal.test/list'
  const faultsOf = (...journals: object[]) => {
    try {
      journalsOf({ JOURNALS: JSON.stringify(journals) })
      return ''
    } catch (error) {
      return (error as ConfigError).message
    }
  }

  test('is taken where certificate and key are each other’s', async () => {
    const clientCertificate = await write('own', own)
    expect(
      journalsOf({ JOURNALS: JSON.stringify([{ ...journal, endpoint, clientCertificate }]) }),
    ).toEqual([{ ...journal, endpoint, clientCertificate, deadline: 3_000, connections: 20 }])
  })

  test('is refused where they are not, or are not there', async () => {
    await write('own', own)
    await write('next', await authority.client())
    const mixed = { ...filesOf('own'), keyFile: file('next.key') }
    const absent = { ...filesOf('own'), certFile: file('absent.crt') }
    for (const clientCertificate of [mixed, absent]) {
      expect(faultsOf({ ...journal, endpoint, clientCertificate })).toContain(
        'JOURNALS names files for one that are no certificate with its key',
      )
    }
  })

  test('is refused where the certificate would not be shown, or an id is there twice', async () => {
    const clientCertificate = await write('own', own)
    const plain = { ...journal, endpoint: 'http://journal.test/list', clientCertificate }
    const message = faultsOf(plain, plain)
    expect(message).toContain('not https')
    expect(message).toContain('an id twice')
  })
})
