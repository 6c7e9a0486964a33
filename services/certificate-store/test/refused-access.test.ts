import { randomUUID } from 'node:crypto'
import { expectProblem } from '@minaintyg/testing'
import { numbers, startSystem } from './system.ts'
import type { System } from './system.ts'

let system: System

beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.stop())

type LogIn = Awaited<ReturnType<System['logIn']>>

const rowsOf = async (patientId: string, outcome = 'refused') => {
  const { rows } = await system.rows.query(
    'select * from access_log where patient_id = $1 and outcome = $2 order by position',
    [patientId, outcome],
  )
  return rows as Record<string, unknown>[]
}
const textsOf = async (patient: LogIn, language: string) => {
  const { items } = (await patient.get('/access-log', { 'accept-language': language })).json()
  return (items as { text: string; outcome: string }[])
    .filter(({ outcome }) => outcome === 'refused')
    .map(({ text }) => text)
}
async function handOver(patientId: string, id: string, dispatch = randomUUID()) {
  const headers = await system.tokens.client('certificate-store', 'documents:read', 'dispatch')
  const url = `/patients/${patientId}/certificates/${id}/document?recipient=FKASSA&dispatch=${dispatch}`
  return system.service.app.inject({ url, headers })
}

describe('a patient who asks for another’s certificate', () => {
  const ways = [
    ['read', 'GET', (id: string) => `/certificates/${id}`],
    ['save', 'GET', (id: string) => `/certificates/${id}?purpose=save`],
    ['print', 'GET', (id: string) => `/certificates/${id}?purpose=print`],
    ['save', 'GET', (id: string) => `/certificates/${id}/copy-permission`],
    ['save', 'GET', (id: string) => `/certificates/${id}/copy?purpose=save`],
    ['send', 'GET', (id: string) => `/certificates/${id}/send-facts`],
    ['recipients', 'GET', (id: string) => `/certificates/${id}/send-facts?purpose=recipients`],
    ['archive', 'PUT', (id: string) => `/certificates/${id}/archived`],
    ['restore', 'DELETE', (id: string) => `/certificates/${id}/archived`],
  ] as const

  test.each(ways)('to %s it (%s) is on record with whose it is', async (action, method, target) => {
    const [asker, owner] = [await system.logIn(numbers.none), await system.logIn()]
    const { items } = await owner.list()
    const id = items[0]!.id
    const ask = (of: string) =>
      system.service.app.inject({ method, url: target(of), headers: asker.headers })
    const unknownId = randomUUID()
    const [another, unknown] = [await ask(id), await ask(unknownId)]
    expectProblem(another, 404, 'certificate.not-found')
    expectProblem(unknown, 404, 'certificate.not-found')
    const differing = ({ instance: _, traceId: __, ...rest }: Record<string, unknown>) => rest
    expect(differing(another.json())).toEqual(differing(unknown.json()))

    const common = {
      action,
      reason: 'certificate.not-found',
      actor_kind: 'patient',
      actor_id: asker.id,
      client_id: 'gateway',
      session_id: expect.any(String),
      trace_id: another.json().traceId,
      type_code: null,
      unit_id: null,
    }
    expect(await rowsOf(asker.id)).toMatchObject([
      { ...common, certificate_id: id, owner_id: owner.id },
      { ...common, certificate_id: unknownId, owner_id: null, trace_id: unknown.json().traceId },
    ])
  })

  test('finds the same in their log for it and for one that there is not, and the owner nothing', async () => {
    const [asker, owner] = [await system.logIn(numbers.none), await system.logIn()]
    const { items } = await owner.list()
    const before = (await owner.get('/access-log')).json()
    await asker.get(`/certificates/${items[0]!.id}`)
    await asker.get(`/certificates/${randomUUID()}`)
    const tried = 'Du försökte läsa ett intyg, men det fanns inte bland dina intyg.'
    expect(await textsOf(asker, 'sv')).toEqual([tried, tried])
    expect((await asker.get('/access-log')).body).not.toContain(owner.id)
    expect((await owner.get('/access-log')).json()).toEqual(before)
  })

  test('is told of to operators, without ids of patients', async () => {
    const [asker, owner] = [await system.logIn(numbers.none), await system.logIn()]
    const { items } = await owner.list()
    const { traceId } = (await asker.get(`/certificates/${items[0]!.id}`)).json()
    const told = system.log
      .entries()
      .filter(({ msg }) => msg === 'another patient’s certificate was asked for')
    expect(told.at(-1)).toMatchObject({ level: 'warn', traceId, actor: 'patient' })
    expect(JSON.stringify(told)).not.toContain(owner.id)
  })

  test('gets 503 where the attempt cannot be put on record', async () => {
    const asker = await system.logIn(numbers.none)
    await asker.list()
    await system.rows.query('alter table access_log rename to access_log_away')
    try {
      const answer = await asker.get(`/certificates/${randomUUID()}`)
      expectProblem(answer, 503, 'access-log.unavailable')
    } finally {
      await system.rows.query('alter table access_log_away rename to access_log')
    }
  })
})

