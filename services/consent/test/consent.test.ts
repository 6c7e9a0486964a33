import { randomUUID } from 'node:crypto'
import { createRecordingBus, expectProblem } from '@minaintyg/testing'
import type { TestTokens } from '@minaintyg/testing'
import type pg from 'pg'
import type { ConsentService } from '../src/app.ts'
import { createConsentUnderTest } from './consent-under-test.ts'
import type { ConsentUnderTest } from './consent-under-test.ts'

const bus = createRecordingBus()
let consent: ConsentUnderTest
let service: ConsentService
let tokens: TestTokens
let rows: pg.Client
let asPatient: ConsentUnderTest['asPatient']

beforeAll(async () => {
  consent = await createConsentUnderTest({ bus })
  ;({ service, tokens, rows, asPatient } = consent)
})
afterAll(() => consent.close())

const recordsOf = async (id: string) =>
  (await rows.query('select * from consent_record where patient_id = $1 order by position', [id]))
    .rows
const stateOf = async (id: string) =>
  service.app.inject({
    url: `/patients/${id}/consent-state`,
    headers: await tokens.client('consent', 'consent-state:read', 'certificate-store'),
  })

describe('GET /consent', () => {
  test('shows the text in Swedish to someone who has said nothing yet', async () => {
    const answer = await (await asPatient(randomUUID())).read()
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({
      state: 'none',
      givenAt: null,
      withdrawnAt: null,
      acceptedVersion: null,
      text: { version: '1.0', language: 'sv' },
      history: [],
    })
  })

  test('shows it in English to those who ask for it', async () => {
    const patient = await asPatient(randomUUID())
    const answer = await patient.read({ 'accept-language': 'en-GB,en;q=0.9,sv;q=0.3' })
    expect(answer.json().text.language).toBe('en')
    expect(answer.json().text.title).toMatch(/consent/)
  })

  test('is 401 without a token, and 403 with a service’s', async () => {
    expectProblem(await service.app.inject('/consent'), 401, 'token.invalid')
    const headers = await tokens.client('consent', 'consent-state:read')
    const answer = await service.app.inject({ url: '/consent', headers })
    expectProblem(answer, 403, 'token.insufficient-scope')
  })
})

describe('POST /consent', () => {
  test('records who, when, to what text, in which language, through what and how sure', async () => {
    const id = randomUUID()
    const answer = await (
      await asPatient(id)
    ).give({ textVersion: '1.0' }, { 'accept-language': 'en' })
    expect(answer.statusCode).toBe(201)
    expect(answer.json()).toMatchObject({ state: 'given', acceptedVersion: '1.0' })
    expect(await recordsOf(id)).toMatchObject([
      {
        patient_id: id,
        kind: 'given',
        text_version: '1.0',
        language: 'en',
        channel: 'gateway',
        loa: 'http://id.elegnamnden.se/loa/1.0/loa3',
        session_id: `session-${id}`,
        at: expect.any(Date),
      },
    ])
  })

  test('is 200 when it was given to that version before', async () => {
    const patient = await asPatient(randomUUID())
    const first = await patient.give()
    const second = await patient.give()
    expect([first.statusCode, second.statusCode]).toEqual([201, 200])
    expect(second.json()).toEqual(first.json())
  })

  test('twenty at once make one record and one event', async () => {
    const id = randomUUID()
    const patient = await asPatient(id)
    const answers = await Promise.all(Array.from({ length: 20 }, () => patient.give()))
    const statuses = answers.map(({ statusCode }) => statusCode).sort()
    expect(statuses).toEqual([...Array<number>(19).fill(200), 201])
    expect(await recordsOf(id)).toHaveLength(1)
    const { rows: events } = await rows.query('select type from outbox where subject = $1', [id])
    expect(events).toEqual([{ type: 'consent.given.v1' }])
  })

  test('is 409 for any text but the one in force, and records nothing', async () => {
    const id = randomUUID()
    expectProblem(
      await (await asPatient(id)).give({ textVersion: '0.9' }),
      409,
      'consent.text-outdated',
    )
    expect(await recordsOf(id)).toEqual([])
  })

  test.each([
    ['nothing', {}],
    ['an unknown field', { textVersion: '1.0', loa: 'loa4' }],
    ['a number', { textVersion: 1 }],
    ['an empty version', { textVersion: '' }],
  ])('is 400 for %s', async (_what, payload) => {
    expectProblem(await (await asPatient(randomUUID())).give(payload), 400, 'request.invalid')
  })
})

