import formbody from '@fastify/formbody'
import Type from 'typebox'
import { problemResponse } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'

interface Deps {
  backChannelLogOut: (logOutToken: string) => Promise<number>
}

export function backChannelLogOutRoutes({ backChannelLogOut }: Deps) {
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
      handler: async ({ body, log }, reply) => {
        const ended = await backChannelLogOut(body.logout_token)
        log.info({ event: 'log-out', by: 'provider', sessions: ended }, 'audit')
        return reply.header('cache-control', 'no-store').send()
      },
    })
  }
}
