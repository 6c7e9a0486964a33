import { audiences, scopes } from '@minaintyg/contracts'
import type { Credentials, ServiceClient, Trace } from '@minaintyg/service'

export function createRenderingClient(deps: {
  client: ServiceClient
  credentials: Pick<Credentials, 'serviceToken'>
}) {
  return {
    async render(certificate: unknown, trace: Trace): Promise<Buffer> {
      const { body } = await deps.client.request({
        method: 'POST',
        path: '/renderings',
        body: { certificate },
        token: await deps.credentials.serviceToken(audiences.rendering, scopes.render),
        headers: { accept: 'application/pdf, application/problem+json' },
        trace,
      })
      return body
    },
  }
}
export type RenderingClient = ReturnType<typeof createRenderingClient>
