import { sha256Hex } from '@minaintyg/crypto'
import type { Certificate } from '@minaintyg/certificate-model'
import type { CopyVerification } from '@minaintyg/contracts'
import { expectProblem } from '@minaintyg/testing'
import { createEntries } from './journal-entries.ts'
import { numbers, startSystem } from './system.ts'
import type { System } from './system.ts'

const page = 'https://api.example/minaintyg/v1/verify'
const signed = '2026-03-05T10:00:00'
let system: System
let gateway: Record<string, string>
const entries = createEntries(() => system)

beforeAll(async () => {
  system = await startSystem({ config: { VERIFICATION_URL: page } })
  gateway = await system.tokens.client('certificate-store', 'copies:verify', 'gateway')
})
afterEach(() => {
  entries.clear()
})
afterAll(() => system.stop())

type Patient = Awaited<ReturnType<System['logIn']>>

async function verify(id: string) {
  const answer = await system.service.app.inject({
    method: 'POST',
    url: '/verifications',
    headers: gateway,
    payload: { id },
  })
  expect(answer.statusCode).toBe(200)
  return answer.json<CopyVerification>()
}
const unknown = { genuine: false }

/** Someone with a certificate for the employer, whose diagnosis may be left out. */
async function patientWithOne() {
  entries.put(0, { id: 'one', type: 'AG7804', signed })
  const patient = await system.logIn(numbers.none)
  const { items } = await patient.list()
  const certificate = await patient.read(items[0]!.id)
  return { patient, certificate, id: certificate.id }
}
const copyOf = async (patient: Patient, id: string, query = 'purpose=save') =>
  (await patient.get(`/certificates/${id}/copy?${query}`)).json<{
    certificate: Certificate
    verification: { url: string } | null
  }>()
async function markOf(patient: Patient, id: string, query?: string): Promise<string> {
  const { verification } = await copyOf(patient, id, query)
  const [, mark = ''] = /^https:\/\/api\.example\/minaintyg\/v1\/verify\/(.*)$/.exec(
    verification!.url,
  )!
  return mark
}
const logOf = async (patient: Patient, language = 'sv') =>
  (await patient.get('/access-log', { 'accept-language': language })).json().items

describe('the mark of a copy', () => {
  test('is the same however often the copy is made, and another without the diagnosis', async () => {
    const { patient, id } = await patientWithOne()
    const whole = await markOf(patient, id)
    expect(whole).toMatch(/^[0-7][0-9a-hjkmnp-tv-z]{25}$/)
    expect(await markOf(patient, id, 'purpose=print')).toBe(whole)
    const adapted = await markOf(patient, id, 'purpose=save&hide=diagnosis')
    expect(adapted).not.toBe(whole)
    expect(await markOf(patient, id, 'purpose=print&hide=diagnosis')).toBe(adapted)
    expect([await verify(whole), await verify(adapted)]).toMatchObject([
      { genuine: true, adapted: false },
      { genuine: true, adapted: true },
    ])
  })

  test('is on no copy that is not made, and the certificate comes whole all the same', async () => {
    const patient = await system.logIn()
    const { items } = await patient.list('?type=LISJP&status=notSent')
    const copy = await copyOf(patient, items[0]!.id, 'purpose=save&hide=diagnosis')
    expect(copy.verification).toBeNull()
    expect(copy.certificate.adapted).toBeUndefined()
  })

  test('stands in the database as a hash alone', async () => {
    const { patient, id } = await patientWithOne()
    const mark = await markOf(patient, id)
    const { rows } = await system.rows.query('select * from verification where patient_id = $1', [
      patient.id,
    ])
    expect(rows).toMatchObject([{ id_sha256: sha256Hex(mark), certificate_id: id }])
    expect(JSON.stringify(rows)).not.toContain(mark)
  })
})