describe('without consent', () => {
  test('what a patient tried stands in their log', async () => {
    const patient = await system.logIn(numbers.tolvan, 'withdrawn')
    const id = randomUUID()
    for (const target of ['/certificates', `/certificates/${id}`]) {
      expectProblem(await patient.get(target), 403, 'consent.required')
    }
    expect(await rowsOf(patient.id)).toMatchObject([
      { action: 'list', reason: 'consent.required', certificate_id: null, owner_id: null },
      { action: 'read', reason: 'consent.required', certificate_id: id, owner_id: null },
    ])
    expect(await textsOf(patient, 'en')).toEqual([
      'You tried to read a certificate, but there was no consent from you.',
      'You tried to see the list of your certificates, but there was no consent from you.',
    ])
  })

  test('no answer about consent is no refusal of anyone', async () => {
    const patient = await system.logIn()
    system.consents.set(patient.id, 'unknown')
    expectProblem(await patient.get('/certificates'), 503, 'consent.unavailable')
    expect(await rowsOf(patient.id)).toEqual([])
  })
})

describe('a recipient’s fetch that is refused', () => {
  test('is on record with the recipient, the dispatch and the reason, and the patient sees it', async () => {
    const patient = await system.logIn()
    const { items } = await patient.list('?type=LISJP&status=notSent')
    const id = items[0]!.id
    const [dispatch, another] = [randomUUID(), randomUUID()]
    system.consents.set(patient.id, 'withdrawn')
    expectProblem(await handOver(patient.id, id, dispatch), 403, 'consent.required')
    system.consents.set(patient.id, 'given')
    expectProblem(await handOver(patient.id, randomUUID(), another), 404, 'certificate.not-found')
    const common = { action: 'handOver', actor_kind: 'recipient', actor_id: 'FKASSA' }
    expect(await rowsOf(patient.id)).toMatchObject([
      { ...common, certificate_id: id, dispatch_id: dispatch, reason: 'consent.required' },
      { ...common, dispatch_id: another, reason: 'certificate.not-found', owner_id: null },
    ])
    expect(await textsOf(patient, 'sv')).toEqual([
      'Försäkringskassan försökte hämta ett intyg, men det fanns inte bland dina intyg.',
      'Försäkringskassan försökte hämta ett intyg, men det fanns inget samtycke från dig.',
    ])
  })
})

describe('what was given', () => {
  test('is on record with unit, care provider, purpose, session, client and trace', async () => {
    const patient = await system.logIn()
    const { items } = await patient.list()
    const { id, unit, careProvider, source, type } = items[0]!
    await patient.get(`/certificates/${id}`)
    const allowed = await rowsOf(patient.id, 'allowed')
    expect(allowed.at(-1)).toMatchObject({
      action: 'read',
      purpose: 'own-access',
      reason: null,
      certificate_id: id,
      type_code: type.code,
      unit_id: unit.id,
      care_provider_id: careProvider.id,
      source_id: source.id,
      actor_kind: 'patient',
      actor_id: patient.id,
      client_id: 'gateway',
      session_id: expect.any(String),
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      owner_id: null,
    })
    expect(unit.id).not.toBe('')
    expect(careProvider.id).not.toBe('')
    expect(allowed[0]).toMatchObject({ action: 'fetch', purpose: 'upkeep', actor_kind: 'system' })
  })

  test('names the one who acts for a patient beside the patient', async () => {
    const patient = await system.logIn()
    const guardian = randomUUID()
    const headers = await system.tokens.patient('certificate-store', patient.id, {
      act: { sub: guardian },
    })
    await system.service.app.inject({ url: '/certificates', headers })
    const allowed = await rowsOf(patient.id, 'allowed')
    expect(allowed.at(-1)).toMatchObject({ actor_id: guardian, client_id: 'gateway' })
  })

  test('to hand a document over names the unit and the care provider too', async () => {
    const patient = await system.logIn()
    const { items } = await patient.list('?type=LISJP&status=notSent')
    const { id, unit, careProvider } = items[0]!
    expect((await handOver(patient.id, id)).statusCode).toBe(200)
    expect((await rowsOf(patient.id, 'allowed')).at(-1)).toMatchObject({
      action: 'handOver',
      purpose: 'disclosure',
      unit_id: unit.id,
      care_provider_id: careProvider.id,
    })
  })
})

describe('the question whether a copy may be made', () => {
  test('is no copy: only its refusal is on record', async () => {
    const patient = await system.logIn()
    const { items } = await patient.list()
    const revoked = (await patient.list('?status=revoked')).items[0]!.id
    const logged = async () => (await rowsOf(patient.id, 'allowed')).length
    const before = await logged()
    const answer = await patient.get(`/certificates/${items[0]!.id}/copy-permission`)
    expect([answer.statusCode, answer.body]).toEqual([204, ''])
    expect(await logged()).toBe(before)
    expectProblem(
      await patient.get(`/certificates/${revoked}/copy-permission`),
      410,
      'certificate.revoked',
    )
    expect(await textsOf(patient, 'sv')).toEqual([
      expect.stringMatching(/^Du försökte spara intyget ”.+”, men det är makulerat av vården\.$/),
    ])
  })
})
