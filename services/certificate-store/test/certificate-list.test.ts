import { randomUUID } from 'node:crypto'
import { Value } from 'typebox/value'
import type { CertificateListItem } from '@minaintyg/certificate-model'
import { CertificateList } from '@minaintyg/contracts'
import { expectProblem } from '@minaintyg/testing'
import { numbers, startSystem } from './system.ts'
import type { System } from './system.ts'

let system: System

beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.stop())

const byType = (items: CertificateListItem[], code: string) =>
  items.filter(({ type }) => type.code === code)

describe('GET /certificates', () => {
  test('lists what both journals have, newest first, by the contract', async () => {
    const patient = await system.logIn()
    const answer = await patient.get('/certificates?limit=100')
    expect(answer.statusCode).toBe(200)
    const list = answer.json<CertificateList>()
    expect(Value.Errors(CertificateList, list)).toEqual([])
    expect(list.total).toBe(13)
    const times = list.items.map(({ issuedAt }) => issuedAt)
    expect(times).toEqual([...times].sort().reverse())
    expect(list.sources.map(({ id, state }) => [id, state])).toEqual([
      ['region-norr', 'ok'],
      ['intygstjansten', 'ok'],
    ])
    expect(new Set(list.items.map(({ source }) => source.id)).size).toBe(2)
  })

  test('never shows a certificate about a child, and shows a type that nobody knows', async () => {
    const { items } = await (await system.logIn()).list('?limit=100')
    expect(byType(items, 'LU_OMV_MEK')).toEqual([])
    expect(byType(items, 'XY9999')).toHaveLength(1)
    const { rows } = await system.rows.query(
      "select from certificate where type_code = 'LU_OMV_MEK'",
    )
    expect(rows).toEqual([])
  })

  test.each(['DB', 'DOI', 'ITFP', 'lu_tfp_asb18'])(
    'stores no %s, even where a journal sends one',
    async (code) => {
      const [, journal] = system.journals.journals
      const { xml } = journal!.certificates[0]!
      const typed = xml.replace(/(<c:typ><t:code>)[^<]+/, `$1${code}`)
      const ids = journal!.load(typed, numbers.none)
      // The journal itself would leave out what is about a death.
      for (const id of ids) journal!.certificates.find((each) => each.id === id)!.type = 'other'
      const patient = await system.logIn(numbers.none)
      expect(await patient.list()).toMatchObject({ total: 0 })
      const { rows } = await system.rows.query('select from certificate where patient_id = $1', [
        patient.id,
      ])
      expect(rows).toEqual([])
      for (const id of ids) journal!.remove(id)
    },
  )

  test('tells how each certificate stands', async () => {
    const { items } = await (await system.logIn()).list('?limit=100')
    const statuses = byType(items, 'LISJP').map((each) => each.statuses)
    expect(statuses).toEqual(
      expect.arrayContaining([['new', 'notSent'], ['sent'], ['replaced'], ['revoked']]),
    )
    expect(byType(items, 'AG7804')[0]!.statuses).toEqual(['new'])
  })

  test('a certificate that the journal has archived is among the archived ones', async () => {
    const patient = await system.logIn()
    const { items } = await patient.list('?archived=true')
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({ archived: true, type: { code: 'LISJP' } })
  })

  test('filters with OR within and AND between, and counts without the facet’s own filter', async () => {
    const patient = await system.logIn()
    const all = await patient.list('?limit=100')
    const some = await patient.list('?type=LISJP&type=LUSE&limit=100')
    expect(some.total).toBe(byType(all.items, 'LISJP').length + byType(all.items, 'LUSE').length)
    const both = await patient.list('?type=LISJP&type=LUSE&status=replaced')
    expect(both.total).toBe(1)
    expect(both.facets.types).toEqual([expect.objectContaining({ value: 'LISJP', count: 1 })])
    expect(both.facets.statuses.find(({ value }) => value === 'replaced')?.count).toBe(1)
    expect(both.facets.statuses.length).toBeGreaterThan(1)
    expect(all.facets.units.every(({ name }) => name !== '')).toBe(true)
    const unit = all.facets.units[0]!
    expect((await patient.list(`?unit=${unit.value}`)).total).toBe(unit.count)
    expect((await patient.list(`?year=${all.facets.years[0]!.value}`)).total).toBe(
      all.facets.years[0]!.count,
    )
    expect((await patient.list('?type=nothing')).total).toBe(0)
  })

  test.each(['-issuedAt', 'issuedAt'])(
    'pages through 150 in the order %s, each once',
    async (sort) => {
      const patient = await system.logIn(numbers.many)
      const seen: CertificateListItem[] = []
      let cursor = ''
      for (let page = 0; page < 20; page += 1) {
        const { items, nextCursor, total } = await patient.list(`?sort=${sort}&limit=40${cursor}`)
        expect(total).toBe(150)
        seen.push(...items)
        if (nextCursor === null) break
        cursor = `&cursor=${nextCursor}`
      }
      expect(new Set(seen.map(({ id }) => id)).size).toBe(150)
      const times = seen.map(({ issuedAt }) => issuedAt)
      expect(times).toEqual(sort === 'issuedAt' ? [...times].sort() : [...times].sort().reverse())
    },
  )

  test('a certificate that arrives between two pages moves no other', async () => {
    const patient = await system.logIn(numbers.driver)
    const first = await patient.list('?limit=2')
    const { xml } = system.journals.journals[1]!.certificates[0]!
    const ids = system.journals.journals[1]!.load(
      xml.replace(/signeringstidpunkt>[^<]+</, 'signeringstidpunkt>2099-01-01T10:00:00<'),
      numbers.driver,
    )
    system.passTime(61_000)
    await patient.list()
    await system.service.app.ready()
    const second = await patient.list(`?limit=2&cursor=${first.nextCursor}`)
    const shown = [...first.items, ...second.items].map(({ id }) => id)
    expect(new Set(shown).size).toBe(3)
    for (const id of ids) system.journals.journals[1]!.remove(id)
  })

  test('a cursor goes on with its own list alone, and any number at a time', async () => {
    const patient = await system.logIn(numbers.many)
    const { nextCursor } = await patient.list('?type=LISJP&limit=5')
    const goOn = (query: string) => patient.get(`/certificates?${query}&cursor=${nextCursor}`)
    expect((await goOn('type=LISJP&limit=7')).json().items).toHaveLength(7)
    for (const query of ['', 'type=LUSE', 'type=LISJP&sort=issuedAt', 'type=LISJP&archived=true']) {
      expectProblem(await goOn(query), 400, 'cursor.invalid')
    }
    const other = await system.logIn(numbers.many)
    expectProblem(
      await other.get(`/certificates?type=LISJP&cursor=${nextCursor}`),
      400,
      'cursor.invalid',
    )
  })

  test('is empty, and not an error, for someone without certificates', async () => {
    const list = await (await system.logIn(numbers.none)).list()
    expect(list).toMatchObject({ items: [], total: 0, nextCursor: null })
  })

  test('speaks English to who asks for it', async () => {
    const patient = await system.logIn()
    const english = (await patient.get('/certificates', { 'accept-language': 'en' })).json()
    const swedish = (await patient.get('/certificates')).json()
    expect(english.items[0].type.name).not.toBe(swedish.items[0].type.name)
  })

  test.each([
    ['limit=0', 'request.invalid'],
    ['limit=101', 'request.invalid'],
    ['sort=name', 'request.invalid'],
    ['archived=maybe', 'request.invalid'],
    ['other=1', 'request.invalid'],
    ['cursor=nonsense', 'cursor.invalid'],
    [`cursor=${Buffer.from('1 issuedAt 1 x').toString('base64url')}`, 'cursor.invalid'],
    [
      `cursor=${Buffer.from(`1 issuedAt 1 ${randomUUID()}`).toString('base64url')}`,
      'cursor.invalid',
    ],
  ])('answers 400 to %s', async (query, code) => {
    expectProblem(await (await system.logIn()).get(`/certificates?${query}`), 400, code)
  })

  test('answers 401 without a token and 403 to a token that is no patient’s', async () => {
    expectProblem(await system.service.app.inject('/certificates'), 401, 'token.invalid')
    const headers = await system.tokens.client('certificate-store', 'documents:read')
    expectProblem(
      await system.service.app.inject({ url: '/certificates', headers }),
      403,
      'token.insufficient-scope',
    )
  })
})
