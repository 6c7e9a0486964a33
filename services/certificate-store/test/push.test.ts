import { gzipSync } from 'node:zlib'
import { registration } from './pushes.ts'
import { hsaIds, startPushSystem } from './push-system.ts'
import type { PushCaller, PushSystem } from './push-system.ts'
import { numbers } from './system.ts'

let system: PushSystem
let norr: PushCaller

beforeAll(async () => {
  system = await startPushSystem()
  norr = await system.caller(hsaIds.norr)
})
afterAll(() => system.stop())

const alreadyExists = 'Certificate already exists'
const rowsOf = async (journalId: string) =>
  (await system.rows.query('select * from certificate where journal_id = $1', [journalId])).rows
const eventsOf = async (patientId: string) => {
  const { rows } = await system.rows.query('select type, body from outbox order by position')
  return rows
    .map(({ type, body }) => ({ type: type as string, data: JSON.parse(body).data }))
    .filter(({ data }) => data.patientId === patientId)
}

describe('RegisterCertificate', () => {
  test('is taken in, shown, told of and on the patient’s log', async () => {
    const patient = await system.logIn(numbers.none)
    const answer = await norr.register({ number: numbers.none, id: 'new-1' })
    expect(answer).toMatchObject({ status: 200, code: 'OK', text: undefined, errorId: undefined })
    expect(answer.headers['content-type']).toBe('text/xml;charset=UTF-8')

    const { items } = await patient.list()
    expect(items).toMatchObject([
      {
        type: { code: 'LISJP' },
        source: { id: 'region-norr' },
        issuedAt: '2026-03-01T09:15:00.000Z',
      },
    ])
    const certificate = await patient.read(items[0]!.id)
    expect(JSON.stringify(certificate.sections)).toContain('Får inte lyfta tungt')
    expect(await eventsOf(patient.id)).toEqual([
      { type: 'certificate.stored.v1', data: expect.anything() },
      {
        type: 'certificate.added.v1',
        data: {
          patientId: patient.id,
          certificateId: items[0]!.id,
          typeCode: 'LISJP',
          issuedAt: '2026-03-01T09:15:00.000Z',
          sourceId: 'region-norr',
          at: expect.any(String),
        },
      },
    ])
    const log = (await patient.get('/access-log')).json()
    expect(log.items).toContainEqual(
      expect.objectContaining({
        action: 'receive',
        outcome: 'allowed',
        text: expect.stringMatching(/^Region Norr skickade intyget ”.*” till Mina intyg\.$/),
      }),
    )
  })

  test('again is INFO for the same patient, and VALIDATION_ERROR for another', async () => {
    await system.logIn(numbers.driver)
    await system.logIn(numbers.none)
    const parts = { number: numbers.none, id: 'again-1' }
    expect((await norr.register(parts)).code).toBe('OK')
    expect(await norr.register(parts)).toMatchObject({ code: 'INFO', text: alreadyExists })
    expect(await norr.register({ ...parts, number: numbers.driver })).toMatchObject({
      code: 'ERROR',
      text: alreadyExists,
      errorId: 'VALIDATION_ERROR',
    })
    expect(await rowsOf('again-1')).toHaveLength(1)
  })

  test('twice at the same moment is one OK and one INFO, and one copy', async () => {
    const patient = await system.logIn(numbers.none)
    const parts = { number: numbers.none, id: 'parallel-1' }
    const answers = await Promise.all(Array.from({ length: 6 }, () => norr.register(parts)))
    expect(answers.map(({ code }) => code).sort()).toEqual([...Array(5).fill('INFO'), 'OK'])
    expect(await rowsOf('parallel-1')).toHaveLength(1)
    const added = (await eventsOf(patient.id)).filter(({ type }) => type === 'certificate.added.v1')
    expect(added).toHaveLength(1)
  })

  test('of two patients at the same moment is one’s alone', async () => {
    await system.logIn(numbers.driver)
    await system.logIn(numbers.none)
    const answers = await Promise.all(
      [numbers.none, numbers.driver].map((number) => norr.register({ number, id: 'contested' })),
    )
    expect(answers.map(({ code }) => code).sort()).toEqual(['ERROR', 'OK'])
    expect(await rowsOf('contested')).toHaveLength(1)
  })

  test('an unknown type or version is taken in, and shown as it is', async () => {
    const patient = await system.logIn(numbers.none)
    const parts = { number: numbers.none, type: 'NEW123', version: '99.0', id: 'odd-1' }
    expect((await norr.register(parts)).code).toBe('OK')
    const { items } = await patient.list()
    expect(items.map(({ type }) => type)).toContainEqual(
      expect.objectContaining({ code: 'NEW123', version: '99.0' }),
    )
  })

  test.each(['DB', 'doi', ' LU_TFP_B12_16 ', 'ITFP'])(
    'type %s is never shown, so it is not taken in',
    async (type) => {
      await system.logIn(numbers.none)
      const answer = await norr.register({ number: numbers.none, type, id: `never-${type}` })
      expect(answer).toMatchObject({ status: 200, code: 'ERROR', errorId: 'APPLICATION_ERROR' })
      expect(await rowsOf(`never-${type}`)).toEqual([])
    },
  )

  test('what is against the contract is VALIDATION_ERROR with every fault and nothing of the message', async () => {
    await system.logIn(numbers.none)
    const xml = registration({ number: numbers.none, id: 'bad-1', signed: 'Anna Andersson' })
    const answer = await norr.send('register', xml.replace(/<c:version>.*<\/c:version>/, ''))
    expect(answer).toMatchObject({ status: 200, code: 'ERROR', errorId: 'VALIDATION_ERROR' })
    expect(answer.text).toMatch(/intyg\/version is missing; .*signeringstidpunkt is not a time/)
    expect(answer.xml).not.toMatch(/Andersson|\d{12}/)
    expect(await rowsOf('bad-1')).toEqual([])
    const empty = await norr.register({ number: numbers.none, id: '' })
    expect(empty).toMatchObject({ code: 'ERROR', errorId: 'VALIDATION_ERROR' })
  })

  test('comes packed, and through a platform that says whose it is', async () => {
    await system.logIn(numbers.none)
    const packed = gzipSync(registration({ number: numbers.none, id: 'packed-1' }))
    const headers = { 'content-encoding': 'gzip' }
    expect((await norr.send('register', packed, headers)).code).toBe('OK')
    const platform = await system.caller(hsaIds.platform)
    const passedOn = {
      'x-rivta-original-serviceconsumer-hsaid': hsaIds.intygstjansten.toLowerCase(),
    }
    const parts = { number: numbers.none, id: 'passed-on-1', address: ' 5565594230 ' }
    expect((await platform.register(parts, passedOn)).code).toBe('OK')
    expect(await rowsOf('passed-on-1')).toMatchObject([{ source_id: 'intygstjansten' }])
    expect((await platform.register(parts)).status).toBe(403)
    const forged = { 'x-rivta-original-serviceconsumer-hsaid': hsaIds.intygstjansten }
    expect((await norr.register({ ...parts, id: 'forged-1' }, forged)).code).toBe('OK')
    expect(await rowsOf('forged-1')).toMatchObject([{ source_id: 'region-norr' }])
  })
})

