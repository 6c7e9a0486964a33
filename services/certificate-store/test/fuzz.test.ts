import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describeWithShared, sharedFolder } from '@minaintyg/testing'
import { journalContents } from '../../../deploy/local/src/journal/certificates/journal-contents.ts'
import { marker } from '../../../deploy/local/src/journal/certificates/intyg.ts'
import { parseCertificateDocument } from '../src/rivta/certificate-document.ts'
import { certificateNamespace, intyg } from './documents.ts'
import { answering, startJournal } from './journal-under-test.ts'
import { damage, damages, mutate, mutations } from './mutations.ts'
import { numbers, startSystem } from './system.ts'
import type { System } from './system.ts'

const seed = Date.now() % 2 ** 31

let system: System
let steady: Awaited<ReturnType<typeof startJournal>>
let odd: Awaited<ReturnType<typeof startJournal>>

const envelope = (documents: string[]) =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><l:ListCertificatesForCitizenResponse xmlns:l="${certificateNamespace}:ListCertificatesForCitizenResponder:4" xmlns="${certificateNamespace}:3"><l:intygsLista>${documents
    .map((document) => document.replace(/^\s*<\?xml[^>]*\?>/, '').replaceAll('\u0000', ''))
    .join('')}</l:intygsLista></l:ListCertificatesForCitizenResponse></s:Body></s:Envelope>`
const good = (id: string) => intyg({ id })

beforeAll(async () => {
  steady = await startJournal()
  odd = await startJournal()
  steady.journal.answer = answering(envelope([good('steady')]))
  const journals = [
    { id: 'steady', endpoint: steady.endpoint },
    { id: 'odd', endpoint: odd.endpoint },
  ].map((journal) => ({
    ...journal,
    name: journal.id,
    logicalAddress: 'x',
    contractVersion: 4,
    deadline: 30_000,
  }))
  system = await startSystem({ config: { JOURNALS: JSON.stringify(journals) } })
})
afterAll(async () => {
  await system.stop()
  await steady.stop()
  await odd.stop()
})

/** Lists what the journals answer, and reads all of it. @returns the state of the odd one and the journals' ids */
async function listAndRead(answer: Buffer | string) {
  odd.journal.answer = answering(answer)
  const patient = await system.logIn(numbers.tolvan)
  const list = await patient.get('/certificates?limit=100')
  expect(list.statusCode).toBe(200)
  const { sources, items } = list.json()
  expect(sources[0]).toMatchObject({ id: 'steady', state: 'ok' })
  for (const { id } of items) {
    const { statusCode } = await patient.get(`/certificates/${id}`)
    expect([200, 410]).toContain(statusCode)
  }
  const { rows } = await system.rows.query(
    'select journal_id from certificate where patient_id = $1',
    [patient.id],
  )
  const ids: string[] = rows.map(({ journal_id }) => journal_id)
  expect(ids).toContain('steady')
  await system.rows.query('delete from patient_key where patient_id = $1', [patient.id])
  const { kind, code, err } = system.log.entries().findLast(({ source }) => source === 'odd') ?? {}
  const state: string = sources[1].state
  return { state, why: state === 'ok' ? null : { kind, code, err }, ids }
}

/** One that is changed, before one that is good: the good one stands whatever became of the other. */
const survives = (documents: readonly string[], numRuns: number) =>
  fc.assert(
    fc.asyncProperty(fc.constantFrom(...documents), mutations, async (document, changes) => {
      const { why, ids } = await listAndRead(envelope([mutate(document, changes), good('after')]))
      expect(why).toBeNull()
      expect(ids).toContain('after')
    }),
    { seed, numRuns, endOnFailure: true },
  )

const own = Object.values(journalContents(new Date('2026-06-01T12:00:00Z')))
  .flat()
  .map(({ xml, personNumber }) => xml.replace(marker, '').replaceAll(personNumber, numbers.tolvan))

describe(`whatever a journal sends (seed ${seed})`, () => {
  test('a certificate changed in any way is at worst one that cannot be shown', async () => {
    await survives(own, 60)
  }, 180_000)

  test('a personal number in the place of a care unit is in no access log', async () => {
    const number = numbers.tolvan
    const wrong = good('wrong').replace('>SE-U1<', `>${number}<`).replace('>SE-G1<', `>${number}<`)
    await listAndRead(envelope([wrong]))
    const { rows } = await system.rows.query(
      "select unit_id, care_provider_id from access_log where action = 'read'",
    )
    const redacted = '[personnummer]'
    expect(rows).toContainEqual({ unit_id: redacted, care_provider_id: redacted })
  })

  test('an answer damaged in any way is at worst that of a source that is away', async () => {
    const whole = Buffer.from(envelope([...own.slice(0, 3), good('after')]))
    await fc.assert(
      fc.asyncProperty(damages, async (all) => {
        const { state } = await listAndRead(damage(whole, all))
        expect(['ok', 'unavailable']).toContain(state)
        // It is asked again at once, and so is never left alone for failing time after time.
        expect((await listAndRead(whole)).why).toBeNull()
      }),
      { seed, numRuns: 40, endOnFailure: true },
    )
  }, 180_000)
})

describeWithShared(`certificates as they are written in care (seed ${seed})`, () => {
  const folder = join(sharedFolder, 'rivta/samples')
  const samples = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.xml') && !file.startsWith('messages/'))
      .flatMap((file) => parseCertificateDocument(readFileSync(join(folder, file))))
      .flatMap((entry) => {
        if (!entry.readable) return []
        const number = entry.patient.personId?.extension
        const text = Buffer.from(entry.document).toString()
        return [number === undefined ? text : text.replaceAll(number, numbers.tolvan)]
      })

  test('changed in any way, each is at worst one that cannot be shown', async () => {
    await survives(samples(), 60)
  }, 180_000)
})
