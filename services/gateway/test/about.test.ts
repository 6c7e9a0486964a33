import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expectProblem } from '@minaintyg/testing'
import { isWritten } from '../src/documentation/written-document.ts'
import { problemCatalogue } from '../src/meta/problem-catalogue.ts'
import { startTestGateway } from './gateway.ts'
import type { TestGateway } from './gateway.ts'

const repository = join(import.meta.dirname, '../../..')
let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())

test('GET /api-info says what this is', async () => {
  expect((await gateway.ask('GET', '/api-info')).json()).toEqual({
    name: 'Mina intyg',
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    status: 'active',
    released: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
    documentation: 'http://localhost:8080/minaintyg/v1/docs',
  })
})

describe('GET /guides/sick-leave', () => {
  const guide = (query: string, headers: Record<string, string> = {}) =>
    gateway.ask('GET', `/guides/sick-leave?${query}`, { headers })
  const daysOf = (answer: { json(): { steps: { day: number; date: string }[] } }) =>
    answer.json().steps.map(({ day, date }) => [day, date])

  test('gives an employee the days of the report, the certificate and sickness benefit', async () => {
    const answer = await guide('situation=employed&from=2028-02-20')
    expect(daysOf(answer)).toEqual([
      [1, '2028-02-20'],
      [8, '2028-02-27'],
      [15, '2028-03-05'],
    ])
    expect(answer.json().title).toBe('När du blir sjukskriven')
    expect(answer.headers['content-language']).toBe('sv')
  })

  test.each(['self-employed', 'job-seeker', 'student', 'parental-leave'])(
    'sends others (%s) to Försäkringskassan on the first day',
    async (situation) => {
      const answer = await guide(`situation=${situation}&from=2026-12-28`)
      expect(daysOf(answer)).toEqual([
        [1, '2026-12-28'],
        [8, '2027-01-04'],
      ])
      expect(answer.json().steps[0].title).toContain('Försäkringskassan')
    },
  )

  test('is in English for those who ask for it', async () => {
    const answer = await guide('situation=student&from=2026-11-02', { 'accept-language': 'en' })
    expect(answer.json()).toMatchObject({ language: 'en', title: 'When you are put on sick leave' })
  })

  test.each([
    '',
    'situation=employed',
    'situation=king&from=2026-11-02',
    'situation=employed&from=2026-02-30',
    'situation=employed&from=20261102',
    'situation=employed&from=9999-12-31',
    'situation=employed&from=2026-11-02&more=1',
  ])('is 400 for «%s»', async (query) => {
    expectProblem(await guide(query), 400, 'request.invalid')
  })
})

describe('problems', () => {
  test('each has a page in both languages, with its own style and no script', async () => {
    for (const [code, { en, sv }] of problemCatalogue) {
      const swedish = await gateway.ask('GET', `/problems/${code}`)
      const english = await gateway.ask('GET', `/problems/${code}`, {
        headers: { 'accept-language': 'en' },
      })
      expect([swedish.statusCode, english.statusCode]).toEqual([200, 200])
      expect(swedish.body).toContain('<html lang="sv">')
      expect(english.body).toContain('<html lang="en">')
      expect(swedish.body).toContain(sv.split('`')[0])
      expect(english.body).toContain(en.split('`')[0])
      expect(english.headers['content-security-policy']).toMatch(/style-src 'sha256-/)
    }
  })

  test('there is no page of what is no problem', async () => {
    expectProblem(await gateway.ask('GET', '/problems/no.such'), 404, 'problem.not-found')
    expectProblem(await gateway.ask('GET', '/problems/<b>'), 404, 'problem.not-found')
  })

  test('every code that a service defines has a page', async () => {
    const services = await readdir(join(repository, 'services'))
    const files = [
      ...services.map((name) => join(repository, 'services', name, 'src/errors.ts')),
      join(repository, 'libs/service/src/problem.ts'),
    ]
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
    const codes = texts.flatMap((text) =>
      [...text.matchAll(/code: '([a-z-]+\.[a-z-]+)'/g)].map(([, code = '']) => code),
    )
    expect(codes.length).toBeGreaterThan(30)
    expect(codes.filter((code) => !problemCatalogue.has(code))).toEqual([])
  })
})

describe('the OpenAPI document', () => {
  test('as committed is what the routes say', async () => {
    expect(await isWritten()).toBe(true)
  })

  test('has for each operation what a reader needs', async () => {
    const document = (await gateway.ask('GET', '/openapi.json')).json()
    expect(document.openapi).toBe('3.1.0')
    const operations = Object.values<Record<string, Record<string, unknown>>>(
      document.paths,
    ).flatMap((path) => Object.values(path))
    expect(operations.length).toBeGreaterThan(25)
    for (const operation of operations) {
      expect(operation).toMatchObject({
        operationId: expect.any(String),
        summary: expect.any(String),
        description: expect.any(String),
        tags: [expect.any(String)],
      })
    }
    const names = operations.map(({ operationId }) => operationId)
    expect(new Set(names).size).toBe(names.length)
  })

  test('has pages to read it, whose scripts are files of their own', async () => {
    const page = await gateway.ask('GET', '/docs')
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-type']).toMatch(/^text\/html/)
    expect(page.headers['content-security-policy']).toContain("script-src 'self';")
    expect(page.body).not.toMatch(/<script(?![^>]*src=)/)
    const [, script = ''] = /<script src="([^"]*swagger-ui-bundle\.js)"/.exec(page.body) ?? []
    const url = new URL(script, 'http://x/minaintyg/v1/docs')
    expect((await gateway.ask('GET', `!${url.pathname}`)).statusCode).toBe(200)
    expect((await gateway.ask('GET', '/docs/json')).json().info.title).toBe('Mina intyg')
  })
})
