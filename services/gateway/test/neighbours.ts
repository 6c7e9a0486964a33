import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { AppError } from '@minaintyg/errors'
import { createServer } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import type { TestTokens } from '@minaintyg/testing'

export const ids = {
  patient: '7a7de1e4-3f0a-4d6a-9d0f-0b6a2e1f5c01',
  certificate: '7a7de1e4-3f0a-4d6a-9d0f-0b6a2e1f5c02',
  othersCertificate: '7a7de1e4-3f0a-4d6a-9d0f-0b6a2e1f5c03',
  dispatch: '7a7de1e4-3f0a-4d6a-9d0f-0b6a2e1f5c04',
  /** The one that the cookie opens. */
  session: '7a7de1e4-3f0a-4d6a-9d0f-0b6a2e1f5c05',
  otherSession: '7a7de1e4-3f0a-4d6a-9d0f-0b6a2e1f5c06',
}
export const session = 'c2Vzc2lvbi1vZi1hLXRlc3QtcGVyc29uLTAwMDAwMDE'
export const logInId = 'bG9nLWluLW9mLWEtdGVzdC1wZXJzb24tMDAwMDAwMDE'
export const grant = 'Z3JhbnQtZm9yLWEtc2luZ2xlLXVzZS0wMDAwMDAwMDE'
export const pdfBytes = Buffer.from('%PDF-1.7 of a test\n\0\xff', 'latin1')

const problem = (code: string, status: number, title = 'Told by the neighbour') =>
  new AppError({ code, status, title })
const open = { config: { access: 'open' } } as const
const patient = { config: { access: 'patient' } } as const
const sessions = { config: { access: 'sessions' } } as const

export interface Seen {
  service: string
  method: string
  url: string
  headers: Record<string, unknown>
  body: unknown
  subject: string | undefined
}

export interface Neighbours {
  urls: Record<'identity' | 'consent' | 'certificateStore' | 'rendering' | 'dispatch', string>
  seen: Seen[]
  /** What the next calls meet. */
  mood: {
    consent: 'given' | 'withdrawn'
    broken: Set<string>
    slow: Set<string>
    logIn: string | undefined
    grants: Set<string>
    returnTo: string
    hasEnded: boolean
    /** Makes answers long. */
    padding: string
  }
  close(): Promise<void>
}

type Build = (app: Server, neighbours: Neighbours, tokens: TestTokens) => void

const buildIdentity: Build = (app, { mood }, tokens) => {
  const patientToken = async (audience: string) =>
    (await tokens.patient(audience, ids.patient)).authorization.replace('Bearer ', '')
  const expiresAt = '2026-11-22T12:00:00Z'
  const known = (body: unknown) =>
    !mood.hasEnded && (body as { session: string }).session === session
  app.post('/log-ins', sessions, async (_request, reply) => {
    if (mood.logIn !== undefined) throw problem(mood.logIn, 503)
    return reply.code(201).send({ logInId, authorizationUrl: 'https://op.test/authorize?x=1' })
  })
  app.post('/log-ins/completions', sessions, async (_request, reply) => {
    if (mood.logIn !== undefined) throw problem(mood.logIn, 400)
    return reply.code(201).send({ session, returnTo: mood.returnTo, absoluteExpiry: expiresAt })
  })
  app.post('/session-tokens', sessions, async ({ body }, reply) => {
    if (!known(body)) throw problem('session.expired', 401)
    const accessToken = await patientToken((body as { audience: string }).audience)
    return reply.code(201).send({ accessToken, expiresAt, patientId: ids.patient })
  })
  const state = (body: unknown) =>
    known(body)
      ? {
          authenticated: true,
          secondsUntilExpire: 1800,
          absoluteExpiry: expiresAt,
          ...(mood.padding === '' ? {} : { padding: mood.padding }),
        }
      : { authenticated: false, secondsUntilExpire: null, absoluteExpiry: null }
  app.post('/sessions/introspections', sessions, async ({ body }) => state(body))
  app.post('/sessions/extensions', sessions, async ({ body }) => state(body))
  app.post('/sessions/terminations', sessions, async () => ({
    endSessionUrl: 'https://op.test/end',
  }))
  app.post('/download-grants', sessions, async ({ body }, reply) => {
    mood.grants.add((body as { resource: string }).resource)
    return reply.code(201).send({ grant, expiresAt })
  })
  app.post('/download-grants/redemptions', sessions, async () => {
    const [resource] = mood.grants
    if (resource === undefined) throw problem('download-link.expired', 410)
    mood.grants.clear()
    const accessToken = await patientToken('rendering')
    return { accessToken, expiresAt, patientId: ids.patient, resource }
  })
  app.get('/sessions', patient, async () => ({ items: [], padding: mood.padding }))
  app.delete('/sessions', patient, async () => ({ ended: 2 }))
  app.delete('/sessions/:id', patient, async ({ params }, reply) => {
    const { id } = params as { id: string }
    if (id !== ids.session && id !== ids.otherSession) throw problem('session.not-found', 404)
    mood.hasEnded = id === ids.session
    return reply.code(204).send()
  })
  app.get('/me', patient, async () => ({
    name: 'Test Person',
    personalIdentityNumberMasked: '19900101-••••',
    protectedIdentity: false,
    loa: 'http://id.elegnamnden.se/loa/1.0/loa3',
    ...(mood.padding === '' ? {} : { padding: mood.padding }),
  }))
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, body)
    },
  )
  app.post('/oauth/token', open, async ({ body }, reply) =>
    String(body).includes('client_assertion=good')
      ? reply.header('cache-control', 'no-store').send({ access_token: 'x', token_type: 'Bearer' })
      : reply.code(400).send({ error: 'invalid_client' }),
  )
  app.post('/backchannel-logout', open, async ({ body }) => {
    if (!String(body).includes('logout_token=good')) throw problem('logout-token.invalid', 400)
    return ''
  })
  app.get('/.well-known/jwks.json', open, async () => ({ keys: [{ kty: 'EC', kid: 'tokens' }] }))
  const ofRelyingParty = { 'rp-jwks': { keys: [] }, 'rp-metadata': { client_id: 'mina-intyg' } }
  for (const [name, document] of Object.entries(ofRelyingParty)) {
    app.get(`/.well-known/${name}.json`, open, async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=60').send(document),
    )
  }
}

