import type { Server } from '@minaintyg/service'
import { Page } from '../certificates/certificate-schemas.ts'
import { passOnText } from '../clients/passing-on.ts'
import { json, patientFailures } from '../documentation/responses.ts'
import type { PatientCall } from '../session/patient-calls.ts'

export function accessLogRoutes({ certificateStore }: { certificateStore: PatientCall }) {
  return async (app: Server): Promise<void> => {
    app.get('/access-log', {
      config: { access: 'open' },
      schema: {
        operationId: 'listAccessLog',
        tags: ['access-log'],
        summary: 'Who did what with the patient’s certificates, and when',
        description:
          'Newest first; `text` is a sentence for the patient. Open without consent too: it is the patient’s right to see it.',
        querystring: Page,
        response: {
          200: json('AccessLog', 'A page of the log'),
          ...patientFailures('certificate-store.unavailable', 'cursor.invalid'),
        },
      },
      handler: async (request, reply) =>
        passOnText(
          reply,
          await certificateStore(request, { path: '/access-log', query: request.query }),
        ),
    })
  }
}