describe('without consent', () => {
  test.each([
    ['withdrawn', 'withdrawn'],
    ['never here', undefined],
  ] as const)('(%s) it is refused alike, and nothing is stored', async (what, state) => {
    const number = state === undefined ? '201212121212' : numbers.employed
    const patient = state === undefined ? undefined : await system.logIn(number, state)
    const answer = await norr.register({ number, id: `refused-${what}` })
    expect(answer).toMatchObject({
      status: 200,
      code: 'ERROR',
      errorId: 'APPLICATION_ERROR',
      text: 'The patient has not given consent to Mina intyg; nothing was stored',
    })
    expect(await rowsOf(`refused-${what}`)).toEqual([])
    if (patient === undefined) return
    const keys = 'select from patient_key where patient_id = $1'
    expect((await system.rows.query(keys, [patient.id])).rowCount).toBe(0)
    const log = (await patient.get('/access-log')).json()
    expect(log.items).toMatchObject([
      {
        action: 'receive',
        outcome: 'refused',
        certificateId: null,
        text: expect.stringMatching(/^Region Norr .*samtycke.*\.$/),
      },
    ])
  })

  test('nobody knowing is TECHNICAL_ERROR, so that it comes again', async () => {
    const patient = await system.logIn(numbers.employed)
    system.consents.set(patient.id, 'unknown')
    expect(await norr.register({ number: numbers.employed, id: 'later-1' })).toMatchObject({
      code: 'ERROR',
      errorId: 'TECHNICAL_ERROR',
    })
    system.consents.set(patient.id, 'given')
    expect((await norr.register({ number: numbers.employed, id: 'later-1' })).code).toBe('OK')
  })
})

test('no line of the log names a patient', async () => {
  const lines = system.log.lines.join('')
  expect(lines).toContain('"reason":"registered"')
  for (const secret of [...Object.values(numbers), '201212121212', 'Får inte lyfta']) {
    expect(lines).not.toContain(secret)
  }
  expect(system.log.entries().filter(({ level }) => level === 'error')).toEqual([])
})
