import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Server } from '@minaintyg/service'
import type { TestTokens } from '@minaintyg/testing'

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** The gateway as a recipient sees it: gives tokens, and passes the rest on to dispatch. */
export async function startRecipientGateway(tokens: TestTokens) {
  let dispatch: Server | undefined
  const server = createServer((request, response) => {
    const pass = async () => {
      const body = await bodyOf(request)
      if (request.url === '/oauth/token') {
        const clientId = 'forsakringskassan'
        const { authorization } = await tokens.client('dispatch', 'recipient', clientId)
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(
          JSON.stringify({
            access_token: authorization.slice(7),
            token_type: 'Bearer',
            expires_in: 300,
          }),
        )
        return
      }
      const { authorization = '', accept = '*/*' } = request.headers
      const answer = await dispatch!.inject({
        method: request.method as 'GET',
        url: request.url ?? '/',
        headers: {
          authorization,
          accept,
          ...(body === '' ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === '' ? {} : { payload: body }),
      })
      response.writeHead(answer.statusCode, {
        'content-type': String(answer.headers['content-type']),
      })
      response.end(answer.rawPayload)
    }
    pass().catch(() => {
      response.writeHead(500).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passTo: (app: Server) => {
      dispatch = app
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}
