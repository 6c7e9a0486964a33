import { expectProblem } from '@minaintyg/testing'
import { revocation } from './pushes.ts'
import { hsaIds, startPushSystem } from './push-system.ts'
import type { PushCaller, PushSystem } from './push-system.ts'
import { numbers } from './system.ts'

let system: PushSystem
let norr: PushCaller
let intygstjansten: PushCaller

beforeAll(async () => {
  system = await startPushSystem()
  norr = await system.caller(hsaIds.norr)
  intygstjansten = await system.caller(hsaIds.intygstjansten)
})
afterAll(() => system.stop())

const rowsOf = async (journalId: string) =>
  (await system.rows.query('select * from certificate where journal_id = $1', [journalId])).rows
const eventsOf = async (patientId: string) => {
  const { rows } = await system.rows.query('select type, body from outbox order by position')
  return rows
    .map(({ type, body }) => ({ type: type as string, data: JSON.parse(body).data }))
    .filter(({ data }) => data.patientId === patientId)
}

describe('RevokeCertificate', () => {
  test('leaves a tombstone, tells of it, and once more is INFO', async () => {
    const patient = await system.logIn(numbers.none)
    await norr.register({ number: numbers.none, id: 'mistake-1' })
    const [{ id }] = await rowsOf('mistake-1')
    const call = { number: numbers.none, id: 'mistake-1', sent: '2026-03-02T08:00:00' }
    expect(await norr.revoke(call)).toMatchObject({ status: 200, code: 'OK' })
    const read = await patient.get(`/certificates/${id}`)
    expectProblem(read, 410, 'certificate.revoked')
    expect(read.json().revokedAt).toBe('2026-03-02T07:00:00.000Z')
    expect(await norr.revoke(call)).toMatchObject({ code: 'INFO' })
    const revoked = (await eventsOf(patient.id)).filter(
      ({ type }) => type === 'certificate.revoked.v1',
    )
    expect(revoked).toMatchObject([{ data: { certificateId: id } }])
    expect((await norr.register({ number: numbers.none, id: 'mistake-1' })).code).toBe('INFO')
    expectProblem(await patient.get(`/certificates/${id}`), 410, 'certificate.revoked')
  })

  test('of what was fetched stays, though the journal’s list does not have it yet', async () => {
    const patient = await system.logIn(numbers.driver)
    const { items } = await patient.list()
    const own = items.find(({ source }) => source.id === 'region-norr')!
    const { rows } = await system.rows.query('select journal_id from certificate where id = $1', [
      own.id,
    ])
    const call = { number: numbers.driver, id: rows[0].journal_id, sent: '2099-01-01T00:00:00' }
    expect((await norr.revoke(call)).code).toBe('OK')
    await system.rows.query("update certificate set fingerprint = 'changed' where id = $1", [
      own.id,
    ])
    system.passTime(61_000)
    await patient.get(`/certificates/${items.at(-1)!.id}/send-facts`)
    const read = await patient.get(`/certificates/${own.id}`)
    expectProblem(read, 410, 'certificate.revoked')
    expect(Date.parse(read.json().revokedAt)).toBeLessThan(Date.now() + 3_600_000)
  })

  test.each([
    ['an unknown id', { id: 'nowhere' }],
    ['another patient’s number', { number: numbers.driver }],
    ['the number of somebody who was never here', { number: '201212121212' }],
  ])('with %s is an unknown certificate', async (_what, change) => {
    await system.logIn(numbers.none)
    await system.logIn(numbers.driver)
    await norr.register({ number: numbers.none, id: 'kept-1' })
    const answer = await norr.revoke({ number: numbers.none, id: 'kept-1', ...change })
    expect(answer).toMatchObject({ code: 'ERROR', errorId: 'APPLICATION_ERROR' })
    expect(answer.text).toBe('Unknown certificate ID')
    expect(await rowsOf('kept-1')).toMatchObject([{ revoked_at: null }])
  })

  test('by another journal is an unknown certificate', async () => {
    await system.logIn(numbers.none)
    await norr.register({ number: numbers.none, id: 'kept-2' })
    const answer = await intygstjansten.revoke({ number: numbers.none, id: 'kept-2' })
    expect(answer).toMatchObject({ code: 'ERROR', errorId: 'APPLICATION_ERROR' })
    expect(await rowsOf('kept-2')).toMatchObject([{ revoked_at: null }])
  })

  test('against the contract is VALIDATION_ERROR', async () => {
    const xml = revocation({ number: numbers.none, id: 'x' }).replace(
      /<b:patientPerson-id>.*?<\/b:patientPerson-id>/s,
      '',
    )
    expect(await norr.send('revoke', xml)).toMatchObject({
      errorId: 'VALIDATION_ERROR',
      text: 'RevokeCertificate/patientPerson-id is missing',
    })
  })
})
