import { jest } from '@jest/globals'
import { createHash, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findPostgres } from '@minaintyg/embedded-postgres'
import { connectRecipientBus, createMemoryStore, createRecipient } from '@minaintyg/recipient-kit'
import type { RequestedDispatch } from '@minaintyg/recipient-kit'
import { until } from '@minaintyg/testing'
import { clientKey } from '../src/clients.ts'
import { databaseNames } from '../src/databases.ts'
import { publicApi } from '../src/environments.ts'
import { openSecrets } from '../src/secrets.ts'
import type { PatientApi } from '../src/walk/patient-api.ts'
import { startRunningSystem } from './running-system.ts'
import type { RunningSystem } from './running-system.ts'

jest.setTimeout(180_000)

const file = join(import.meta.dirname, '../../../services/dispatch/recipients.example.json')
const employed = '198503179809'
const patience = { timeout: 60_000 }

interface Received {
  event: Pick<RequestedDispatch<unknown>, 'dispatchId' | 'certificate' | 'document'>
  bytes: Buffer
}
let system: RunningSystem
let api: PatientApi
const closing: (() => Promise<void>)[] = []

/** What the integrators of a recipient would write: it has the document, and takes it. */
async function startRecipient(recipientId: string, clientId: string): Promise<Received[]> {
  const { stateDir } = system.settings
  const url = await findPostgres(join(stateDir, 'postgres'))
  const bus = await connectRecipientBus({ url: url!(databaseNames.eventBus), recipientId })
  const received: Received[] = []
  const gatewayUrl = publicApi(system.addresses)
  const key = await clientKey(await openSecrets(stateDir), clientId)
  const recipient = createRecipient({
    bus,
    recipientId,
    gatewayUrl,
    jwksUrl: `${gatewayUrl}/.well-known/jwks.json`,
    credentials: { clientId, clientKey: key },
    store: createMemoryStore(),
    handlers: {
      async requested({ dispatchId, certificate, document, bytes }) {
        received.push({ event: { dispatchId, certificate, document }, bytes })
        return [
          { kind: 'received', reference: `${recipientId}-1` },
          { kind: 'accepted', reference: `${recipientId}-1` },
        ]
      },
      revoked: async () => undefined,
    },
  })
  await recipient.start()
  closing.push(async () => {
    await recipient.stop()
    await bus.close()
  })
  return received
}

const json = async (answer: Promise<{ status: number; text: string }>) => {
  const { status, text } = await answer
  return { status, body: JSON.parse(text) }
}
const send = (certificateId: string, recipientId: string) =>
  json(
    api.send(
      'POST',
      `/certificates/${certificateId}/dispatches`,
      { recipientId },
      { 'idempotency-key': randomUUID() },
    ),
  )
/** One that still goes to the employer. */
async function sendable(type: string) {
  const { body } = await json(api.get(`/certificates?limit=100&type=${type}`))
  for (const { id } of body.items) {
    const { body: certificate } = await json(api.get(`/certificates/${id}`))
    if (certificate.actions.send.allowed) return certificate
  }
  throw new Error('No certificate for an employer can be sent')
}
const timelineOf = async (id: string) => (await json(api.get(`/dispatches/${id}`))).body
const accepted = async (id: string) => {
  await until(async () => (await timelineOf(id)).state === 'accepted', patience)
  return timelineOf(id)
}

/** Every text and code of a structured value. */
function wordsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(wordsIn) : []
}
const icd10 = /^[A-Z]\d{2}[0-9A-Z]{0,2}$/
const diagnosesIn = (sections: unknown) => wordsIn(sections).filter((word) => icd10.test(word))

beforeAll(async () => {
  system = await startRunningSystem({ recipients: await readFile(file, 'utf8') })
  api = await system.patient(employed)
  const { body } = await json(api.get('/consent'))
  await api.send('POST', '/consent', { textVersion: body.text.version })
})
afterAll(async () => {
  for (const close of closing) await close()
  await system.stop()
})

test('an employer gets its own copy without diagnosis, accepts it, and the patient sees so', async () => {
  const received = await startRecipient('EXAMPLE-EMPLOYER', 'example-employer')
  const certificate = await sendable('AG1-14')
  const { body: offers } = await json(api.get(`/certificates/${certificate.id}/recipients`))
  const open = offers.items.filter(({ allowed }: { allowed: boolean }) => allowed)
  // The certificate says what the recipients' list says, and both what is then enforced.
  expect(certificate.actions.send.recipients).toEqual(
    open.map(({ id, name }: { id: string; name: string }) => ({ id, name })),
  )

  const sent = await send(certificate.id, 'EXAMPLE-EMPLOYER')
  expect(sent.status).toBe(202)
  const { timeline } = await accepted(sent.body.id)
  expect(timeline.map(({ state }: { state: string }) => state)).toEqual([
    'queued',
    'delivered',
    'received',
    'accepted',
  ])
  expect(timeline.at(-1).text).toBe('Exempelverket AB har godtagit intyget.')

  const [{ event, bytes } = {} as Received] = received
  expect(received).toHaveLength(1)
  expect(event).toMatchObject({ dispatchId: sent.body.id, certificate: { id: certificate.id } })
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(event.document.sha256)
  expect(bytes.length).toBe(event.document.size)
  const copy = bytes.toString()
  const diagnoses = diagnosesIn(certificate.sections)
  expect(diagnoses.length).toBeGreaterThan(0)
  expect(diagnoses.filter((word) => copy.includes(word))).toEqual([])
  expect(Object.keys(JSON.parse(copy)).sort()).toEqual(
    ['degrees', 'id', 'issuedAt', 'issuer', 'patient', 'period', 'unit'].sort(),
  )

  const { body: log } = await json(api.get('/access-log?limit=100'))
  expect(log.items).toContainEqual(
    expect.objectContaining({ actor: { kind: 'recipient', name: 'Exempelverket AB' } }),
  )
  expect((await send(certificate.id, 'EXAMPLE-EMPLOYER')).body.code).toBe('dispatch.already-sent')
})

test('an insurer gets the original, and accepts it', async () => {
  const received = await startRecipient('EXAMPLE-INSURER', 'example-insurer')
  const certificate = await sendable('AG1-14')
  const sent = await send(certificate.id, 'EXAMPLE-INSURER')
  expect(sent.status).toBe(202)
  const { recipient, timeline } = await accepted(sent.body.id)
  expect(recipient).toEqual({ id: 'EXAMPLE-INSURER', name: 'Exempelförsäkring' })
  expect(timeline.at(-1).text).toBe('Exempelförsäkring har godtagit intyget.')
  const [{ event, bytes } = {} as Received] = received
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(event.document.sha256)
  expect(bytes.toString()).toMatch(/^(<\?xml|<)/)
})

test('who takes paper alone, or is not there, is refused with its code', async () => {
  const certificate = await sendable('AG7804')
  const { body: offers } = await json(api.get(`/certificates/${certificate.id}/recipients`))
  expect(offers.items).toContainEqual(
    expect.objectContaining({ id: 'PAPER-EMPLOYER', reason: 'recipient.not-accepted' }),
  )
  for (const recipientId of ['PAPER-EMPLOYER', 'FKASSA', 'NOBODY']) {
    const { status, body } = await send(certificate.id, recipientId)
    expect([recipientId, status, body.code]).toEqual([recipientId, 422, 'recipient.not-accepted'])
  }
})
