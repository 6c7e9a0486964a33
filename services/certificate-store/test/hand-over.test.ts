import { randomUUID } from 'node:crypto'
import { Value } from 'typebox/value'
import { EmploymentCopy } from '@minaintyg/certificate-model'
import { sha256Hex } from '@minaintyg/crypto'
import { AccessLog, CertificateView } from '@minaintyg/contracts'
import { expectProblem } from '@minaintyg/testing'
import { numbers, startSystem } from './system.ts'
import type { System } from './system.ts'

let system: System

beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.stop())

async function handOver(
  target: { patient: string; id: string; query?: string },
  headers: Record<string, string> = {},
) {
  const token = await system.tokens.client('certificate-store', 'documents:read', 'dispatch')
  const query = target.query ?? `recipient=FKASSA&dispatch=${randomUUID()}`
  return system.service.app.inject({
    url: `/patients/${target.patient}/certificates/${target.id}/document?${query}`,
    headers: { ...token, ...headers },
  })
}

async function sendable() {
  const patient = await system.logIn()
  const { items } = await patient.list('?type=LISJP&status=notSent')
  return { patient, id: items[0]!.id }
}

describe('the hand-over of a document', () => {
  test('gives the journal’s own bytes, whose hash is the one that was promised', async () => {
    const { patient, id } = await sendable()
    const { document } = (await patient.get(`/certificates/${id}/send-facts`)).json()
    const answer = await handOver({ patient: patient.id, id }, { accept: 'application/xml' })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toMatch(/^application\/xml/)
    expect(sha256Hex(answer.rawPayload)).toBe(document.sha256)
    expect(answer.rawPayload).toHaveLength(document.size)
    expect(answer.body).toContain(numbers.tolvan)
  })

  test('gives the structured certificate to who asks for JSON', async () => {
    const { patient, id } = await sendable()
    const answer = await handOver({ patient: patient.id, id }, { accept: 'application/json' })
    expect(Value.Errors(CertificateView, answer.json())).toEqual([])
    expect(answer.json()).toMatchObject({ id, language: 'sv', events: [] })
  })

  test('gives an employer who, when and how much, in the very bytes that were promised', async () => {
    const { patient, id } = await sendable()
    const { employmentCopy } = (await patient.get(`/certificates/${id}/send-facts`)).json()
    const query = `recipient=EMPLOYER&dispatch=${randomUUID()}&projection=employment`
    for (const accept of ['application/json', 'application/xml']) {
      const answer = await handOver({ patient: patient.id, id, query }, { accept })
      expect(answer.headers['content-type']).toMatch(/^application\/json/)
      expect(Value.Errors(EmploymentCopy, answer.json())).toEqual([])
      expect(answer.json()).toMatchObject({ id, period: expect.any(Object) })
      expect({ sha256: sha256Hex(answer.rawPayload), size: answer.rawPayload.length }).toEqual(
        employmentCopy,
      )
    }
    const { items } = (await patient.get('/access-log')).json()
    expect(items[0]).toMatchObject({ action: 'handOver', actor: { name: 'EMPLOYER' } })
  })

  test('is written in the patient’s log with the recipient’s name', async () => {
    const { patient, id } = await sendable()
    await handOver({ patient: patient.id, id })
    const { items } = (await patient.get('/access-log')).json()
    expect(items[0]).toMatchObject({
      action: 'handOver',
      outcome: 'allowed',
      certificateId: id,
      actor: { kind: 'recipient', name: 'Försäkringskassan' },
    })
    expect(items[0].text).toMatch(/^Försäkringskassan hämtade intyget ”.+” som du hade skickat\.$/)
  })

  test('is refused after consent was withdrawn, and for what was revoked', async () => {
    const { patient, id } = await sendable()
    const { items } = await patient.list('?status=revoked')
    expectProblem(
      await handOver({ patient: patient.id, id: items[0]!.id }),
      410,
      'certificate.revoked',
    )
    system.consents.set(patient.id, 'withdrawn')
    expectProblem(await handOver({ patient: patient.id, id }), 403, 'consent.required')
  })

  test('knows whose a certificate is, whoever asks', async () => {
    const { id } = await sendable()
    const other = await system.logIn(numbers.employed)
    expectProblem(await handOver({ patient: other.id, id }), 404, 'certificate.not-found')
  })

  test.each([
    ['', 400, 'request.invalid'],
    ['recipient=FKASSA', 400, 'request.invalid'],
    [`recipient=FKASSA&dispatch=x`, 400, 'request.invalid'],
  ])('answers a problem to the query «%s»', async (query, status, code) => {
    const { patient, id } = await sendable()
    expectProblem(await handOver({ patient: patient.id, id, query }), status, code)
  })

  test('answers 406 to another form, 401 without a token and 403 to a patient', async () => {
    const { patient, id } = await sendable()
    expectProblem(
      await handOver({ patient: patient.id, id }, { accept: 'image/png' }),
      406,
      'request.not-acceptable',
    )
    const url = `/patients/${patient.id}/certificates/${id}/document?recipient=FKASSA&dispatch=${randomUUID()}`
    expectProblem(await system.service.app.inject(url), 401, 'token.invalid')
    expectProblem(await patient.get(url), 403, 'token.insufficient-scope')
  })
})

