import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createRecordingBus } from '@minaintyg/testing'
import { createConsentUnderTest } from './consent-under-test.ts'
import type { ConsentUnderTest } from './consent-under-test.ts'

const bus = createRecordingBus()
let consent: ConsentUnderTest

beforeAll(async () => {
  consent = await createConsentUnderTest({ bus })
})
afterAll(() => consent.close())

async function withdrawConsent(...flags: string[]) {
  const script = join(import.meta.dirname, '../src/cli/withdraw-consent.ts')
  const options = ['--conditions=source', '--disable-warning=ExperimentalWarning', script]
  const child = spawn(process.execPath, [...options, ...flags], {
    env: { PATH: process.env['PATH'], DATABASE_URL: consent.database.url },
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, out, error }
}
const withdrawalsOf = async (patientId: string) =>
  (
    await consent.rows.query(
      `select id, channel, loa, session_id, text_version from consent_record
       where patient_id = $1 and kind = 'withdrawn' order by position`,
      [patientId],
    )
  ).rows
const confirm = (withdrawalId: string, part: string) =>
  consent.rows.query('insert into erasure_part values ($1, $2, now(), now())', [withdrawalId, part])

describe('an operator withdraws for a patient', () => {
  test('as the patient would: on record, told to all, and followed until it is carried out', async () => {
    const patientId = randomUUID()
    const patient = await consent.asPatient(patientId)
    await patient.give()
    const first = await withdrawConsent('--patient', patientId)
    expect(first).toMatchObject({ code: 3, error: '' })
    expect(first.out).toContain('by operator.')
    expect(first.out).toContain('Not carried out yet')
    const [withdrawal] = await withdrawalsOf(patientId)
    expect(withdrawal).toMatchObject({
      channel: 'operator',
      loa: null,
      session_id: null,
      text_version: '1.0',
    })
    // Whoever goes on by it must have waited.
    expect(first.out).not.toContain(withdrawal.id)
    expect((await patient.read()).json()).toMatchObject({ state: 'withdrawn' })

    await consent.service.relay.drain()
    const events = bus.published
      .map(({ body }) => JSON.parse(body.toString()))
      .filter(({ subject, type }) => subject === patientId && type === 'consent.withdrawn.v1')
    expect(events).toMatchObject([{ data: { patientId, withdrawalId: withdrawal.id } }])

    for (const part of ['certificate-store', 'rendering']) await confirm(withdrawal.id, part)
    const second = await withdrawConsent('--patient', patientId)
    expect(second.code).toBe(3)
    expect(second.out).toContain('dispatch: not yet')
    await confirm(withdrawal.id, 'dispatch')
    const last = await withdrawConsent('--patient', patientId)
    expect(last.code).toBe(0)
    expect(last.out).toContain(`Withdrawal: ${withdrawal.id}`)
    expect(await withdrawalsOf(patientId)).toHaveLength(1)
  })

  test('who never gave consent', async () => {
    const patientId = randomUUID()
    expect((await withdrawConsent('--patient', patientId)).code).toBe(3)
    expect(await withdrawalsOf(patientId)).toHaveLength(1)
  })

  test('whose own withdrawal stands', async () => {
    const patientId = randomUUID()
    await (await consent.asPatient(patientId)).withdraw()
    expect((await withdrawConsent('--patient', patientId)).out).toContain('by gateway.')
    expect(await withdrawalsOf(patientId)).toMatchObject([{ channel: 'gateway' }])
  })

  test.each([[[]], [['--patient', '198503179809']], [['--all']]])(
    'and is told how to ask instead of %j',
    async (flags) => {
      const { code, error } = await withdrawConsent(...flags)
      expect(code).toBe(2)
      expect(error).toContain('usage: withdraw-consent')
    },
  )
})
