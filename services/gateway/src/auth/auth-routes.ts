import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { AppError } from '@minaintyg/errors'
import type { Server } from '@minaintyg/service'
import type { IdentityClient } from '../clients/identity-client.ts'
import type { Edge } from '../config.ts'
import { empty, failures, json } from '../documentation/responses.ts'
import { clearedAtLogOut } from '../session/cookies.ts'
import type { Cookies } from '../session/cookies.ts'
import { checkReturnTo } from './return-to.ts'

interface Deps {
  cookies: Cookies
  identity: IdentityClient
  edge: Edge
}

const LogInQuery = Type.Object(
  {
    returnTo: Type.String({
      default: '/',
      description: 'Path of the front end to come back to, such as /intyg',
    }),
  },
  { additionalProperties: false },
)

const redirect = (location: string) => ({
  ...empty(`Goes to ${location}`),
  headers: { location: Type.String({ description: location }) },
})

function createWayBack(frontendOrigin: string) {
  const toFrontEnd = (reply: FastifyReply, path: string) =>
    reply.redirect(`${frontendOrigin}${path}`, 303)
  return {
    toFrontEnd,
    /** A person is on their way here, in a browser: they are shown a page and no JSON. */
    toErrorPage: (request: FastifyRequest, reply: FastifyReply, error: unknown) => {
      if (!(error instanceof AppError)) request.log.error({ err: error }, 'a log-in failed')
      const code = error instanceof AppError ? error.code : 'login.failed'
      request.problemCode = code
      return toFrontEnd(reply, `/login-error?code=${encodeURIComponent(code)}`)
    },
  }
}

function addLogIn(app: Server, { cookies, identity, edge }: Deps): void {
  const { toErrorPage } = createWayBack(edge.frontendOrigin)
  app.get('/auth/login', {
    exposeHeadRoute: false,
    config: { access: 'open' },
    schema: {
      operationId: 'logIn',
      tags: ['session'],
      summary: 'Begin a log-in',
      description:
        'Navigate the browser here; do not fetch it. Goes to the e-legitimation, and afterwards to `returnTo` in the front end. When something fails on the way the browser comes to `/login-error?code=` in the front end, with the code of a problem.',
      querystring: LogInQuery,
      response: {
        303: redirect('the e-legitimation'),
        ...failures('login.return-to-not-allowed'),
      },
    },
    handler: async (request, reply) => {
      const returnTo = checkReturnTo(request.query.returnTo, edge.frontendOrigin)
      try {
        const session = cookies.session(request)
        const { logInId, authorizationUrl } = await identity.startLogIn(
          { returnTo, ...(session === undefined ? {} : { session }) },
          request.trace,
        )
        cookies.setLogIn(reply, logInId)
        return await reply.redirect(authorizationUrl, 303)
      } catch (error) {
        return toErrorPage(request, reply, error)
      }
    },
  })
}

function addCallback(app: Server, { cookies, identity, edge }: Deps): void {
  const { toFrontEnd, toErrorPage } = createWayBack(edge.frontendOrigin)
  app.get('/auth/callback', {
    exposeHeadRoute: false,
    config: { access: 'open' },
    schema: {
      operationId: 'finishLogIn',
      tags: ['session'],
      summary: 'The way back from the e-legitimation',
      description:
        'Only the e-legitimation sends browsers here. Sets the session cookie and goes to the front end.',
      response: { 303: redirect('the front end'), ...failures() },
    },
    handler: async (request, reply) => {
      const logInId = cookies.logIn(request)
      const earlier = cookies.session(request)
      cookies.clearLogIn(reply)
      if (logInId === undefined) return toFrontEnd(reply, '/login-error?code=login.expired')
      try {
        const parameters = request.url.split('?').slice(1).join('?')
        const done = await identity.completeLogIn(logInId, parameters, request.trace)
        const returnTo = checkReturnTo(done.returnTo, edge.frontendOrigin)
        cookies.setSession(reply, done.session)
        if (earlier !== undefined) await endQuietly(request, identity, earlier)
        return await toFrontEnd(reply, returnTo)
      } catch (error) {
        return toErrorPage(request, reply, error)
      }
    },
  })
}

async function endQuietly(request: FastifyRequest, identity: IdentityClient, session: string) {
  try {
    await identity.end(session, request.trace)
  } catch (err) {
    request.log.warn({ err }, 'an earlier session was left to run out')
  }
}

export function authRoutes(deps: Deps) {
  const { cookies, identity } = deps
  return async (app: Server): Promise<void> => {
    addLogIn(app, deps)
    addCallback(app, deps)

    app.post('/auth/logout', {
      config: { access: 'open' },
      schema: {
        operationId: 'logOut',
        tags: ['session'],
        summary: 'Log out',
        description:
          'Ends the session at once, everywhere. Then navigate to `endSessionUrl`, where there is one, so that the e-legitimation forgets it too. The same again is no fault.',
        response: {
          200: json('SessionEnded', 'The session has ended'),
          ...failures('csrf.origin-not-allowed', 'csrf.header-missing', 'identity.unavailable'),
        },
      },
      handler: async (request, reply) => {
        const session = cookies.session(request)
        const ended =
          session === undefined
            ? { endSessionUrl: null }
            : await identity.end(session, request.trace)
        cookies.clearSession(reply)
        return reply.header('clear-site-data', clearedAtLogOut).send(ended)
      },
    })
  }
}