const buildConsent: Build = (app, { mood }) => {
  const view = () => ({ state: mood.consent, text: { version: '1.0' }, history: [] })
  app.get('/consent', patient, async () => view())
  app.get('/consent/proof', patient, async () => ({
    proof: { statements: [] },
    jws: `a.b.c${mood.padding}`,
  }))
  app.get('/.well-known/jwks.json', open, async () => ({ keys: [{ kty: 'OKP', kid: 'proofs' }] }))
  app.post('/consent', patient, async ({ body }, reply) => {
    if ((body as { textVersion: string }).textVersion !== '1.0') {
      throw problem('consent.text-outdated', 409)
    }
    mood.consent = 'given'
    return reply.code(201).send(view())
  })
  app.delete('/consent', patient, async () => {
    mood.consent = 'withdrawn'
    return { withdrawnAt: '2026-11-22T10:00:00.000Z' }
  })
}

const buildCertificateStore: Build = (app, { mood }) => {
  const gate = (id?: string) => {
    if (mood.consent !== 'given') throw problem('consent.required', 403)
    if (id !== undefined && id !== ids.certificate) throw problem('certificate.not-found', 404)
  }
  app.get('/certificates', patient, async () => {
    gate()
    return {
      items: [{ id: ids.certificate, statuses: ['new', 'notSent'] }],
      facets: { statuses: [{ value: 'new' }, { value: 'notSent' }] },
      total: 1,
      nextCursor: null,
      unforeseen: 'kept',
      padding: mood.padding,
    }
  })
  app.get<{ Params: { id: string } }>(
    '/certificates/:id',
    patient,
    async ({ params, headers }, reply) => {
      gate(params.id)
      void reply.header('etag', '"known"')
      if (headers['if-none-match']?.includes('"known"') === true) return reply.code(304).send()
      return { id: params.id, statuses: ['new', 'notSent'], sections: [] }
    },
  )
  app.get<{ Params: { id: string } }>(
    '/certificates/:id/copy-permission',
    patient,
    async ({ params }, reply) => {
      gate(params.id)
      return reply.code(204).send()
    },
  )
  for (const method of ['PUT', 'DELETE'] as const) {
    app.route<{ Params: { id: string } }>({
      method,
      url: '/certificates/:id/archived',
      ...patient,
      handler: async ({ params }, reply) => {
        gate(params.id)
        return reply.code(204).send()
      },
    })
  }
  app.post('/erasures', patient, async () => ({ certificates: 3 }))
  app.get('/access-log', patient, async () => ({ items: [], nextCursor: null }))
}

const buildRendering: Build = (app, { mood }) => {
  app.get<{ Params: { id: string } }>(
    '/certificates/:id/pdf',
    patient,
    async ({ params }, reply) => {
      if (mood.consent !== 'given') throw problem('consent.required', 403)
      if (params.id !== ids.certificate) throw problem('certificate.not-found', 404)
      return reply
        .headers({ etag: '"of-the-pdf"', 'content-disposition': 'attachment; filename="a.pdf"' })
        .type('application/pdf')
        .send(pdfBytes)
    },
  )
  app.post('/consent-proofs', patient, async (_request, reply) =>
    reply
      .headers({ 'content-language': 'en', 'content-disposition': 'attachment; filename="b.pdf"' })
      .type('application/pdf')
      .send(pdfBytes),
  )
}

