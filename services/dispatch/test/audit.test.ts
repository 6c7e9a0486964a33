import { randomUUID } from 'node:crypto'
import { expectProblem, planted, until } from '@minaintyg/testing'
import pg from 'pg'
import { startDispatch } from './start-dispatch.ts'
import type { StartedDispatch } from './start-dispatch.ts'

let dispatch: StartedDispatch
beforeAll(async () => {
  dispatch = await startDispatch()
})
afterAll(() => dispatch.stop())

type Answer = Awaited<ReturnType<StartedDispatch['calls']['recipient']>>

/** What an answer tells: all but what names this one request. */
function told({ statusCode, headers, json }: Answer) {
  const { date, traceparent, ...rest } = headers
  const { instance, traceId, ...body } = json()
  expect([date, traceparent, instance, traceId]).not.toContain(undefined)
  return { statusCode, headers: rest, body }
}
const refusalsAbout = (resourceId: string) =>
  dispatch.db
    .selectFrom('audit_event')
    .selectAll()
    .where('resource_id', '=', resourceId)
    .orderBy('id')
    .execute()
async function sent() {
  const certificate = dispatch.neighbours.addCertificate()
  const { id } = (await dispatch.calls.send(certificate)).json()
  return String(id)
}

/** The database, as whose the tables are. */
async function asOwner<T>(run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: dispatch.ownerUrl })
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end()
  }
}

const receipt = { id: randomUUID(), kind: 'received', at: new Date().toISOString() }
const stranger = randomUUID()
const asStranger = (method: 'GET' | 'DELETE') => (id: string) =>
  dispatch.calls.patient(stranger, method, `/dispatches/${id}`)
const asOther = (method: 'GET' | 'POST', path: string, payload?: object) => (id: string) =>
  dispatch.calls.recipient(method, `/recipient/dispatches/${id}/${path}`, {
    clientId: 'transportstyrelsen',
    ...(payload === undefined ? {} : { payload }),
  })

describe('another’s dispatch', () => {
  test.each([
    ['GET /dispatches/:id', asStranger('GET'), { patient_id: stranger, client_id: 'gateway' }],
    ['DELETE /dispatches/:id', asStranger('DELETE'), { patient_id: stranger }],
    [
      'GET /recipient/dispatches/:id/document',
      asOther('GET', 'document'),
      { patient_id: null, client_id: 'transportstyrelsen' },
    ],
    [
      'POST /recipient/dispatches/:id/receipts',
      asOther('POST', 'receipts', receipt),
      { client_id: 'transportstyrelsen' },
    ],
  ] as const)('is as one that never was at %s, and on record', async (route, ask, who) => {
    const [id, unknown] = [await sent(), randomUUID()]
    const others = await ask(id)
    expectProblem(others, 404, 'dispatch.not-found')
    expect(told(others)).toEqual(told(await ask(unknown)))
    for (const each of [id, unknown]) {
      const rows = await until(async () => {
        const found = await refusalsAbout(each)
        return found.length > 0 ? found : undefined
      })
      expect(rows).toEqual([
        expect.objectContaining({
          event: 'access-refused',
          reason: 'dispatch.not-found',
          route,
          trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
          ...who,
        }),
      ])
    }
  })

  test('is not in the feed of a client that is no recipient, which is on record', async () => {
    const clientId = `outsider-${randomUUID()}`
    const answer = await dispatch.calls.recipient('GET', '/recipient/dispatches', { clientId })
    expectProblem(answer, 403, 'token.insufficient-scope')
    const row = await until(() =>
      dispatch.db
        .selectFrom('audit_event')
        .selectAll()
        .where('client_id', '=', clientId)
        .executeTakeFirst(),
    )
    expect(row).toMatchObject({
      reason: 'token.insufficient-scope',
      route: 'GET /recipient/dispatches',
      resource_id: null,
    })
  })

  test('what stands in the address is kept only where it is an id', async () => {
    const number = planted('191212121212')
    expect((await dispatch.service.app.inject(`/dispatches/${number}`)).statusCode).toBe(401)
    const row = await until(() =>
      dispatch.db
        .selectFrom('audit_event')
        .selectAll()
        .where('reason', '=', 'token.invalid')
        .where('route', '=', 'GET /dispatches/:id')
        .executeTakeFirst(),
    )
    expect(row).toMatchObject({ resource_id: null, patient_id: null })
    expect(JSON.stringify(row)).not.toContain(number)
  })
})

describe('the record of refusals', () => {
  test('holds none of what a patient did rightly, or without consent', async () => {
    const certificate = dispatch.neighbours.addCertificate()
    const { id } = (await dispatch.calls.send(certificate)).json()
    await dispatch.calls.patient(certificate.patientId, 'GET', `/dispatches/${String(id)}`)
    const reluctant = dispatch.neighbours.addCertificate()
    dispatch.neighbours.withdrawn.add(reluctant.patientId)
    expectProblem(await dispatch.calls.send(reluctant), 403, 'consent.required')
    await asStranger('GET')(String(id))
    await until(async () => (await refusalsAbout(String(id))).length > 0)
    for (const patientId of [certificate.patientId, reluctant.patientId]) {
      const rows = dispatch.db.selectFrom('audit_event').where('patient_id', '=', patientId)
      expect(await rows.selectAll().execute()).toEqual([])
    }
  })

  test('is not changed, shortened or emptied, whoever asks the database for it', async () => {
    await asStranger('GET')(await sent())
    await until(() => dispatch.db.selectFrom('audit_event').selectAll().executeTakeFirst())
    await asOwner(async (client) => {
      for (const statement of [
        "update audit_event set reason = 'x'",
        'delete from audit_event',
        'truncate audit_event',
      ]) {
        await expect(client.query(statement)).rejects.toThrow('append-only')
      }
    })
  })

  test('takes a flood of refusals without holding answers up', async () => {
    const unknown = randomUUID()
    await asOwner(async (client) => {
      await client.query('begin; lock table audit_event in exclusive mode')
      const refused = await Promise.all(
        Array.from({ length: 150 }, () => dispatch.service.app.inject(`/dispatches/${unknown}`)),
      )
      expect(new Set(refused.map(({ statusCode }) => statusCode))).toEqual(new Set([401]))
      await client.query('commit')
    })
    const stored = await until(async () => {
      const rows = await refusalsAbout(unknown)
      return rows.length >= 100 ? rows : undefined
    })
    expect(stored?.length).toBeLessThan(150)
  })
})
