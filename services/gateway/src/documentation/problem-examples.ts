import { problemCatalogue, publicCodes } from '../meta/problem-catalogue.ts'
import type { ProblemKind } from '../meta/problem-catalogue.ts'

const pageOf = (publicUrl: string, code: string) => `${publicUrl}/problems/${code}`

/** The name in `components.examples` of a code’s example. */
export const exampleReference = (code: string) => ({ $ref: `#/components/examples/${code}` })

/** What problems of some codes tell besides (RFC 9457, 3.2). */
export const problemMembers = {
  dispatchId: { type: 'string', format: 'uuid', description: 'Of `dispatch.already-sent`' },
  state: { type: 'string', description: 'Of `dispatch.already-sent`: how far it has come' },
  revokedAt: { type: 'string', format: 'date-time', description: 'Of `certificate.revoked`' },
}

const members: Record<string, object> = {
  'request.invalid': { errors: [{ path: '/textVersion', message: 'must be string' }] },
  'certificate.revoked': { revokedAt: '2026-11-04T10:00:00Z' },
  'dispatch.already-sent': {
    dispatchId: 'b0f6c4f3-1d0e-4c39-8a73-2f7c1d0f9e21',
    state: 'received',
  },
}

function exampleOf({ code, status, title, en, sv, patient }: ProblemKind, publicUrl: string) {
  const told =
    patient === null
      ? []
      : [`**Tell the patient:** “${patient.en}” / **Säg till patienten:** ”${patient.sv}”`]
  return {
    summary: title,
    description: [en, `**På svenska:** ${sv}`, ...told, pageOf(publicUrl, code)].join('\n\n'),
    value: {
      type: `/minaintyg/v1/problems/${code}`,
      title,
      status,
      detail: en,
      instance: 'urn:uuid:3c0c1e52-0b1a-4a6e-9a3e-5d2f0f3b7c11',
      code,
      traceId: '0af7651916cd43dd8448eb211c80319c',
      ...members[code],
    },
  }
}

/** An example for each of these codes, to which the answers refer. */
export const problemExamples = (codes: ReadonlySet<string>, publicUrl: string) =>
  Object.fromEntries(
    [...problemCatalogue.values()]
      .filter(({ code }) => codes.has(code))
      .map((kind) => [kind.code, exampleOf(kind, publicUrl)]),
  )

/** Every code that a caller can meet, with its page, as a table. */
export function problemTable(publicUrl: string): string {
  const rows = [...problemCatalogue.values()]
    .filter(({ code }) => publicCodes.has(code))
    .map(
      ({ code, status, title, patient }) =>
        `| [\`${code}\`](${pageOf(publicUrl, code)}) | ${status} | ${title} | ${patient?.sv ?? '–'} |`,
    )
  return ['| code | status | what it is | säg till patienten |', '|---|---|---|---|', ...rows].join(
    '\n',
  )
}
