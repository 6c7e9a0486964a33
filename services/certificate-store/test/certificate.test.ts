import { randomUUID } from 'node:crypto'
import { Value } from 'typebox/value'
import { CertificateView, SendFacts } from '@minaintyg/contracts'
import type { AccessLogEntry } from '@minaintyg/contracts'
import { expectProblem } from '@minaintyg/testing'
import { numbers, startSystem } from './system.ts'
import type { System } from './system.ts'

let system: System

beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.stop())

describe('GET /certificates/{id}', () => {
  test('gives the whole certificate by the contract, with what the doctor wrote', async () => {
    const patient = await system.logIn()
    const { items } = await patient.list('?type=LISJP&status=notSent')
    const answer = await patient.get(`/certificates/${items[0]!.id}`)
    const certificate = answer.json()
    expect(Value.Errors(CertificateView, certificate)).toEqual([])
    expect(certificate).toMatchObject({
      id: items[0]!.id,
      statuses: items[0]!.statuses,
      language: 'sv',
    })
    expect(answer.body).toContain('Lasègues prov')
    expect(answer.body).toContain('< 50 %')
    expect(certificate.actions.send).toEqual({
      allowed: true,
      recipients: [{ id: 'FKASSA', name: 'Försäkringskassan' }],
    })
    expect(answer.body).not.toContain(numbers.tolvan)
    expect(certificate.patient.personalIdentityNumberMasked).toBe('19121212-••••')
  })

  test('answers 304 while nothing has changed', async () => {
    const patient = await system.logIn()
    const { items } = await patient.list('?type=LUSE')
    const { headers } = await patient.get(`/certificates/${items[0]!.id}`)
    const again = await patient.get(`/certificates/${items[0]!.id}`, {
      'if-none-match': String(headers['etag']),
    })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  })

  test('relations point both ways, and a replaced one may be read but not copied or sent', async () => {
    const patient = await system.logIn()
    const { items } = await patient.list('?status=replaced')
    const older = await patient.read(items[0]!.id)
    const relation = older.relations[0]!
    expect(relation.kind).toBe('replacedBy')
    expect(older.actions).toMatchObject({
      read: { allowed: true },
      save: { allowed: false, reason: 'certificate.replaced' },
      send: { allowed: false, recipients: [] },
    })
    expect(older.events[0]).toMatchObject({
      kind: 'replaced',
      certificateId: relation.certificateId,
    })
    const newer = await patient.read(relation.certificateId)
    expect(newer.relations).toEqual([
      expect.objectContaining({ kind: 'replaces', certificateId: older.id }),
    ])
    for (const purpose of ['save', 'print']) {
      expectProblem(
        await patient.get(`/certificates/${older.id}?purpose=${purpose}`),
        409,
        'certificate.replaced',
      )
    }
  })

  test('extended and complemented ones say so', async () => {
    const patient = await system.logIn(numbers.replaced)
    const { items } = await patient.list('?limit=100')
    const kinds = await Promise.all(
      items.map(async ({ id }) => (await patient.read(id)).relations.map(({ kind }) => kind)),
    )
    expect(new Set(kinds.flat())).toEqual(
      new Set(['extends', 'extendedBy', 'complements', 'complementedBy', 'replaces', 'replacedBy']),
    )
  })

  test('the diagnosis may be hidden from an employer, but not under infection control', async () => {
    const patient = await system.logIn()
    const { items } = await patient.list('?type=AG7804')
    const views = await Promise.all(
      items.map(async ({ id }) => (await patient.read(id)).actions.hide),
    )
    expect(views).toEqual(expect.arrayContaining([['diagnosis'], []]))
  })

  test('a revoked one is 410 with the date', async () => {
    const patient = await system.logIn()
    const { items } = await patient.list('?status=revoked')
    const answer = await patient.get(`/certificates/${items[0]!.id}`)
    expectProblem(answer, 410, 'certificate.revoked')
    expect(answer.json().revokedAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
    expectProblem(
      await patient.get(`/certificates/${items[0]!.id}/send-facts`),
      410,
      'certificate.revoked',
    )
  })

  test('someone else’s id answers exactly as one that nobody has', async () => {
    const owner = await system.logIn()
    const { items } = await owner.list()
    const other = await system.logIn(numbers.employed)
    const someone = await other.get(`/certificates/${items[0]!.id}`)
    const unknown = await other.get(`/certificates/${randomUUID()}`)
    expectProblem(someone, 404, 'certificate.not-found')
    const bare = ({ instance: _i, traceId: _t, ...problem }: Record<string, unknown>) => problem
    expect(bare(someone.json())).toEqual(bare(unknown.json()))
    expectProblem(
      await other.get(`/certificates/${items[0]!.id}/send-facts`),
      404,
      'certificate.not-found',
    )
    expectProblem(
      await other.put(`/certificates/${items[0]!.id}/archived`),
      404,
      'certificate.not-found',
    )
    expectProblem(
      await other.delete(`/certificates/${items[0]!.id}/archived`),
      404,
      'certificate.not-found',
    )
  })

  test.each(['x', `${randomUUID()}?purpose=steal`, `${randomUUID()}?more=1`])(
    'answers 400 to %s',
    async (target) => {
      expectProblem(
        await (await system.logIn()).get(`/certificates/${target}`),
        400,
        'request.invalid',
      )
    },
  )

  test('answers 401 without a token', async () => {
    for (const end of ['', '/send-facts']) {
      const answer = await system.service.app.inject(`/certificates/${randomUUID()}${end}`)
      expectProblem(answer, 401, 'token.invalid')
    }
  })
})

describe('GET /certificates/{id}/send-facts', () => {
  test('tells what dispatch must know, by the contract', async () => {
    const patient = await system.logIn()
    const { items } = await patient.list('?type=LISJP&status=notSent')
    const facts = (await patient.get(`/certificates/${items[0]!.id}/send-facts`)).json()
    expect(Value.Errors(SendFacts, facts)).toEqual([])
    expect(facts.send.allowed).toBe(true)
  })

  test('who only looks where it can go has not asked to send it, and the access log says so', async () => {
    const patient = await system.logIn()
    const { items } = await patient.list('?type=LISJP&status=notSent')
    const path = `/certificates/${items[0]!.id}/send-facts`
    await patient.get(`${path}?purpose=recipients`)
    await patient.get(path)
    const entries = (await patient.get('/access-log')).json().items as AccessLogEntry[]
    const own = entries.filter(({ certificateId }) => certificateId === items[0]!.id)
    expect(own.map(({ action, text }) => [action, text])).toEqual([
      ['send', 'Du begärde att få skicka intyget ”Läkarintyg för sjukpenning”.'],
      ['recipients', 'Du såg vart intyget ”Läkarintyg för sjukpenning” kan skickas.'],
    ])
  })

  test('a certificate that was revoked a moment ago is not sent', async () => {
    const patient = await system.logIn(numbers.driver)
    const { items } = await patient.list()
    const certificate = items.find(({ source }) => source.id === 'intygstjansten')!
    const { rows } = await system.rows.query('select journal_id from certificate where id = $1', [
      certificate.id,
    ])
    system.journals.journals[1]!.revoke(rows[0].journal_id, new Date())
    system.passTime(61_000)
    expectProblem(
      await patient.get(`/certificates/${certificate.id}/send-facts`),
      410,
      'certificate.revoked',
    )
    const { rows: events } = await system.rows.query(
      "select body from outbox where type = 'certificate.revoked.v1' and subject = $1",
      [certificate.id],
    )
    expect(JSON.parse(events[0].body).data).toMatchObject({ patientId: patient.id })
  })
})

describe('the patient’s archive', () => {
  test('a mark stays through a refresh, and putting it twice is the same', async () => {
    const patient = await system.logIn(numbers.employed)
    const { items, total } = await patient.list()
    const target = `/certificates/${items[0]!.id}/archived`
    expect((await patient.put(target)).statusCode).toBe(204)
    expect((await patient.put(target)).statusCode).toBe(204)
    system.passTime(61_000)
    await patient.get(`/certificates/${items[1]!.id}/send-facts`)
    expect((await patient.list()).total).toBe(total - 1)
    expect((await patient.list('?archived=true')).items.map(({ id }) => id)).toEqual([items[0]!.id])
    expect((await patient.delete(target)).statusCode).toBe(204)
    expect((await patient.list()).total).toBe(total)
    const { events } = await patient.read(items[0]!.id)
    expect(events[0]!.kind).toBe('restored')
  })

  test('answers 401 without a token', async () => {
    for (const method of ['PUT', 'DELETE'] as const) {
      const url = `/certificates/${randomUUID()}/archived`
      expectProblem(await system.service.app.inject({ method, url }), 401, 'token.invalid')
    }
  })
})
