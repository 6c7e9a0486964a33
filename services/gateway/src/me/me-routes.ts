import type { Consent, Person } from '@minaintyg/contracts'
import type { Server } from '@minaintyg/service'
import { json, patientFailures } from '../documentation/responses.ts'
import { jsonOf } from '../session/patient-calls.ts'
import type { PatientCall } from '../session/patient-calls.ts'

interface Deps {
  identity: PatientCall
  consent: PatientCall
}

export function meRoutes({ identity, consent }: Deps) {
  return async (app: Server): Promise<void> => {
    app.get('/me', {
      config: { access: 'open' },
      schema: {
        operationId: 'getMe',
        tags: ['session'],
        summary: 'Who is logged in, and whether they have consented',
        description:
          'The number is masked; the whole one is never given. With `consent` other than `given`, show the consent text before anything else. With `protectedIdentity`, take care what stands on the screen.',
        response: {
          200: json('Me', 'The patient'),
          ...patientFailures('consent.unavailable'),
        },
      },
      handler: async (request) => {
        const [person, given] = await Promise.all([
          identity(request, { path: '/me' }),
          consent(request, { path: '/consent' }),
        ])
        return { ...jsonOf<Person>(person), consent: jsonOf<Consent>(given).state }
      },
    })
  }
}
