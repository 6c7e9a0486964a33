import { ListCertificates } from '@minaintyg/contracts'
import type { Server } from '@minaintyg/service'
import { passOnText } from '../clients/passing-on.ts'
import type { Reachability } from '../clients/reachability.ts'
import { changeFailures, empty, json, patientFailures } from '../documentation/responses.ts'
import type { PatientCall } from '../session/patient-calls.ts'
import { CertificateId } from './certificate-schemas.ts'
import { certificateWithDispatchState, withDispatchState } from './sending-state.ts'

const gate = [
  'consent.required',
  'consent.unavailable',
  'certificate-store.unavailable',
  'access-log.unavailable',
  'keys.unavailable',
]
const one = [...gate, 'certificate.not-found', 'certificate.revoked']

const withoutEmpty = (values: string[] | undefined) => values?.filter((value) => value !== '')

/** What the client has is what was known: its tag is not passed on, and the answer gets one of its own. */
const withoutTag = { 'if-none-match': '""' }

interface Deps {
  certificateStore: PatientCall
  /** Whether dispatch, which tells what was sent, answers. */
  dispatchAnswers: Reachability
}

function addList(app: Server, { certificateStore, dispatchAnswers }: Deps): void {
  app.get('/certificates', {
    config: { access: 'open' },
    schema: {
      operationId: 'listCertificates',
      tags: ['certificates'],
      summary: 'The patient’s certificates, from every journal',
      description:
        'Filters repeat: any of one filter’s values, and every filter. `facets` count what each value would give. `sources` says how complete the list is: tell the patient when a journal could not be reached. `dispatchState` is `unknown` while the part that sends does not answer: then no status says `notSent`. `nextCursor` leads to the next page.',
      querystring: ListCertificates,
      response: {
        200: json('CertificateList', 'A page of the list'),
        ...patientFailures(...gate, 'cursor.invalid'),
      },
    },
    handler: async (request, reply) => {
      const { type, unit, year, status, ...query } = request.query
      const [response, isKnown] = await Promise.all([
        certificateStore(request, {
          path: '/certificates',
          query: {
            ...query,
            type: withoutEmpty(type),
            unit: withoutEmpty(unit),
            year: withoutEmpty(year),
            status: withoutEmpty(status),
          },
        }),
        dispatchAnswers(),
      ])
      const body = withDispatchState(response.body, isKnown)
      return passOnText(reply, { ...response, body })
    },
  })
}

function addReading(app: Server, { certificateStore, dispatchAnswers }: Deps): void {
  app.get('/certificates/:id', {
    config: { access: 'open' },
    schema: {
      operationId: 'getCertificate',
      tags: ['certificates'],
      summary: 'A whole certificate, structured',
      description:
        'Every question and answer, typed and never HTML. `actions` says what may be done with it, and why not; `nextSteps` what the patient may want to do next, as sentences to show. `dispatchState` is `unknown` while the part that sends does not answer: then no status says `notSent`. Reading it stands in the access log. Someone else’s certificate is answered as one that does not exist.',
      params: CertificateId,
      response: {
        200: json('OwnCertificate', 'The certificate'),
        304: empty('The client has it already (If-None-Match)'),
        ...patientFailures(...one),
      },
    },
    handler: async (request, reply) => {
      const isKnown = await dispatchAnswers()
      const { headers, body, status } = await certificateStore(request, {
        path: `/certificates/${request.params.id}`,
        query: { purpose: 'read' },
        ...(isKnown ? {} : { headers: withoutTag }),
      })
      if (status === 304) return passOnText(reply, { headers, body, status })
      return passOnText(reply, {
        status,
        headers: isKnown ? headers : { ...headers, etag: undefined },
        body: certificateWithDispatchState(body, isKnown),
      })
    },
  })
}

function addArchiving(app: Server, certificateStore: PatientCall): void {
  const archiving = (method: 'PUT' | 'DELETE') =>
    ({
      method,
      config: { access: 'open' },
      schema: {
        operationId: method === 'PUT' ? 'archiveCertificate' : 'restoreCertificate',
        tags: ['certificates'],
        summary: method === 'PUT' ? 'Put it in the archive' : 'Take it out of the archive',
        description:
          'Only how the patient’s own list is sorted: nothing is erased. The same again is no fault.',
        params: CertificateId,
        response: { 204: empty('Done'), ...changeFailures(...one) },
      },
    }) as const
  for (const method of ['PUT', 'DELETE'] as const) {
    app.route({
      ...archiving(method),
      url: '/certificates/:id/archived',
      handler: async (request, reply) => {
        await certificateStore(request, {
          method,
          path: `/certificates/${request.params.id}/archived`,
        })
        return reply.code(204).send(null)
      },
    })
  }
}

export function certificateRoutes(deps: Deps) {
  const { certificateStore } = deps
  return async (app: Server): Promise<void> => {
    addList(app, deps)
    addReading(app, deps)
    addArchiving(app, certificateStore)
  }
}