describe('what became of a dispatch', () => {
  const at = () => new Date().toISOString()

  test('makes a certificate sent, and stands among its events', async () => {
    const { patient, id } = await sendable()
    const fact = {
      patientId: patient.id,
      certificateId: id,
      dispatchId: randomUUID(),
      recipientId: 'FKASSA',
    }
    await system.deliver('dispatch.delivered.v1', { ...fact, at: at() })
    await system.deliver('dispatch.received.v1', { ...fact, at: at() })
    const certificate = await patient.read(id)
    expect(certificate.statuses).toContain('sent')
    expect(certificate.statuses).not.toContain('notSent')
    expect(
      certificate.events
        .map(({ kind }) => kind)
        .slice(0, 2)
        .sort(),
    ).toEqual(['received', 'sent'])
    expect(certificate.events[0]).toMatchObject({ recipient: 'Försäkringskassan' })
    expect((await patient.list('?status=sent')).items.map((item) => item.id)).toContain(id)
  })

  test('the receipt may come first', async () => {
    const { patient, id } = await sendable()
    const fact = {
      patientId: patient.id,
      certificateId: id,
      dispatchId: randomUUID(),
      recipientId: 'FKASSA',
    }
    await system.deliver('dispatch.received.v1', { ...fact, at: at() })
    expect((await patient.read(id)).statuses).toContain('sent')
  })

  test('of another patient’s certificate, or one that was erased, is nothing', async () => {
    const { id } = await sendable()
    const other = await system.logIn()
    const fact = { certificateId: id, dispatchId: randomUUID(), recipientId: 'FKASSA', at: at() }
    await system.deliver('dispatch.delivered.v1', { ...fact, patientId: other.id })
    await system.deliver('dispatch.delivered.v1', {
      ...fact,
      patientId: other.id,
      certificateId: randomUUID(),
    })
    const { rows } = await system.rows.query(
      'select from certificate_dispatch where certificate_id = $1',
      [id],
    )
    expect(rows).toEqual([])
  })

  test('that breaks its contract is poison', async () => {
    await expect(system.deliver('dispatch.delivered.v1', { at: 'now' })).rejects.toThrow('contract')
  })
})

describe('GET /access-log', () => {
  test('tells the patient what was done, newest first and page by page, by the contract', async () => {
    const { patient, id } = await sendable()
    await patient.get(`/certificates/${id}`)
    await patient.get(`/certificates/${id}?purpose=save`)
    await patient.put(`/certificates/${id}/archived`)
    const seen: { action: string; text: string }[] = []
    let cursor = ''
    for (let page = 0; page < 10; page += 1) {
      const log = (await patient.get(`/access-log?limit=2${cursor}`)).json()
      expect(Value.Errors(AccessLog, log)).toEqual([])
      seen.push(...log.items)
      if (log.nextCursor === null) break
      cursor = `&cursor=${log.nextCursor}`
    }
    expect(seen.map(({ action }) => action)).toEqual([
      'archive',
      'save',
      'read',
      'list',
      'fetch',
      'fetch',
    ])
    expect(seen[2]!.text).toMatch(/^Du läste intyget ”.+”\.$/)
    expect(seen[5]!.text).toMatch(/Mina intyg hämtade .+ från (Region Norr|Intygstjänsten)\./)
  })

  test('is open without consent, in English as well, and to nobody else', async () => {
    const patient = await system.logIn()
    await patient.list()
    system.consents.set(patient.id, 'withdrawn')
    const { items } = (await patient.get('/access-log', { 'accept-language': 'en' })).json()
    expect(items[0]).toMatchObject({
      actor: { name: 'You' },
      text: 'You saw the list of your certificates.',
    })
    const other = await system.logIn()
    expect((await other.get('/access-log')).json()).toEqual({ items: [], nextCursor: null })
    expectProblem(await system.service.app.inject('/access-log'), 401, 'token.invalid')
    expectProblem(await other.get('/access-log?cursor=x'), 400, 'cursor.invalid')
    expectProblem(await other.get('/access-log?limit=x'), 400, 'request.invalid')
  })

  test('cannot be changed, shortened or emptied', async () => {
    await (await system.logIn()).list()
    for (const statement of [
      "update access_log set action = 'read'",
      'delete from access_log',
      'truncate access_log',
    ]) {
      await expect(system.rows.query(statement)).rejects.toThrow('append-only')
    }
  })

  test('no data leaves where it cannot be written', async () => {
    const patient = await system.logIn()
    const { items } = await patient.list()
    await system.rows.query('alter table access_log rename to access_log_away')
    try {
      for (const target of ['/certificates', `/certificates/${items[0]!.id}`]) {
        expectProblem(await patient.get(target), 503, 'access-log.unavailable')
      }
      expectProblem(
        await handOver({ patient: patient.id, id: items[0]!.id }),
        503,
        'access-log.unavailable',
      )
    } finally {
      await system.rows.query('alter table access_log_away rename to access_log')
    }
  })
})
