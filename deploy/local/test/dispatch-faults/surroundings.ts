import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTestTokens } from '@minaintyg/testing'
import { startNeighbours } from '../../../../services/dispatch/test/neighbours.ts'
import { startRecipientGateway } from '../../../../services/dispatch/test/recipient-gateway.ts'

type Passed = Parameters<Awaited<ReturnType<typeof startRecipientGateway>>['passTo']>[0]

/** Where dispatch has its tokens, in another process too. */
async function startTokens(tokens: Awaited<ReturnType<typeof createTestTokens>>) {
  const give = async (asked: URLSearchParams) => {
    const audience = asked.get('audience') ?? ''
    const subjectToken = asked.get('subjectToken')
    if (subjectToken === null) return tokens.client(audience, asked.get('scope') ?? '', 'dispatch')
    const claims = Buffer.from(subjectToken.split('.')[1] ?? '', 'base64url').toString()
    return tokens.patient(audience, (JSON.parse(claims) as { sub: string }).sub)
  }
  const server = createServer((request, response) => {
    void give(new URL(request.url ?? '', 'http://localhost').searchParams).then(
      ({ authorization }) => response.end(authorization.replace('Bearer ', '')),
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

/** What the gateway hands on to, wherever that listens, and whether or not it is up. */
const dispatchAt = (url: string) =>
  ({
    inject: async (call: {
      method: string
      url: string
      headers: Record<string, string>
      payload?: string
    }) => {
      const answer = await fetch(url + call.url, {
        method: call.method,
        headers: call.headers,
        ...(call.payload !== undefined && { body: call.payload }),
        signal: AbortSignal.timeout(10_000),
      })
      return {
        statusCode: answer.status,
        headers: Object.fromEntries(answer.headers),
        rawPayload: Buffer.from(await answer.arrayBuffer()),
      }
    },
  }) as unknown as Passed

/** All around dispatch that no fault concerns: identity, consent, certificate-store, rendering and the gateway. */
export async function startSurroundings(dispatchUrl: string) {
  const tokens = await createTestTokens()
  const [neighbours, gateway, given] = await Promise.all([
    startNeighbours(tokens),
    startRecipientGateway(tokens),
    startTokens(tokens),
  ])
  gateway.passTo(dispatchAt(dispatchUrl))
  return {
    tokens,
    neighbours,
    gatewayUrl: gateway.url,
    tokensUrl: given.url,
    async stop() {
      await Promise.all([neighbours.stop(), gateway.stop(), given.stop()])
    },
  }
}
export type Surroundings = Awaited<ReturnType<typeof startSurroundings>>
