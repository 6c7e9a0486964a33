import '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

const secondsOfLogIn = 600
/** Opaque, base64url: anything else was never ours. */
const token = /^[A-Za-z0-9_-]{16,512}$/

/** `Clear-Site-Data`; not its cookies: that would clear those of every service under the same domain. */
export const clearedAtLogOut = '"cache", "storage"'

/** The two cookies: of the session, and of a log-in under way. */
export function createCookies(isHttps: boolean) {
  const prefix = isHttps ? '__Host-' : ''
  const names = { session: `${prefix}minaintyg-session`, logIn: `${prefix}minaintyg-log-in` }
  const common = { path: '/', httpOnly: true, secure: isHttps } as const

  const read = (name: string) => (request: FastifyRequest) => {
    const value = request.cookies[name]
    return value !== undefined && token.test(value) ? value : undefined
  }
  return {
    names,
    hasSession: (request: FastifyRequest) => request.cookies[names.session] !== undefined,
    session: read(names.session),
    logIn: read(names.logIn),
    setSession: (reply: FastifyReply, value: string) =>
      reply.setCookie(names.session, value, { ...common, sameSite: 'strict' }),
    clearSession: (reply: FastifyReply) =>
      reply.clearCookie(names.session, { ...common, sameSite: 'strict' }),
    // Lax: the way back from the e-legitimation is a navigation from another site.
    setLogIn: (reply: FastifyReply, value: string) =>
      reply.setCookie(names.logIn, value, { ...common, sameSite: 'lax', maxAge: secondsOfLogIn }),
    clearLogIn: (reply: FastifyReply) =>
      reply.clearCookie(names.logIn, { ...common, sameSite: 'lax' }),
  }
}
export type Cookies = ReturnType<typeof createCookies>
