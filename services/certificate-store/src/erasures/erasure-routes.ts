import { Erasure, scopes } from '@minaintyg/contracts'
import { problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import { patientActor } from '../access-log/access-actor.ts'
import type { AccessActor } from '../access-log/access-log-repository.ts'

/** Erases in a transaction of its own. */
export type ErasePatient = (patientId: string, actor: AccessActor) => Promise<number>

export function erasureRoutes({ erasePatient }: { erasePatient: ErasePatient }) {
  return async (app: Server): Promise<void> => {
    app.post('/erasures', {
      config: { access: scopes.patient },
      schema: {
        operationId: 'eraseCopies',
        response: { 200: Erasure, '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: async (request) => ({
        certificates: await erasePatient(request.caller.subject, patientActor(request)),
      }),
    })
  }
}
