import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { scopes } from '@minaintyg/contracts'
import { buildCertificateStoreService } from '../src/app.ts'
import { numbers, startSystem } from './system.ts'
import type { System } from './system.ts'

const examples = readFileSync(
  new URL('../../dispatch/recipients.example.json', import.meta.url),
  'utf8',
)
const authority = { id: 'FKASSA', name: 'Försäkringskassan' }
const insurer = { id: 'EXAMPLE-INSURER', name: 'Exempelförsäkring' }
const employer = { id: 'EXAMPLE-EMPLOYER', name: 'Exempelverket AB' }

let system: System
beforeAll(async () => {
  system = await startSystem({ config: { RECIPIENTS: examples } })
})
afterAll(() => system.stop())

async function open(type: string, number: string) {
  const patient = await system.logIn(number)
  const { items } = await patient.list(`?type=${type}`)
  const item = items.find(
    ({ statuses }) => !statuses.some((status) => ['replaced', 'revoked', 'sent'].includes(status)),
  )!
  return { patient, item, read: () => patient.read(item.id) }
}

describe('with an insurer and employers among the recipients', () => {
  test('a certificate names everyone it can go to, the authority first', async () => {
    const { item, read } = await open('LISJP', numbers.tolvan)
    const { actions } = await read()
    expect(actions.send).toEqual({ allowed: true, recipients: [authority, insurer] })
    expect(item.statuses).toContain('notSent')
  })

  test('one that goes to no authority can be sent too, and nobody who takes paper is named', async () => {
    const { patient, item, read } = await open('AG7804', numbers.employed)
    const { actions, nextSteps } = await read()
    expect(actions.send).toEqual({ allowed: true, recipients: [insurer, employer] })
    expect(nextSteps?.map(({ text }) => text)).toContain(
      'Du kan skicka intyget härifrån till Exempelförsäkring eller Exempelverket AB.',
    )
    // It is nothing that the patient is expected to do: «not sent» is of the authority.
    expect(item.statuses).not.toContain('notSent')
    const facts = (await patient.get(`/certificates/${item.id}/send-facts`)).json()
    expect(facts.send).toEqual({ allowed: false, reason: 'recipient.none', recipients: [] })
  })

  test('the access log and the certificate’s own events call them by their names', async () => {
    const { patient, item, read } = await open('AG7804', numbers.employed)
    const headers = await system.tokens.client('certificate-store', scopes.documents, 'dispatch')
    const dispatchId = randomUUID()
    const fetched = await system.service.app.inject({
      url: `/patients/${patient.id}/certificates/${item.id}/document?recipient=${employer.id}&dispatch=${dispatchId}&projection=employment`,
      headers: { ...headers, accept: 'application/json' },
    })
    expect(fetched.statusCode).toBe(200)
    const log = (await patient.get('/access-log')).json()
    const [entry] = log.items.filter(({ action }: { action: string }) => action === 'handOver')
    expect(entry).toMatchObject({
      actor: { kind: 'recipient', name: employer.name },
      text: expect.stringMatching(/^Exempelverket AB hämtade /),
    })

    await system.deliver('dispatch.delivered.v1', {
      patientId: patient.id,
      certificateId: item.id,
      dispatchId,
      recipientId: employer.id,
      at: new Date().toISOString(),
    })
    expect((await read()).events[0]).toMatchObject({
      kind: 'sent',
      recipient: employer.name,
      text: 'Intyget skickades till Exempelverket AB.',
    })
  })
})

test('a list that dispatch would refuse is refused here in the same words', async () => {
  const employers = JSON.parse(examples).slice(4, 5) as object[]
  const RECIPIENTS = JSON.stringify(employers.map((each) => ({ ...each, projections: ['pdf'] })))
  const config = { ...({} as Parameters<typeof buildCertificateStoreService>[0]), RECIPIENTS }
  await expect(buildCertificateStoreService(config)).rejects.toThrow(
    'RECIPIENTS[0] is an employer, who gets the projection employment and no other',
  )
})
