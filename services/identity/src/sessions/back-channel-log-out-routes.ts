import formbody from '@fastify/formbody'
import Type from 'typebox'
import { problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import type { Audit } from '../audit/audit.ts'
import type { Ended } from './session-repository.ts'

interface Deps {
  backChannelLogOut: (logOutToken: string) => Promise<Ended[]>
  audit: Audit
}

export function backChannelLogOutRoutes({ backChannelLogOut, audit }: Deps) {
  return async (app: Server): Promise<void> => {
    await app.register(formbody)
    app.post('/backchannel-logout', {
      config: { access: 'open' },
      schema: {
        operationId: 'backChannelLogOut',
        // The specification allows further parameters, which are to be ignored.
        body: Type.Object({ logout_token: Type.String({ maxLength: 16_384 }) }),
        response: { 200: Type.Null(), '4xx': problemResponse, '5xx': problemResponse },
      },
      handler: async ({ body, trace: { traceId } }, reply) => {
        for (const ended of await backChannelLogOut(body.logout_token)) {
          await audit.note({ event: 'log-out', reason: 'provider', ...ended, traceId })
        }
        return reply.header('cache-control', 'no-store').send()
      },
    })
  }
}
