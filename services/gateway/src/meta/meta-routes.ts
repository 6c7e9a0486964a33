import Type from 'typebox'
import { AppError } from '@minaintyg/errors'
import { preferredLanguage, serviceErrors } from '@minaintyg/service'
import type { Server } from '@minaintyg/service'
import type { OpenPassage } from '../clients/open-passage.ts'
import { apiReleased, apiVersion } from '../documentation/document.ts'
import { reportingPolicy } from '../edge/security-headers.ts'
import { outsideExamples } from '../documentation/operation-examples.ts'
import { failures, json } from '../documentation/responses.ts'
import { errors } from '../errors.ts'
import { problemCatalogue } from './problem-catalogue.ts'
import { pagePolicy } from './page.ts'
import { problemPage } from './problem-page.ts'

interface Deps {
  publicUrl: string
  identity: OpenPassage
  dispatch: OpenPassage
}

const examples = new Map(Object.entries<{ value: object }>(outsideExamples))
const keysPath = '/.well-known/jwks.json'

function addApiInfo(app: Server, { publicUrl }: Deps): void {
  app.get('/api-info', {
    config: { access: 'open' },
    schema: {
      operationId: 'getApiInfo',
      tags: ['about'],
      summary: 'What this is, and which version of it',
      description: 'As the Swedish national REST API profile asks for.',
      response: { 200: json('ApiInfo', 'About this API'), ...failures() },
    },
    handler: async () => ({
      name: 'Mina intyg',
      version: apiVersion,
      status: 'active',
      released: apiReleased,
      documentation: `${publicUrl}/docs`,
    }),
  })
}

function addProblemPages(app: Server, { publicUrl }: Deps): void {
  const policy = reportingPolicy(pagePolicy, publicUrl)
  app.get('/problems/:code', {
    config: { access: 'open' },
    schema: {
      operationId: 'getProblemKind',
      tags: ['about'],
      summary: 'A page about a kind of problem',
      description: 'What `type` of a problem leads to, for people. Swedish or English.',
      params: Type.Object({
        code: Type.String({ maxLength: 100, description: '`code` of the problem' }),
      }),
      response: {
        200: {
          description: 'The page',
          content: { 'text/html': { schema: Type.String() } },
        },
        ...failures('problem.not-found'),
      },
    },
    handler: async (request, reply) => {
      const kind = problemCatalogue.get(request.params.code)
      if (kind === undefined) throw new AppError(errors.problemNotFound)
      const language = preferredLanguage(request.headers['accept-language'])
      return reply
        .headers({
          'content-language': language,
          'content-security-policy': policy,
        })
        .type('text/html; charset=utf-8')
        .send(problemPage(kind, language))
    },
  })
}

function addDocumentAndKeys(app: Server, { identity, dispatch }: Deps): void {
  app.get('/openapi.json', {
    config: { access: 'open' },
    schema: { hide: true },
    handler: async (_request, reply) => reply.type('application/json').send(app.swagger()),
  })

  app.get('/examples/:name', {
    config: { access: 'open' },
    schema: { hide: true, params: Type.Object({ name: Type.String({ maxLength: 100 }) }) },
    handler: async (request) => {
      const example = examples.get(request.params.name)
      if (example === undefined) throw new AppError(serviceErrors.routeNotFound)
      return example.value
    },
  })

  app.get(keysPath, {
    config: { access: 'open' },
    schema: { hide: true },
    handler: async (request, reply) => {
      const headers = { accept: 'application/json', traceparent: request.trace.traceparent }
      const answers = await Promise.all(
        [identity, dispatch].map((each) => each.ask({ method: 'GET', path: keysPath, headers })),
      )
      const keys = answers.flatMap(
        ({ body }) => (JSON.parse(body.toString('utf8')) as { keys: unknown[] }).keys,
      )
      return reply.header('cache-control', 'public, max-age=60').send({ keys })
    },
  })
}

export function metaRoutes(deps: Deps) {
  return async (app: Server): Promise<void> => {
    addApiInfo(app, deps)
    addProblemPages(app, deps)
    addDocumentAndKeys(app, deps)
  }
}
