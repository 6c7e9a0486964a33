import { createHash, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  CompactSign,
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  jwtVerify,
} from 'jose'
import { dispatchRoutingKey, exchanges, signatureHeader } from '@minaintyg/contracts'
import type { EventBus } from '@minaintyg/messaging'

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
const answer = (response: ServerResponse, status: number, body: unknown = '') => {
  const isBytes = Buffer.isBuffer(body)
  response.writeHead(status, isBytes ? {} : { 'content-type': 'application/json' })
  response.end(isBytes ? body : JSON.stringify(body))
}
const newKey = async (alg: 'ES256' | 'Ed25519') => {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const kid = await calculateJwkThumbprint(publicKey)
  return {
    kid,
    privateKey,
    jwk: await exportJWK(privateKey),
    publicJwk: await exportJWK(publicKey),
  }
}

/** What a recipient meets at the gateway, on loopback: tokens, keys, documents and receipts. */
export async function startTestGateway() {
  let signingKey = await newKey('Ed25519')
  const publishedKeys = [signingKey]
  const clientKey = await newKey('ES256')
  const clientKeys = createLocalJWKSet({ keys: [{ ...clientKey.publicJwk, kid: clientKey.kid }] })
  const documents = new Map<string, Buffer>()
  const receipts: { dispatchId: string; body: Record<string, unknown> }[] = []
  const feed: { event: { id: string }; signature: string | null }[] = []
  const control: { tokens: number; documentStatus: number[]; receiptStatus: number[] } = {
    tokens: 0,
    documentStatus: [],
    receiptStatus: [],
  }
  let url = ''

  async function giveToken(request: IncomingMessage, response: ServerResponse) {
    const form = new URLSearchParams(await bodyOf(request))
    await jwtVerify(form.get('client_assertion') ?? '', clientKeys, {
      audience: url,
      subject: 'forsakringskassan',
      issuer: 'forsakringskassan',
    })
    const asked = [form.get('grant_type'), form.get('scope'), form.get('resource')].join(' ')
    if (asked !== 'client_credentials recipient urn:minaintyg:dispatch') {
      answer(response, 400, { error: 'invalid_request' })
      return
    }
    control.tokens += 1
    const access_token = `token-${control.tokens}`
    answer(response, 200, { access_token, token_type: 'Bearer', expires_in: 300 })
  }

  /** Two at a time, so that a few events are several pages. */
  function feedAfter(after: number) {
    const page = feed.slice(after, after + 2)
    return {
      items: page.map(({ event }) => event),
      signatures: Object.fromEntries(
        page.flatMap(({ event, signature }) => (signature === null ? [] : [[event.id, signature]])),
      ),
      nextAfter: after + page.length,
    }
  }

  async function route(request: IncomingMessage, response: ServerResponse) {
    const path = new URL(request.url ?? '', url).pathname
    if (path === '/oauth/token') return giveToken(request, response)
    if (path === '/.well-known/jwks.json') {
      const keys = publishedKeys.map(({ publicJwk, kid }) => ({ ...publicJwk, kid, alg: 'EdDSA' }))
      answer(response, 200, { keys: keys.map((key) => ({ ...key, use: 'sig' })) })
      return undefined
    }
    if (request.headers.authorization !== `Bearer token-${control.tokens}`) {
      answer(response, 401)
      return undefined
    }
    if (path === '/recipient/dispatches') {
      const after = Number(new URL(request.url ?? '', url).searchParams.get('after'))
      answer(response, 200, feedAfter(after))
      return undefined
    }
    const [, dispatchId = '', what] = /^\/recipient\/dispatches\/([^/]+)\/(\w+)$/.exec(path) ?? []
    if (what === 'receipts') {
      const body = JSON.parse(await bodyOf(request)) as Record<string, unknown>
      const status = control.receiptStatus.shift() ?? 204
      if (status === 204) receipts.push({ dispatchId, body })
      response.writeHead(status).end()
      return undefined
    }
    const status = control.documentStatus.shift() ?? (documents.has(dispatchId) ? 200 : 404)
    const other = request.headers.accept === 'application/pdf' ? Buffer.from('%PDF') : undefined
    answer(response, status, status === 200 ? (other ?? documents.get(dispatchId)) : {})
    return undefined
  }

  const server = createServer((request, response) => {
    route(request, response).catch(() => {
      answer(response, 400, { error: 'invalid_client' })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const newEvent = (type: string, data: Record<string, unknown>) => ({
    specversion: '1.0',
    id: randomUUID() as string,
    type: `se.minaintyg.dispatch.${type}.v1`,
    source: '/minaintyg/dispatch',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: {
      dispatchId: randomUUID() as string,
      recipientId: 'FKASSA',
      sequence: 1,
      ...data,
    },
  })

  return {
    url,
    jwksUrl: `${url}/.well-known/jwks.json`,
    credentials: {
      clientId: 'forsakringskassan',
      clientKey: { ...clientKey.jwk, kid: clientKey.kid, alg: 'ES256' },
    },
    documents,
    receipts,
    control,
    feed,
    /** A dispatch whose document waits here, and its event. */
    requested(more: { data?: Record<string, unknown>; document?: Record<string, unknown> } = {}) {
      const dispatchId = randomUUID()
      const bytes = Buffer.from(`<intyg id="${dispatchId}">åäö</intyg>`)
      documents.set(dispatchId, bytes)
      return newEvent('requested', {
        dispatchId,
        certificate: { id: randomUUID(), type: 'LISJP', version: '1.3' },
        document: {
          dataref: `${url}/recipient/dispatches/${dispatchId}/document`,
          mediaType: 'application/xml',
          sha256: createHash('sha256').update(bytes).digest('hex'),
          size: bytes.length,
          ...more.document,
        },
        requestedAt: new Date().toISOString(),
        ...more.data,
      })
    },
    revoked: (dispatchId: string) =>
      newEvent('revoked', {
        dispatchId,
        reason: 'consent-withdrawn',
        revokedAt: new Date().toISOString(),
      }),
    replaced: (dispatchId: string, replacedBy?: string) =>
      newEvent('replaced', {
        dispatchId,
        certificateId: randomUUID(),
        ...(replacedBy === undefined ? {} : { replacedBy }),
        replacedAt: new Date().toISOString(),
      }),
    /** From now on another key signs; what the old one has signed can still be verified. */
    async rotateSigningKey(): Promise<void> {
      signingKey = await newKey('Ed25519')
      publishedKeys.unshift(signingKey)
    },
    async sign(body: Buffer, kid = signingKey.kid): Promise<string> {
      const jws = await new CompactSign(body)
        .setProtectedHeader({ alg: 'EdDSA', kid })
        .sign(signingKey.privateKey)
      return jws.replace(/\..*\./, '..')
    },
    /** Puts an event on the bus as dispatch does; `tamper` changes the bytes after they are signed. */
    async publish(
      bus: EventBus,
      event: { id: string; type: string },
      tamper: (body: string) => string = (body) => body,
    ) {
      const body = Buffer.from(JSON.stringify(event))
      await bus.publish({
        exchange: exchanges.dispatch,
        routingKey: dispatchRoutingKey('FKASSA', event.type),
        id: event.id,
        body: Buffer.from(tamper(body.toString())),
        headers: { [signatureHeader]: await this.sign(body) },
      })
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
export type TestGateway = Awaited<ReturnType<typeof startTestGateway>>
