import { jest } from '@jest/globals'
import { testPersons } from '../src/test-persons.ts'
import { startRunningSystem } from './running-system.ts'
import type { RunningSystem } from './running-system.ts'

jest.setTimeout(240_000)

const person = testPersons.find(({ certificates }) => certificates === 'none')!.number
const source = 'region-norr'
let system: RunningSystem
let id: string

async function control(path: string, payload: object) {
  const answer = await fetch(`${system.addresses.journals.url}/control/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ source, ...payload }),
  })
  return JSON.parse(await answer.text())
}

beforeAll(async () => {
  system = await startRunningSystem()
  const { buildJournals } = await import('../src/journal/index.ts')
  const { app, journals } = await buildJournals({ logLevel: 'silent' })
  const { xml } = journals[0]!.certificates.find(({ type }) => type === 'lisjp')!
  await app.close()
  const loaded = await control('certificates', { personNumber: person, document: xml })
  id = loaded.ids[0]
})
afterAll(() => system.stop())

test('a journal’s push waits for the patient, comes to the list, and goes with its revocation', async () => {
  const refused = { resultCode: 'ERROR', errorId: 'APPLICATION_ERROR' }
  expect(await control('pushes', { id })).toMatchObject(refused)
  const api = await system.patient(person)
  expect(await control('pushes', { id })).toMatchObject(refused)
  const { text } = JSON.parse((await api.get('/consent')).text)
  expect((await api.send('POST', '/consent', { textVersion: text.version })).status).toBe(201)

  expect(await control('pushes', { id })).toMatchObject({ status: 200, resultCode: 'OK' })
  const list = JSON.parse((await api.get('/certificates')).text)
  expect(list.items).toMatchObject([{ type: { code: 'LISJP' }, source: { id: source } }])
  const [certificate] = list.items
  expect((await api.get(`/certificates/${certificate.id}/pdf`)).status).toBe(200)

  expect(await control('pushed-revocations', { id })).toMatchObject({ resultCode: 'OK' })
  expect((await api.get(`/certificates/${certificate.id}`)).status).toBe(410)
  const log = JSON.parse((await api.get('/access-log')).text)
  expect(log.items.map(({ action }: { action: string }) => action)).toEqual(
    expect.arrayContaining(['receive', 'revoke']),
  )
})
