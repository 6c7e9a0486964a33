import swagger from '@fastify/swagger'
import type { OpenAPIV3_1 } from 'openapi-types'
import type { Server } from '@minaintyg/service'
import { completeDocument } from './complete-document.ts'
import { namedSchemas } from './named-schemas.ts'

export const apiVersion = '0.1.0'
export const apiReleased = '2026-11-22'

const description = `
How patients in Sweden get at their medical certificates: see and read, save, print, give and withdraw consent, send.

**Sessions.** Navigate the browser to \`/auth/login\`. After the e-legitimation it comes back to the front end with a session cookie
(HttpOnly, SameSite=Strict, \`__Host-minaintyg-session\` over https), which every call carries from then on: 30 minutes idle, 8 hours at most.
Calls that change something need \`X-Requested-With: mina-intyg\`, an allowed \`Origin\`, and \`Content-Type: application/json\` where there is a body.

**Consent first.** Without it every certificate is answered with 403 \`consent.required\`.

**Problems** are RFC 9457 \`application/problem+json\`: \`code\` is stable, \`type\` leads to a page about it, \`traceId\` is what to quote when asking for help.

**Recipients** call with a Bearer token from \`/oauth/token\`. The public keys of tokens and of events' signatures are at \`/.well-known/jwks.json\`.

**Known limitations.** Rates are limited per session and per address: after 429 wait as long as \`Retry-After\` says. Bodies are at most 64 kB.
`.trim()

const tags = [
  { name: 'session', description: 'Log in, log out, and how long is left' },
  { name: 'consent', description: 'The text, giving and withdrawing' },
  { name: 'certificates', description: 'See, read, save, print, archive' },
  { name: 'dispatches', description: 'Send, follow, take back' },
  { name: 'access-log', description: 'Who did what, and when' },
  { name: 'guides', description: 'What to do, with dates' },
  { name: 'recipients', description: 'For those who certificates are sent to' },
  { name: 'verification', description: 'For whoever holds a copy on paper' },
  { name: 'about', description: 'This API itself' },
]

/** Gathers the routes that are added after it into an OpenAPI 3.1 document. */
export async function addDocument(app: Server, publicUrl: string): Promise<void> {
  for (const [name, schema] of Object.entries(namedSchemas)) {
    app.addSchema({ ...schema, $id: name })
  }
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Mina intyg',
        version: apiVersion,
        description,
        contact: { name: 'Mina intyg', url: 'https://minaintyg.example/kontakt' },
        license: { name: 'EUPL-1.2', url: 'https://eupl.eu/1.2/en/' },
        termsOfService: 'https://minaintyg.example/villkor',
      },
      servers: [{ url: publicUrl }],
      tags,
      components: {
        securitySchemes: {
          recipient: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'at+jwt',
            description: 'Access token of a recipient’s client',
          },
        },
      },
    },
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) =>
        typeof json['$id'] === 'string' ? json['$id'] : `schema-${index}`,
    },
    transformObject: (gathered) =>
      'openapiObject' in gathered
        ? completeDocument(gathered.openapiObject as OpenAPIV3_1.Document)
        : gathered.swaggerObject,
  })
}
