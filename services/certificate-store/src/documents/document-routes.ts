import { DocumentQuery, PatientId, scopes } from '@minaintyg/contracts'
import { AppError } from '@minaintyg/errors'
import { problemResponse, serviceErrors } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import Type from 'typebox'
import { recipientActor } from '../access-log/access-actor.ts'
import type { HandOverDocument } from './hand-over-document.ts'

const xml = 'application/xml'
const json = 'application/json'

/** XML where the caller takes it, or says nothing; undefined where it takes neither. */
function formOf(accept: string | undefined): typeof xml | typeof json | undefined {
  const wanted = (accept ?? '*/*').toLowerCase()
  if (/application\/xml|text\/xml|\*\/\*|application\/\*/.test(wanted)) return xml
  return wanted.includes(json) ? json : undefined
}

export function documentRoutes({
  handOverBytes,
  handOverStructured,
  handOverForEmployment,
}: HandOverDocument) {
  return async (app: Server): Promise<void> => {
    app.get('/patients/:patientId/certificates/:id/document', {
      config: { access: scopes.documents },
      schema: {
        operationId: 'handOverDocument',
        params: Type.Object({ patientId: PatientId, id: Type.String({ format: 'uuid' }) }),
        querystring: DocumentQuery,
        response: { '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: async (request, reply) => {
        const { patientId, id } = request.params
        const { recipient, dispatch, projection } = request.query
        const form = projection === undefined ? formOf(request.headers.accept) : json
        if (form === undefined) throw new AppError(serviceErrors.notAcceptable)
        const wanted = {
          patientId,
          id,
          dispatchId: dispatch,
          actor: recipientActor(request, recipient),
        }
        void reply.header('cache-control', 'no-store').header('vary', 'accept').type(form)
        if (projection !== undefined) return reply.send(await handOverForEmployment(wanted))
        if (form === json) return reply.send(await handOverStructured(wanted))
        const { bytes, sha256 } = await handOverBytes(wanted)
        return reply.header('etag', `"${sha256}"`).send(bytes)
      },
    })
  }
}
