import { createHash } from 'node:crypto'
import rateLimit from '@fastify/rate-limit'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '@minaintyg/errors'
import type { Server } from '@minaintyg/service'
import { basePath } from '../config.ts'
import { errors } from '../errors.ts'

interface Limits {
  address: number
  session: number
  machines: number
  sessionOf: (request: FastifyRequest) => string | undefined
}

const isForMachines = (url: string) =>
  url.startsWith(`${basePath}/recipient/`) || url.startsWith(`${basePath}/oauth/`)

/** Counts by address and by session, in this replica: a session cannot be spread, an address not be hidden behind cookies. */
export async function addRateLimits(app: Server, limits: Limits): Promise<void> {
  await app.register(rateLimit, { global: false })
  const limiter = (max: number, keyGenerator: (request: FastifyRequest) => string) => {
    const count = app.createRateLimit({ max, timeWindow: 60_000, keyGenerator })
    return async (request: FastifyRequest, reply: FastifyReply) => {
      const state = await count(request)
      if (state.isAllowed) return
      reply.headers({
        'ratelimit-limit': state.max,
        'ratelimit-remaining': state.remaining,
        'ratelimit-reset': state.ttlInSeconds,
      })
      if (!state.isExceeded) return
      throw new AppError(errors.tooManyRequests, {
        detail: 'Wait as long as Retry-After says, then try again.',
        retryAfter: Math.max(1, state.ttlInSeconds),
      })
    }
  }
  const byAddress = limiter(limits.address, ({ ip }) => ip)
  const byMachine = limiter(limits.machines, ({ ip }) => `machine ${ip}`)
  const bySession = limiter(limits.session, (request) =>
    createHash('sha256')
      .update(limits.sessionOf(request) ?? '')
      .digest('base64url'),
  )

  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith(basePath)) return
    if (isForMachines(request.url)) {
      await byMachine(request, reply)
      return
    }
    await byAddress(request, reply)
    if (limits.sessionOf(request) !== undefined) await bySession(request, reply)
  })
}
