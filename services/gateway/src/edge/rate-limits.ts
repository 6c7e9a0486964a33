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
type Counted = Exclude<State, { isAllowed: true }>

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

function tell(reply: FastifyReply, counted: Counted[]): void {
  const [tightest] = counted.toSorted((a, b) => a.remaining - b.remaining)
  if (tightest === undefined) return
  reply.headers({
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
  const limiter = (total: number, keyGenerator: (request: FastifyRequest) => string) => {
    const max = Math.ceil(total / limits.replicas)
    return app.createRateLimit({ max, timeWindow: 60_000, keyGenerator })
  }
  const byAddress = limiter(limits.address, addressOf)
  const byMachine = limiter(limits.machines, (request) => `machine ${addressOf(request)}`)
  const byReport = limiter(reportsAMinute, (request) => `report ${addressOf(request)}`)
  const byVerification = limiter(
    limits.verifications,
    (request) => `verification ${addressOf(request)}`,
  )
  const bySession = limiter(limits.session, (request) =>
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
