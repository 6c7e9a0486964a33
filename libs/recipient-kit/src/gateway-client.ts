import { createHash } from 'node:crypto'
import type { EventData, DispatchRequestedV1, ReceiptBody } from '@minaintyg/contracts'
import { PoisonMessageError } from '@minaintyg/errors'
import { activeTraceparent } from '@minaintyg/telemetry'
import { importJWK } from 'jose'
import type { JWK } from 'jose'
import * as oauth from 'openid-client'

/** Who the recipient is to the authorization server. */
export interface RecipientCredentials {
  clientId: string
  /** Private key of the client: a JWK with `kid` and `alg`. */
  clientKey: JWK
  /** Issuer of the authorization server, where it is not the gateway's own URL. */
  issuer?: string
  /** Where tokens are had, where it is not `{gatewayUrl}/oauth/token`. */
  tokenUrl?: string
}

/** The forms that a document can be had in; the XML is the original. */
export type DocumentMediaType = 'application/xml' | 'application/json' | 'application/pdf'

/** The patient has withdrawn the dispatch: the document is no longer handed out. */
export class DispatchRevokedError extends Error {
  constructor() {
    super('The dispatch has been revoked')
    this.name = 'DispatchRevokedError'
  }
}

type Document = EventData<typeof DispatchRequestedV1>['document']

const deadline = 30_000
const secondsOfMargin = 30
const feedPage = 100
const largestOtherForm = 32 * 1024 * 1024

type Call = Omit<RequestInit, 'headers'> & { headers: Record<string, string> }

async function readBounded(response: Response, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > limit) throw new PoisonMessageError('The document is larger than the event says')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function createTokens(gatewayUrl: string, credentials: RecipientCredentials) {
  const { clientId, clientKey, issuer = gatewayUrl } = credentials
  const { tokenUrl = `${gatewayUrl}/oauth/token` } = credentials
  let current: Promise<{ value: string; expiresAt: number }> | undefined

  async function configure(): Promise<oauth.Configuration> {
    const key = (await importJWK(clientKey, clientKey.alg ?? 'ES256')) as oauth.CryptoKey
    const configuration = new oauth.Configuration(
      { issuer, token_endpoint: tokenUrl },
      clientId,
      {},
      oauth.PrivateKeyJwt(clientKey.kid === undefined ? key : { key, kid: clientKey.kid }),
    )
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so only to stand out; loopback
    if (tokenUrl.startsWith('http:')) oauth.allowInsecureRequests(configuration)
    configuration.timeout = 10
    return configuration
  }
  const configuration = configure()
  // Told to whoever asks for a token; until then it must not end the process.
  configuration.catch(() => undefined)

  async function fetchToken() {
    const answer = await oauth.clientCredentialsGrant(await configuration, {
      scope: 'recipient',
      resource: 'urn:minaintyg:dispatch',
    })
    const seconds = (answer.expires_in ?? 60) - secondsOfMargin
    return { value: answer.access_token, expiresAt: Date.now() + seconds * 1_000 }
  }

  return {
    async get(): Promise<string> {
      const known = await current?.catch(() => undefined)
      if (known !== undefined && known.expiresAt > Date.now()) return known.value
      current = fetchToken()
      return (await current).value
    },
    forget() {
      current = undefined
    },
  }
}

/** Calls the gateway as the recipient's OAuth client (client_credentials, private_key_jwt). */
export function createGatewayClient(baseUrl: string, credentials: RecipientCredentials) {
  const gatewayUrl = baseUrl.replace(/\/+$/, '')
  const tokens = createTokens(gatewayUrl, credentials)

  async function call(url: string, init: Call) {
    const traceparent = activeTraceparent()
    const response = await fetch(url, {
      ...init,
      headers: {
        ...init.headers,
        ...(traceparent === undefined ? {} : { traceparent }),
        authorization: `Bearer ${await tokens.get()}`,
      },
      redirect: 'error',
      signal: AbortSignal.timeout(deadline),
    })
    if (response.ok) return response
    await response.body?.cancel()
    if (response.status === 410) throw new DispatchRevokedError()
    if (response.status === 401) tokens.forget()
    const hopeless = [400, 403, 404, 409, 422].includes(response.status)
    const message = `The gateway answered ${response.status}`
    throw hopeless ? new PoisonMessageError(message) : new Error(message)
  }

  const fetchAs = async (dataref: string, accept: DocumentMediaType, limit: number) => {
    // A token goes to the gateway alone, whatever an event says.
    if (!dataref.startsWith(`${gatewayUrl}/`)) {
      throw new PoisonMessageError('The document lies outside the gateway')
    }
    return readBounded(await call(dataref, { headers: { accept } }), limit)
  }

  return {
    /** The original, with size and hash as in the event. */
    async fetchDocument({ dataref, mediaType, size, sha256 }: Document): Promise<Buffer> {
      const bytes = await fetchAs(dataref, mediaType, size)
      if (bytes.length !== size || createHash('sha256').update(bytes).digest('hex') !== sha256) {
        throw new PoisonMessageError('The document is not the one that the event tells of')
      }
      return bytes
    },
    fetchAs: ({ dataref }: Document, accept: DocumentMediaType): Promise<Buffer> =>
      fetchAs(dataref, accept, largestOtherForm),
    /** A page of the recipient's own events, those after a sequence. */
    async listEvents(after: number): Promise<unknown> {
      const url = `${gatewayUrl}/recipient/dispatches?after=${after}&limit=${feedPage}`
      return (await call(url, { headers: { accept: 'application/json' } })).json()
    },
    async postReceipt(dispatchId: string, receipt: ReceiptBody): Promise<void> {
      const response = await call(`${gatewayUrl}/recipient/dispatches/${dispatchId}/receipts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(receipt),
      })
      await response.body?.cancel()
    },
  }
}
export type GatewayClient = ReturnType<typeof createGatewayClient>
