import { jest } from '@jest/globals'
import type { Certificate, CertificateListItem } from '@minaintyg/certificate-model'
import type { CertificateList } from '@minaintyg/contracts'
import { expectProblem, until } from '@minaintyg/testing'
import { prepareTestPersons } from '../src/demo-seeding.ts'
import { testPersons } from '../src/test-persons.ts'
import type { Answer } from '../src/walk/browser.ts'
import type { PatientApi } from '../src/walk/patient-api.ts'
import { startRunningSystem } from './running-system.ts'
import type { RunningSystem } from './running-system.ts'

jest.setTimeout(180_000)

let system: RunningSystem
const prepare = () =>
  prepareTestPersons({
    gatewayUrl: system.addresses.gateway.url,
    webUrl: system.addresses.web.url,
  })
beforeAll(async () => {
  system = await startRunningSystem({ rateLimit: 100_000 })
  await prepare()
})
afterAll(() => system.stop())

const patience = { timeout: 60_000, interval: 200 }
const shown = new Set<string>()
/** The number of whoever a description begins with; each is looked at by a test. */
function numberOf(begins: string): string {
  const person = testPersons.find(({ shows }) => shows.sv.startsWith(begins))
  if (person === undefined) throw new Error(`Nobody shows «${begins}»`)
  shown.add(person.number)
  return person.number
}
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- a cast in one place
const bodyOf = <T>({ text }: Answer) => JSON.parse(text) as T

async function consenting(begins: string): Promise<PatientApi> {
  const api = await system.patient(numberOf(begins))
  const { text } = bodyOf<{ text: { version: string } }>(await api.get('/consent'))
  const given = await api.send('POST', '/consent', { textVersion: text.version })
  expect([200, 201]).toContain(given.status)
  return api
}

type List = CertificateList & { dispatchState: string }

async function listNow(api: PatientApi): Promise<List> {
  const answer = await api.get('/certificates?limit=100')
  expect(answer.status).toBe(200)
  return bodyOf<List>(answer)
}

/** Once everybody but the journal that is away has answered: on a busy machine one may come late. */
async function listOf(api: PatientApi, away?: string): Promise<List> {
  const found = await until(async () => {
    const now = await listNow(api)
    const isWhole = now.sources.every(({ id, state }) => state === 'ok' || id === away)
    return isWhole && now.dispatchState === 'known' ? now : undefined
  }, patience)
  return found!
}
const read = async (api: PatientApi, { id }: CertificateListItem) =>
  bodyOf<Certificate>(await api.get(`/certificates/${id}`))
const asInjected = (answer: Answer) => ({
  statusCode: answer.status,
  headers: Object.fromEntries(answer.headers),
  json: () => bodyOf<Record<string, unknown>>(answer),
})
const statesOf = ({ sources }: CertificateList) =>
  Object.fromEntries(sources.map(({ id, state }) => [id, state]))
const withStatus = ({ items }: CertificateList, status: CertificateListItem['statuses'][number]) =>
  items.filter(({ statuses }) => statuses.includes(status))

