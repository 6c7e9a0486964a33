import { createLogSink, expectProblem } from '@minaintyg/testing'
import { startTestGateway } from './gateway.ts'
import type { TestGateway } from './gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())

describe('reports of browsers', () => {
  const number = '191212121212'
  const report = (type: string, payload: unknown) => ({
    headers: { 'content-type': type },
    payload: JSON.stringify(payload),
  })

  test('go where every policy says, and stand in the log without what they hold', async () => {
    const sink = createLogSink()
    const told = await startTestGateway({ LOG_LEVEL: 'warn' }, { logDestination: sink.destination })
    try {
      for (const path of ['/me', '/problems/route.not-found', '/docs/']) {
        const { headers } = await told.ask('GET', path)
        expect(headers['content-security-policy']).toMatch(
          /; report-to browser-reports; report-uri \/minaintyg\/v1\/browser-reports$/,
        )
        expect(headers['reporting-endpoints']).toBe(
          'browser-reports="http://localhost:8080/minaintyg/v1/browser-reports"',
        )
      }
      const about = `https://evil.test/${number}`
      const newer = (effectiveDirective: string) => ({
        type: 'csp-violation',
        url: about,
        body: { effectiveDirective, blockedURL: about, documentURL: about, sample: number },
      })
      const both = [
        report('application/reports+json', [newer('script-src-elem'), newer(number), { type: 1 }]),
        report('application/csp-report', {
          'csp-report': { 'effective-directive': 'style-src', 'blocked-uri': 'inline' },
        }),
      ]
      for (const each of both) {
        expect((await told.ask('POST', '/browser-reports', each)).statusCode).toBe(204)
      }
      const entries = sink.entries().map(({ directive, blocked }) => ({ directive, blocked }))
      expect(entries).toEqual([
        { directive: 'script-src-elem', blocked: 'an address' },
        { directive: 'style-src', blocked: 'inline' },
      ])
      expect(sink.lines.join('')).not.toMatch(/evil|1212/)
    } finally {
      await told.close()
    }
  })

  test.each(['{', '[null]', '7', '"x"', '{"csp-report":[]}', ''])(
    'that say nothing are taken and forgotten: %s',
    async (payload) => {
      const headers = { 'content-type': 'application/csp-report' }
      const answer = await gateway.ask('POST', '/browser-reports', { headers, payload })
      expect([answer.statusCode, answer.body]).toEqual([204, ''])
    },
  )

  test('are small and of their own types', async () => {
    const huge = report('application/reports+json', 'x'.repeat(20_000))
    expectProblem(await gateway.ask('POST', '/browser-reports', huge), 413, 'request.too-large')
    const other = report('application/json', [])
    const answer = await gateway.ask('POST', '/browser-reports', other)
    expectProblem(answer, 415, 'request.unsupported-media-type')
  })
})
