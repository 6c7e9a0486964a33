import { clientKeyOf } from '@minaintyg/config'
import cookie from '@fastify/cookie'
import { audiences } from '@minaintyg/contracts'
import { createCredentials, createServer, createServiceClient } from '@minaintyg/service'
import type { Credentials, Server, ServerOptions, Service } from '@minaintyg/service'
import { accessLogRoutes } from './access-log/access-log-routes.ts'
import { authRoutes } from './auth/auth-routes.ts'
import { machineAuthRoutes } from './auth/machine-auth-routes.ts'
import { certificateRoutes } from './certificates/certificate-routes.ts'
import { documentRoutes } from './certificates/document-routes.ts'
import { createIdentityClient } from './clients/identity-client.ts'
import { createReachability } from './clients/reachability.ts'
import { tellingLateness } from './clients/late-answers.ts'
import { createNeighbours } from './clients/neighbours.ts'
import type { Neighbours } from './clients/neighbours.ts'
import { basePath, edgeOf } from './config.ts'
import type { Edge, GatewayConfig } from './config.ts'
import { consentRoutes } from './consent/consent-routes.ts'
import { consentKeyRoutes, consentProofRoutes } from './consent/proof-routes.ts'
import { createWithdrawConsent } from './consent/withdraw-consent.ts'
import { dispatchRoutes } from './dispatches/dispatch-routes.ts'
import { addDocument } from './documentation/document.ts'
import { addBudgets } from './edge/budgets.ts'
import { addCors } from './edge/cors.ts'
import { addCsrfProtection } from './edge/csrf.ts'
import { addEntityTags } from './edge/entity-tags.ts'
import { addLanguages } from './edge/languages.ts'
import { addPacking } from './edge/packing.ts'
import { addRateLimits } from './edge/rate-limits.ts'
import { browserReportRoutes } from './edge/browser-report-routes.ts'
import { securityHeaders } from './edge/security-headers.ts'
import { guideRoutes } from './guides/guide-routes.ts'
import { meRoutes } from './me/me-routes.ts'
import { addDocs, docsPath } from './meta/docs.ts'
import { metaRoutes } from './meta/meta-routes.ts'
import { recipientRoutes } from './recipient/recipient-routes.ts'
import { createCookies } from './session/cookies.ts'
import type { Cookies } from './session/cookies.ts'
import { createPatientCalls } from './session/patient-calls.ts'
import { ownSessionRoutes } from './session/own-session-routes.ts'
import { sessionRoutes } from './session/session-routes.ts'
import { verificationRoutes } from './verification/verification-routes.ts'

export { GatewayConfig } from './config.ts'

export interface GatewayDeps {
  credentials?: Pick<Credentials, 'serviceToken' | 'close'>
  /** Standard output where left out. */
  logDestination?: ServerOptions['logDestination']
}

const prefix = { prefix: basePath }

/** What a browser calls with the session cookie. */
function addPatientRoutes(
  app: Server,
  parts: {
    config: GatewayConfig
    edge: Edge
    cookies: Cookies
    neighbours: Neighbours
    credentials: Pick<Credentials, 'serviceToken'>
  },
) {
  const { config, edge, cookies, neighbours, credentials } = parts
  const identity = createIdentityClient(neighbours.identity, credentials)
  const asPatient = createPatientCalls(cookies, identity)
  const consent = asPatient(neighbours.consent, audiences.consent)
  const certificateStore = asPatient(neighbours.certificateStore, audiences.certificateStore)
  const rendering = asPatient(neighbours.rendering, audiences.rendering)
  const dispatch = asPatient(neighbours.dispatch, audiences.dispatch)
  const identityAsPatient = asPatient(neighbours.identity, audiences.identity)
  const withdrawConsent = createWithdrawConsent({
    consent,
    certificateStore,
    dispatch,
    aftermathDeadline: config.AFTERMATH_DEADLINE,
  })

  return app.register(async (scope: Server) => {
    addCsrfProtection(scope, edge.allowedOrigins)
    await scope.register(authRoutes({ cookies, identity, edge }))
    await scope.register(sessionRoutes({ cookies, identity }))
    await scope.register(ownSessionRoutes({ cookies, identity, asPatient: identityAsPatient }))
    await scope.register(meRoutes({ identity: identityAsPatient, consent }))
    await scope.register(consentRoutes({ consent, withdrawConsent }))
    await scope.register(consentProofRoutes({ consent, rendering }))
    const dispatchAnswers = createReachability(neighbours.dispatch)
    await scope.register(certificateRoutes({ certificateStore, dispatchAnswers }))
    await scope.register(
      documentRoutes({
        cookies,
        identity,
        certificateStore,
        rendering,
        renderingClient: neighbours.rendering,
        publicUrl: edge.publicUrl,
      }),
    )
    await scope.register(dispatchRoutes({ dispatch }))
    await scope.register(accessLogRoutes({ certificateStore }))
  }, prefix)
}

export async function buildGatewayService(
  config: GatewayConfig,
  deps: GatewayDeps = {},
): Promise<Service> {
  const edge = edgeOf(config)
  const app = await createServer({
    name: 'gateway',
    logLevel: config.LOG_LEVEL,
    problemBase: basePath,
    headers: securityHeaders(edge.publicUrl),
    openPaths: [docsPath],
    ...(deps.logDestination === undefined ? {} : { logDestination: deps.logDestination }),
    ...(edge.trustedProxies.length === 0 ? {} : { trustProxy: edge.trustedProxies }),
  })
  const own =
    deps.credentials ??
    createCredentials({
      identityUrl: config.IDENTITY_URL,
      issuer: config.ISSUER_URL,
      clientId: 'gateway',
      clientKey: clientKeyOf(config),
    })
  const credentials = { ...own, serviceToken: tellingLateness(own.serviceToken) }
  const neighbours = createNeighbours(config, createServiceClient)
  // Answers come from behind as bytes; the response schemas are for the document, and too dear to compile.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.addHook('onClose', () =>
    Promise.all([neighbours.close(), credentials.close()]).then(() => undefined),
  )

  const cookies = createCookies(edge.isHttps)
  await app.register(cookie)
  addBudgets(app, config.NEIGHBOUR_DEADLINE)
  addCors(app, edge.allowedOrigins)
  await addRateLimits(app, {
    address: config.RATE_LIMIT_ADDRESS,
    session: config.RATE_LIMIT_SESSION,
    machines: config.RATE_LIMIT_MACHINES,
    verifications: config.RATE_LIMIT_VERIFICATION,
    replicas: config.RATE_LIMIT_REPLICAS,
    sessionOf: cookies.session,
  })
  addLanguages(app)
  addEntityTags(app)
  await addPacking(app)
  await addDocument(app, edge.publicUrl)

  await addPatientRoutes(app, { config, edge, cookies, neighbours, credentials })
  await app.register(guideRoutes, prefix)
  await app.register(browserReportRoutes, prefix)
  const { certificateStore } = neighbours
  const { publicUrl } = edge
  await app.register(verificationRoutes({ certificateStore, credentials, publicUrl }), prefix)
  const { identity, consent, dispatch } = neighbours.passages
  await app.register(machineAuthRoutes({ passage: identity }), prefix)
  await app.register(consentKeyRoutes({ passage: consent }), prefix)
  await app.register(recipientRoutes({ dispatch }), prefix)
  await app.register(metaRoutes({ publicUrl: edge.publicUrl, identity, dispatch }), prefix)
  await addDocs(app, edge.publicUrl)
  return { app, workers: [] }
}