describe('what each test person shows', () => {
  test('many certificates of every kind, from two journals', async () => {
    const list = await listOf(await consenting('Många intyg'))
    expect(list.facets.types.length).toBeGreaterThan(7)
    expect(new Set(list.items.map(({ source }) => source.id)).size).toBe(2)
  })

  test('employed: certificates for the employer, and for Arbetsförmedlingen', async () => {
    const { items } = await listOf(await consenting('Anställd'))
    const types = items.map(({ type }) => type.code)
    expect(types).toEqual(expect.arrayContaining(['AG7804', 'AF00251']))
  })

  test('self-employed: one that was replaced may be read, and nothing else', async () => {
    const api = await consenting('Egenföretagare')
    const [replaced] = withStatus(await listOf(api), 'replaced')
    const { actions, nextSteps } = await read(api, replaced!)
    expect(nextSteps).toMatchObject([{ action: 'open', certificateId: expect.any(String) }])
    expect(actions.read.allowed).toBe(true)
    expect([actions.save.reason, actions.send.reason]).toEqual(
      Array(2).fill('certificate.replaced'),
    )
  })

  test('level of assurance 4, and certificates for Transportstyrelsen', async () => {
    const api = await consenting('E-legitimation på tillitsnivå 4')
    expect(bodyOf<{ loa: string }>(await api.get('/me')).loa).toMatch(/\/loa4$/)
    const types = (await listOf(api)).items.map(({ type }) => type.code)
    expect(types).toContain('TSTRK1007')
  })

  test('no certificates, and every journal has said so', async () => {
    const list = await listOf(await consenting('Inga intyg'))
    expect([list.items, list.total]).toEqual([[], 0])
    expect(new Set(Object.values(statesOf(list)))).toEqual(new Set(['ok']))
  })

  test('protected identity', async () => {
    const api = await consenting('Skyddade')
    expect(bodyOf<object>(await api.get('/me'))).toMatchObject({ protectedIdentity: true })
  })

  test('a coordination number', async () => {
    const api = await consenting('Samordningsnummer')
    const me = bodyOf<{ personalIdentityNumberMasked: string }>(await api.get('/me'))
    expect(me.personalIdentityNumberMasked).toMatch(/^\d{6}[6-9]\d-/)
    expect((await listOf(api)).total).toBeGreaterThan(0)
  })

  test('150 certificates on pages, for somebody without a name', async () => {
    const api = await consenting('150 intyg')
    expect(bodyOf<object>(await api.get('/me'))).toMatchObject({ name: null })
    const first = await listOf(api)
    const cursor = encodeURIComponent(first.nextCursor ?? '')
    const second = bodyOf<CertificateList>(
      await api.get(`/certificates?limit=100&cursor=${cursor}`),
    )
    expect([first.total, first.items.length, second.items.length]).toEqual([150, 100, 50])
    expect(second.nextCursor).toBeNull()
  })

  test.each([
    ['Under 16', 'login.too-young'],
    ['E-legitimation på tillitsnivå 2', 'login.loa-too-low'],
    ['E-legitimation på en nivå som bara liknar', 'login.loa-too-low'],
  ])('«%s» does not get in: %s', async (begins, code) => {
    await expect(system.patient(numberOf(begins))).rejects.toThrow(code)
  })

  test('one journal that does not answer, and a list that says so', async () => {
    const list = await listOf(await consenting('En journal svarar inte'), 'region-norr')
    expect(statesOf(list)).toEqual({ 'region-norr': 'unavailable', intygstjansten: 'ok' })
    expect(list.items.length).toBeGreaterThan(0)
  })

  test('a slow journal, whose certificates come in the end', async () => {
    const api = await consenting('En journal är långsam')
    await until(async () => {
      const list = await listNow(api)
      return list.items.some(({ source }) => source.id === 'region-norr')
    }, patience)
  })

  test('everything sent, by care or from here, and nothing twice at another start', async () => {
    const api = await consenting('Allt som kan skickas')
    await until(async () => withStatus(await listOf(api), 'sent').length === 3, patience)
    const list = await listOf(api)
    expect([list.dispatchState, withStatus(list, 'notSent')]).toEqual(['known', []])
    const steps = await Promise.all(
      list.items.map(async (item) => (await read(api, item)).nextSteps?.[0]?.id),
    )
    expect(steps.sort()).toEqual(['follow', 'follow', 'sent-by-care'])
    const dispatched = async () =>
      bodyOf<{ items: { id: string }[] }>(await api.get('/dispatches')).items.map(({ id }) => id)
    const before = await dispatched()
    expect(before).toHaveLength(2)
    await prepare()
    expect(await dispatched()).toEqual(before)
  })

  test('one that care has revoked, which is gone, and one that stands', async () => {
    const api = await consenting('Ett intyg som vården har makulerat')
    const list = await listOf(api)
    const [revoked] = withStatus(list, 'revoked')
    const answer = await api.get(`/certificates/${revoked!.id}`)
    expectProblem(asInjected(answer), 410, 'certificate.revoked')
    const other = list.items.find(({ id }) => id !== revoked!.id)
    expect((await read(api, other!)).actions.send.allowed).toBe(true)
  })

  test('infection control: the diagnosis may not be hidden', async () => {
    const api = await consenting('Smittskydd')
    const [item] = (await listOf(api)).items
    const { actions, type } = await read(api, item!)
    expect([type.code, actions.save.allowed, actions.hide]).toEqual(['AG7804', true, []])
  })

  test('consent that is withdrawn', async () => {
    const api = await system.patient(numberOf('Samtycket är återkallat'))
    expect(bodyOf<object>(await api.get('/consent'))).toMatchObject({ state: 'withdrawn' })
    expectProblem(asInjected(await api.get('/certificates')), 403, 'consent.required')
  })

  test('one that cannot be shown, and the rest of the list', async () => {
    const api = await consenting('Ett intyg som inte går att visa')
    const { items } = await listOf(api)
    expect(items.map(({ readable }) => readable).sort()).toEqual([false, true])
    const { actions } = await read(
      api,
      items.find(({ readable }) => !readable)!,
    )
    expect(actions.save.reason).toBe('certificate.unreadable')
  })

  test('a number that has changed, with certificates under both', async () => {
    const { items } = await listOf(await consenting('Har bytt'))
    const types = new Set(items.map(({ type }) => type.code))
    expect(types).toEqual(new Set(['AG7804', 'LISJP']))
  })

  test('there is nobody whom no test looks at', () => {
    const others = testPersons.filter(({ number }) => !shown.has(number))
    expect(others.map(({ shows }) => shows.en)).toEqual([])
  })
})

test('a page names everyone, in Swedish and English', async () => {
  const answer = await fetch(`${system.addresses.eLegitimation.url}/test-persons`)
  const page = await answer.text()
  for (const { number, shows } of testPersons) {
    expect(page).toContain(number)
    expect(page).toContain(shows.sv)
    expect(page).toContain(`<span lang="en">${shows.en}</span>`)
  }
})