describe('DELETE /consent', () => {
  test('withdraws, and says when', async () => {
    const id = randomUUID()
    const patient = await asPatient(id)
    await patient.give()
    const answer = await patient.withdraw()
    expect(answer.statusCode).toBe(200)
    const { withdrawnAt } = answer.json()
    expect((await patient.read()).json()).toMatchObject({
      state: 'withdrawn',
      withdrawnAt,
      givenAt: null,
      acceptedVersion: null,
      history: [{ kind: 'withdrawn' }, { kind: 'given' }],
    })
  })

  test('works for someone who never gave it, and answers the same time twenty times at once', async () => {
    const id = randomUUID()
    const patient = await asPatient(id)
    const answers = await Promise.all(Array.from({ length: 20 }, () => patient.withdraw()))
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
    expect(await recordsOf(id)).toHaveLength(1)
  })

  test('give, withdraw and give again are three lines of one record, in their order', async () => {
    const id = randomUUID()
    const patient = await asPatient(id)
    await patient.give()
    await patient.withdraw()
    expect((await patient.give()).statusCode).toBe(201)
    const records = await recordsOf(id)
    expect(records.map(({ kind }) => kind)).toEqual(['given', 'withdrawn', 'given'])
    const times = records.map(({ at }) => at.getTime())
    expect([...times].sort()).toEqual(times)
    expect(new Set(times).size).toBe(3)
  })

  test('another patient’s consent stays as it is', async () => {
    const [mine, other] = [randomUUID(), randomUUID()]
    await (await asPatient(mine)).give()
    await (await asPatient(other)).withdraw()
    expect((await stateOf(mine)).json()).toEqual({ state: 'given' })
    expect((await stateOf(other)).json()).toEqual({ state: 'withdrawn' })
  })
})

describe('GET /patients/:id/consent-state', () => {
  test('is none for someone unknown', async () => {
    expect((await stateOf(randomUUID())).json()).toEqual({ state: 'none' })
  })

  test('is 400 for what is no id', async () => {
    expectProblem(await stateOf('somebody'), 400, 'request.invalid')
  })

  test('is not open to patients', async () => {
    const id = randomUUID()
    const headers = await tokens.patient('consent', id)
    const answer = await service.app.inject({ url: `/patients/${id}/consent-state`, headers })
    expectProblem(answer, 403, 'token.insufficient-scope')
  })
})

describe('the record', () => {
  test.each([
    'update consent_record set kind = kind where patient_id = $1',
    'delete from consent_record where patient_id = $1',
  ])('refuses %s', async (statement) => {
    const id = randomUUID()
    await (await asPatient(id)).give()
    await expect(rows.query(statement, [id])).rejects.toThrow('append-only')
    expect(await recordsOf(id)).toHaveLength(1)
  })

  test('cannot be emptied', async () => {
    await expect(rows.query('truncate consent_record cascade')).rejects.toThrow('append-only')
  })
})

test('giving and withdrawing are told of through the outbox, in that order', async () => {
  const id = randomUUID()
  const patient = await asPatient(id)
  await patient.give()
  const { withdrawnAt } = (await patient.withdraw()).json()
  await service.relay.drain()
  const mine = bus.published
    .map(({ exchange, routingKey, body }) => ({
      exchange,
      routingKey,
      event: JSON.parse(body.toString()),
    }))
    .filter(({ event }) => event.subject === id)
  expect(mine).toMatchObject([
    { routingKey: 'consent.given.v1', event: { data: { patientId: id } } },
    {
      exchange: 'minaintyg.events',
      routingKey: 'consent.withdrawn.v1',
      event: { type: 'consent.withdrawn.v1', data: { patientId: id, at: withdrawnAt } },
    },
  ])
  const { rows: waiting } = await rows.query('select id from outbox where published_at is null')
  expect(waiting).toEqual([])
})
