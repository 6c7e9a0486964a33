import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { Server } from '@minaintyg/service'
import type { OpenPassage, PassageRequest } from '../clients/open-passage.ts'
import { passOn } from '../clients/passing-on.ts'
import { empty, failures } from '../documentation/responses.ts'
import { OAuthError, OAuthToken } from './oauth-schemas.ts'

const form = 'application/x-www-form-urlencoded'
const anyForm = { additionalProperties: Type.Unknown() }

const TokenRequest = Type.Object(
  {
    grant_type: Type.Optional(Type.String({ description: 'client_credentials' })),
    client_assertion_type: Type.Optional(
      Type.String({ description: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' }),
    ),
    client_assertion: Type.Optional(
      Type.String({ description: 'JWT signed with the client’s private key (RFC 7523)' }),
    ),
    scope: Type.Optional(Type.String()),
    resource: Type.Optional(Type.String({ description: 'Audience (RFC 8707)' })),
  },
  anyForm,
)
const LogOutRequest = Type.Object(
  { logout_token: Type.Optional(Type.String({ description: 'OIDC Back-Channel Logout 1.0' })) },
  anyForm,
)

const oauthFailures = () =>
  Object.fromEntries(
    Object.entries(failures('request.unsupported-media-type', 'identity.unavailable')).map(
      ([status, { content, ...response }]) => [
        status,
        status === '400'
          ? { ...response, content: { ...content, 'application/json': { schema: OAuthError } } }
          : { ...response, content },
      ],
    ),
  )

const asItCame = (path: string, request: FastifyRequest): PassageRequest => ({
  method: 'POST',
  path,
  headers: {
    'content-type': form,
    accept: 'application/json, application/problem+json',
    authorization: request.headers.authorization,
    traceparent: request.trace.traceparent,
  },
  body: (request.body as string | undefined) ?? '',
})

function addToken(app: Server, passage: OpenPassage): void {
  app.post('/oauth/token', {
    config: { access: 'open' },
    schema: {
      operationId: 'requestToken',
      tags: ['recipients'],
      summary: 'An access token for a client of its own accord',
      description:
        'client_credentials with private_key_jwt (RFC 7523). The token is `at+jwt`, ES256, and lives at most 5 minutes. Faults have the form of OAuth 2.0.',
      consumes: [form],
      body: TokenRequest,
      response: {
        200: {
          description: 'The token',
          content: { 'application/json': { schema: OAuthToken } },
        },
        ...oauthFailures(),
      },
    },
    handler: async (request, reply) => {
      const response = await passage.pass(asItCame('/oauth/token', request))
      return passOn(reply, response, ['content-type', 'www-authenticate'])
    },
  })
}

function addBackChannelLogOut(app: Server, passage: OpenPassage): void {
  app.post('/auth/backchannel-logout', {
    config: { access: 'open' },
    schema: {
      operationId: 'backchannelLogOut',
      tags: ['session'],
      summary: 'The e-legitimation ends a session',
      description: 'OpenID Connect Back-Channel Logout 1.0; only the provider calls it.',
      consumes: [form],
      body: LogOutRequest,
      response: {
        200: empty('The sessions have ended'),
        ...failures(
          'logout-token.invalid',
          'request.unsupported-media-type',
          'identity.unavailable',
        ),
      },
    },
    handler: async (request, reply) => {
      await passage.ask(asItCame('/backchannel-logout', request))
      return reply.code(200).send(null)
    },
  })
}

/** OpenID Connect Dynamic Client Registration 1.0, and RFC 7517: what `jwks_uri` of the metadata tells of. */
const relyingPartyDocuments = ['metadata', 'jwks'] as const

/** What the e-legitimation reads about its relying party. */
function addRelyingParty(app: Server, passage: OpenPassage): void {
  for (const name of relyingPartyDocuments) {
    const path = `/.well-known/rp-${name}.json`
    app.get(path, {
      config: { access: 'open' },
      // Of standards of their own, with names that the profile of this document does not allow.
      schema: { hide: true },
      handler: async (request, reply) => {
        const headers = { accept: 'application/json', traceparent: request.trace.traceparent }
        const response = await passage.ask({ method: 'GET', path, headers })
        return passOn(reply, response, ['content-type', 'cache-control'])
      },
    })
  }
}

/** What machines send as a form: handed to identity as it came. */
export function machineAuthRoutes({ passage }: { passage: OpenPassage }) {
  return async (app: Server): Promise<void> => {
    app.removeContentTypeParser('application/json')
    app.addContentTypeParser(form, { parseAs: 'string' }, (_request, body, done) => {
      done(null, body)
    })
    // The body stays the text that it is; the schema is for the document.
    app.setValidatorCompiler(() => () => true)
    addToken(app, passage)
    addBackChannelLogOut(app, passage)
    addRelyingParty(app, passage)
  }
}
