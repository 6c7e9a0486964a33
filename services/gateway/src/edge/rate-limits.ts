import { createHash } from 'node:crypto'
import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '@minaintyg/errors'
import type { Server } from '@minaintyg/service'
import { basePath } from '../config.ts'
import { errors } from '../errors.ts'
import { browserReports } from './security-headers.ts'

interface Limits {
  address: number
  session: number
  machines: number
  /** Of copies on paper, by one address. */
  verifications: number
  /** That calls are spread over; each allows its part. */
  replicas: number
  sessionOf: (request: FastifyRequest) => string | undefined
}

type State = Awaited<ReturnType<ReturnType<Server['createRateLimit']>>>
type Counted = Exclude<State, { isAllowed: true }> & { name: string }

const window = 60_000

/** Browsers send reports seldom; what is more is no browser. */
const reportsAMinute = 60
const reportsPath = `${basePath}${browserReports}`

/** Addresses and sessions that are counted at a time; the longest unseen is forgotten first. */
const cache = 50_000

/** Below the base path. */
export const verificationPath = '/verify/:id'
const verificationRoute = `${basePath}${verificationPath}`

const probes = new Set(['/livez', '/readyz'])
const isForMachines = (url: string) =>
  url.startsWith(`${basePath}/recipient/`) || url.startsWith(`${basePath}/oauth/`)

/** Someone at home with IPv6 has a network of addresses (/64), which counts as one. */
const addressOf = ({ ip }: FastifyRequest) => normalizeIP(ip)

/** `RateLimit` and `RateLimit-Policy` as the IETF's draft has them, and the three that came before for the nearest limit. */
function tell(reply: FastifyReply, counted: Counted[]): void {
  const [tightest] = counted.toSorted((a, b) => a.remaining - b.remaining)
  if (tightest === undefined) return
  const listed = (write: (each: Counted) => string) => counted.map(write).join(', ')
  reply.headers({
    ratelimit: listed(
      ({ name, remaining, ttlInSeconds }) => `"${name}";r=${remaining};t=${ttlInSeconds}`,
    ),
    'ratelimit-policy': listed(({ name, max }) => `"${name}";q=${max};w=${window / 1000}`),
    'ratelimit-limit': tightest.max,
    'ratelimit-remaining': tightest.remaining,
    'ratelimit-reset': tightest.ttlInSeconds,
  })
  const exceeded = counted.filter(({ isExceeded }) => isExceeded)
  if (exceeded.length === 0) return
  throw new AppError(errors.tooManyRequests, {
    detail: 'Wait as long as Retry-After says, then try again.',
    retryAfter: Math.max(1, ...exceeded.map(({ ttlInSeconds }) => ttlInSeconds)),
  })
}

/**
 * Counts by address and by session: a session cannot be spread over addresses, an address not be hidden behind cookies.
 * Each replica counts for itself.
 */
export async function addRateLimits(app: Server, limits: Limits): Promise<void> {
  await app.register(rateLimit, { global: false, cache })
  const limiter = (
    name: string,
    total: number,
    keyGenerator = (request: FastifyRequest) => `${name} ${addressOf(request)}`,
  ) => {
    const max = Math.ceil(total / limits.replicas)
    const count = app.createRateLimit({ max, timeWindow: window, keyGenerator })
    return async (request: FastifyRequest) => ({ ...(await count(request)), name })
  }
  const byAddress = limiter('address', limits.address, addressOf)
  const byMachine = limiter('machine', limits.machines)
  const byReport = limiter('report', reportsAMinute)
  const byVerification = limiter('verification', limits.verifications)
  const bySession = limiter('session', limits.session, (request) =>
    createHash('sha256')
      .update(limits.sessionOf(request) ?? '')
      .digest('base64url'),
  )

  app.addHook('onRequest', async (request, reply) => {
    const [path = ''] = request.url.split('?')
    if (probes.has(path)) return
    const limiters = [isForMachines(path) ? byMachine : byAddress]
    // The route itself, however its path was written.
    if (request.routeOptions.url === verificationRoute) limiters.push(byVerification)
    if (path === reportsPath) limiters.push(byReport)
    else if (!isForMachines(path) && limits.sessionOf(request) !== undefined) {
      limiters.push(bySession)
    }
    const states = await Promise.all(limiters.map((count) => count(request)))
    tell(
      reply,
      states.filter((state) => !state.isAllowed),
    )
  })
}
