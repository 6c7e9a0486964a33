import swagger from '@fastify/swagger'
import type { OpenAPIV3_1 } from 'openapi-types'
import type { Server } from '@minaintyg/service'
import { completeDocument } from './complete-document.ts'
import { introduction, tags } from './introduction.ts'
import { namedSchemas } from './named-schemas.ts'

export const apiVersion = '0.1.0'
export const apiReleased = '2026-11-22'

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
        description: introduction(publicUrl),
        contact: {
          name: 'Mina intyg',
          url: 'https://minaintyg.example/kontakt',
          email: 'utvecklare@minaintyg.example',
        },
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
        ? completeDocument(gathered.openapiObject as OpenAPIV3_1.Document, publicUrl)
        : gathered.swaggerObject,
  })
}
