import { Value } from 'typebox/value'
import { sha256Hex } from '@minaintyg/crypto'
import { CertificateCopy } from '@minaintyg/contracts'
import { expectProblem } from '@minaintyg/testing'
import { numbers, startSystem } from './system.ts'
import type { System } from './system.ts'

let system: System

beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.stop())

describe('GET /certificates/{id}/copy', () => {
  test('gives the certificate with the journal’s own bytes, and logs what they are for', async () => {
    const patient = await system.logIn()
    const { items } = await patient.list('?type=LISJP&status=notSent')
    const { id } = items[0]!
    const answer = await patient.get(`/certificates/${id}/copy?purpose=save`)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['cache-control']).toBe('no-store')
    const copy = answer.json()
    expect(Value.Errors(CertificateCopy, copy)).toEqual([])
    expect(copy.certificate).toMatchObject({ id, language: 'sv' })
    const bytes = Buffer.from(copy.original.bytes, 'base64')
    const { document } = (await patient.get(`/certificates/${id}/send-facts`)).json()
    expect(sha256Hex(bytes)).toBe(document.sha256)
    const { items: log } = (await patient.get('/access-log')).json()
    expect(log).toContainEqual(
      expect.objectContaining({ action: 'save', outcome: 'allowed', certificateId: id }),
    )
  })

  test('gives no copy of one that is replaced, and logs that it was refused', async () => {
    const patient = await system.logIn()
    const { items } = await patient.list('?status=replaced')
    const { id } = items[0]!
    const answer = await patient.get(`/certificates/${id}/copy?purpose=print`)
    expectProblem(answer, 409, 'certificate.replaced')
    expect(answer.body).not.toContain('original')
    const { items: log } = (await patient.get('/access-log')).json()
    expect(log[0]).toMatchObject({ action: 'print', outcome: 'refused', certificateId: id })
  })

  test('answers 404 for another’s certificate, and 403 without consent', async () => {
    const owner = await system.logIn()
    const { items } = await owner.list()
    const path = `/certificates/${items[0]!.id}/copy?purpose=save`
    expectProblem(
      await (await system.logIn(numbers.driver)).get(path),
      404,
      'certificate.not-found',
    )
    system.consents.delete(owner.id)
    expectProblem(await owner.get(path), 403, 'consent.required')
  })

  test.each(['', '?purpose=read', '?purpose=save&more=1'])('answers 400 to “%s”', async (query) => {
    const patient = await system.logIn()
    const { items } = await patient.list()
    const answer = await patient.get(`/certificates/${items[0]!.id}/copy${query}`)
    expectProblem(answer, 400, 'request.invalid')
  })
})