const buildDispatch: Build = (app, { mood }) => {
  const dispatch = { id: ids.dispatch, state: 'queued' }
  app.post<{ Params: { id: string } }>(
    '/certificates/:id/dispatches',
    patient,
    async ({ params }, reply) => {
      if (mood.consent !== 'given') throw problem('consent.required', 403)
      if (params.id !== ids.certificate) throw problem('certificate.not-found', 404)
      return reply.code(202).header('location', `/dispatches/${ids.dispatch}`).send(dispatch)
    },
  )
  app.get('/certificates/:id/recipients', patient, async () => ({ items: [] }))
  app.get('/dispatches', patient, async () => ({ items: [dispatch], nextCursor: null }))
  app.get<{ Params: { id: string } }>('/dispatches/:id', patient, async ({ params }) => {
    if (params.id !== ids.dispatch) throw problem('dispatch.not-found', 404)
    return dispatch
  })
  app.delete('/dispatches/:id', patient, async (_request, reply) => reply.code(204).send())
  app.post('/cancellations', patient, async () => ({ cancelledDispatches: 2 }))
  const recipient = { config: { access: 'recipient' } } as const
  app.head('/recipient/dispatches/:id/document', recipient, async ({ headers }, reply) => {
    if (headers.accept === 'text/html') return reply.code(406).send()
    return reply.headers({ etag: '"doc"', 'content-length': 4 }).type('application/xml').send()
  })
  app.get('/recipient/dispatches/:id/document', recipient, async ({ headers }, reply) => {
    const type = headers.accept === undefined ? 'application/xml' : headers.accept
    if (type === 'text/html') throw problem('document.not-acceptable', 406)
    if (headers['if-none-match'] === '"doc"') return reply.code(304).header('etag', '"doc"').send()
    if (headers.range === 'bytes=9-') {
      void reply.header('content-range', 'bytes */4')
      throw problem('document.range-not-satisfiable', 416)
    }
    if (headers.range !== undefined && headers['if-range'] === '"doc"') {
      void reply.headers({
        etag: '"doc"',
        'content-range': 'bytes 1-2/4',
        'accept-ranges': 'bytes',
      })
      return reply
        .code(206)
        .type(type)
        .send(Buffer.from([0xff, 0x00]))
    }
    return reply
      .header('etag', '"doc"')
      .type(type)
      .send(Buffer.from([0xfe, 0xff, 0x00, 0x3c]))
  })
  app.get('/recipient/dispatches', recipient, async () => ({ items: [{ a: 1 }], nextAfter: 1 }))
  app.post('/recipient/dispatches/:id/receipts', recipient, async (_request, reply) =>
    reply.code(204).send(),
  )
  app.get('/.well-known/jwks.json', open, async () => ({ keys: [{ kty: 'OKP', kid: 'events' }] }))
}

const builders = {
  identity: ['identity', buildIdentity],
  consent: ['consent', buildConsent],
  certificateStore: ['certificate-store', buildCertificateStore],
  rendering: ['rendering', buildRendering],
  dispatch: ['dispatch', buildDispatch],
} as const

/** The five services behind the gateway, on loopback, with its contracts, and checking its tokens. */
export async function startNeighbours(tokens: TestTokens): Promise<Neighbours> {
  const apps: Server[] = []
  const neighbours: Neighbours = {
    urls: { identity: '', consent: '', certificateStore: '', rendering: '', dispatch: '' },
    seen: [],
    mood: {
      consent: 'given',
      broken: new Set(),
      slow: new Set(),
      logIn: undefined,
      grants: new Set(),
      returnTo: '/intyg',
      hasEnded: false,
      padding: '',
    },
    close: async () => {
      await Promise.all(apps.map((app) => app.close()))
    },
  }
  for (const [key, [name, build]] of Object.entries(builders)) {
    const app = await createServer({
      name,
      logLevel: 'silent',
      authentication: tokens.authentication(name),
    })
    app.addHook('preHandler', async (request) => {
      const { method, url, headers, body } = request
      const subject = (request.caller as { subject: string } | undefined)?.subject
      if (url !== '/readyz') {
        neighbours.seen.push({ service: name, method, url, headers, body, subject })
      }
      if (neighbours.mood.broken.has(name)) throw new Error(`a bug in ${randomUUID()}`)
      if (neighbours.mood.slow.has(name))
        await new Promise((resolve) => setTimeout(resolve, 1_600).unref())
    })
    build(app, neighbours, tokens)
    await app.listen({ host: '127.0.0.1', port: 0 })
    apps.push(app)
    const { port } = app.server.address() as AddressInfo
    neighbours.urls[key as keyof Neighbours['urls']] = `http://127.0.0.1:${port}`
  }
  return neighbours
}