describe('POST /verifications', () => {
  test('tells type, date, unit and standing, and nothing of the patient or of what it says', async () => {
    const { patient, certificate, id } = await patientWithOne()
    const found = await verify(await markOf(patient, id))
    expect(found).toEqual({
      genuine: true,
      type: {
        code: 'AG7804',
        name: {
          sv: 'Läkarintyg om arbetsförmåga till arbetsgivaren',
          en: expect.stringContaining('ertificate'),
        },
      },
      issuedAt: '2026-03-05T09:00:00.000Z',
      unit: { name: certificate.unit.name },
      status: 'valid',
      adapted: false,
    })
    expect(certificate.unit.name).not.toBe('')
  })

  test('knows an id that was typed with capitals, dashes and look-alikes', async () => {
    const { patient, id } = await patientWithOne()
    const mark = await markOf(patient, id)
    const typed = mark.toUpperCase().replaceAll('0', 'O').replaceAll('1', 'l')
    expect(await verify(`${typed.slice(0, 13)}-${typed.slice(13)}`)).toMatchObject({
      genuine: true,
    })
  })

  test('is on record for the patient, in plain words', async () => {
    const { patient, id } = await patientWithOne()
    await verify(await markOf(patient, id))
    expect((await logOf(patient))[0]).toEqual({
      at: expect.any(String),
      action: 'verify',
      outcome: 'allowed',
      actor: { kind: 'holder', name: 'Någon som har en kopia' },
      certificateId: id,
      text: 'Någon som har en kopia av intyget ”Läkarintyg om arbetsförmåga till arbetsgivaren” kontrollerade att den är äkta. Innehållet visades inte.',
    })
    const [entry] = await logOf(patient, 'en')
    expect([entry.actor.name, entry.text]).toEqual([
      'Someone who has a copy',
      expect.stringMatching(/^Someone who has a copy of the certificate “.*” checked/),
    ])
  })

  test('says that it is revoked as soon as the journal does', async () => {
    const { patient, id } = await patientWithOne()
    const mark = await markOf(patient, id)
    entries.revoke(0, 'one')
    system.passTime(61_000)
    expect(await verify(mark)).toMatchObject({ genuine: true, status: 'revoked' })
  })

  test.each(['ERSATT', 'KOMPLT'] as const)('says that it is replaced by %s', async (kind) => {
    const { patient, id } = await patientWithOne()
    const mark = await markOf(patient, id)
    entries.put(1, {
      id: 'two',
      type: 'AG7804',
      signed: '2026-03-06T10:00:00',
      relations: [{ kind, id: 'one' }],
    })
    system.passTime(61_000)
    expect(await verify(mark)).toMatchObject({ genuine: true, status: 'replaced' })
  })

  test('knows nothing once consent is withdrawn, and tells it like an id that never was', async () => {
    const { patient, id } = await patientWithOne()
    const mark = await markOf(patient, id)
    system.consents.set(patient.id, 'withdrawn')
    expect(await verify(mark)).toEqual(unknown)
    expect((await logOf(patient))[0]).toMatchObject({ action: 'verify', outcome: 'refused' })

    await patient.post('/erasures')
    const { rows } = await system.rows.query('select from verification where patient_id = $1', [
      patient.id,
    ])
    expect(rows).toHaveLength(0)
    system.consents.set(patient.id, 'given')
    expect(await verify(mark)).toEqual(unknown)
    for (const never of ['0'.repeat(26), 'z'.repeat(26), '', '../x', mark.slice(1), `${mark}0`]) {
      expect(await verify(never)).toEqual(unknown)
    }
  })

  test('knows nothing of what no journal has any more', async () => {
    const { patient, id } = await patientWithOne()
    const mark = await markOf(patient, id)
    entries.remove(0, 'one')
    system.passTime(61_000)
    expect(await verify(mark)).toEqual(unknown)
  })

  test('says nothing while nobody knows whether there is consent', async () => {
    const { patient, id } = await patientWithOne()
    const payload = { id: await markOf(patient, id) }
    system.consents.set(patient.id, 'unknown')
    const answer = await system.service.app.inject({
      method: 'POST',
      url: '/verifications',
      headers: gateway,
      payload,
    })
    expectProblem(answer, 503, 'consent.unavailable')
  })

  test('leaves no id in the log', async () => {
    const { patient, id } = await patientWithOne()
    const mark = await markOf(patient, id)
    await verify(mark)
    expect(system.log.lines.length).toBeGreaterThan(0)
    expect(system.log.lines.join('')).not.toContain(mark)
  })

  test('is for the gateway alone', async () => {
    const ask = (headers: Record<string, string>) =>
      system.service.app.inject({
        method: 'POST',
        url: '/verifications',
        headers,
        payload: { id: 'x' },
      })
    expectProblem(await ask((await system.logIn()).headers), 403, 'token.insufficient-scope')
    expectProblem(await ask({}), 401, 'token.invalid')
  })
})

test('without VERIFICATION_URL copies have no mark, and none is verified', async () => {
  const off = await startSystem()
  try {
    const patient = await off.logIn()
    const { items } = await patient.list('?type=LISJP&status=notSent')
    expect(await copyOf(patient, items[0]!.id)).toMatchObject({ verification: null })
    const { rows } = await off.rows.query('select from verification')
    expect(rows).toHaveLength(0)
    const answer = await off.service.app.inject({
      method: 'POST',
      url: '/verifications',
      headers: await off.tokens.client('certificate-store', 'copies:verify', 'gateway'),
      payload: { id: '0'.repeat(26) },
    })
    expectProblem(answer, 404, 'verification.off')
  } finally {
    await off.stop()
  }
})
