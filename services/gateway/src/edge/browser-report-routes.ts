import type { Server } from '@minaintyg/service'
import { browserReports } from './security-headers.ts'

const types = ['application/reports+json', 'application/csp-report']
const largest = 16 * 1024
const most = 20

/** Words of the specification alone: everything else in a report is what someone else wrote. */
const directives = new Set([
  'base-uri',
  'connect-src',
  'default-src',
  'font-src',
  'form-action',
  'frame-ancestors',
  'frame-src',
  'img-src',
  'manifest-src',
  'media-src',
  'object-src',
  'script-src',
  'script-src-attr',
  'script-src-elem',
  'style-src',
  'style-src-attr',
  'style-src-elem',
  'worker-src',
])
const kinds = new Set(['inline', 'eval', 'wasm-eval', 'data', 'blob', 'self'])

type Fields = Record<string, unknown>
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

/** One report, in the form of report-to or in the older one of report-uri. */
function toEntry(report: unknown): object | undefined {
  const outer = fieldsOf(report)
  const violation =
    outer['type'] === 'csp-violation' ? fieldsOf(outer['body']) : fieldsOf(outer['csp-report'])
  const directive = violation['effectiveDirective'] ?? violation['effective-directive']
  if (typeof directive !== 'string' || !directives.has(directive)) return undefined
  const blocked = violation['blockedURL'] ?? violation['blocked-uri']
  return {
    directive,
    // Not the address: it may hold anything.
    blocked: typeof blocked === 'string' && kinds.has(blocked) ? blocked : 'an address',
    enforced: violation['disposition'] !== 'report',
  }
}

/** What browsers say that the content policy stopped: counted in the log, without a word of what they sent. */
export async function browserReportRoutes(app: Server): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    types,
    { parseAs: 'string', bodyLimit: largest },
    (_request, body, done) => {
      done(null, body)
    },
  )
  app.post(browserReports, {
    bodyLimit: largest,
    config: { access: 'open' },
    schema: { hide: true },
    handler: async (request, reply) => {
      let reports: unknown
      try {
        reports = JSON.parse((request.body as string | undefined) ?? '')
      } catch {
        reports = []
      }
      const entries = [reports].flat().slice(0, most).map(toEntry)
      for (const entry of entries) {
        if (entry !== undefined) request.log.warn(entry, 'a browser stopped something')
      }
      return reply.code(204).send(null)
    },
  })
}
