import type { FastifyReply } from 'fastify'
import { preferredLanguage } from '@minaintyg/service'
import type { ServiceResponse } from '@minaintyg/service'
import { weakTag } from '../edge/entity-tags.ts'

const passed = ['content-type', 'content-disposition', 'content-language', 'etag'] as const

function headersOf({ headers }: ServiceResponse, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name]
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
}

/** Hands a service’s answer on, byte for byte. */
export function passOn(
  reply: FastifyReply,
  response: ServiceResponse,
  names: readonly string[] = passed,
): FastifyReply {
  const { status, body } = response
  void reply.code(status).headers(headersOf(response, names))
  return body.length === 0 ? reply.send() : reply.send(body)
}

/**
 * The same for JSON with texts for people, which the service behind chose by the same header. Weakly tagged, as it may be
 * packed on the way.
 */
export function passOnText(reply: FastifyReply, response: ServiceResponse): FastifyReply {
  const { etag } = response.headers
  const language = preferredLanguage(reply.request.headers['accept-language'])
  void reply.header('content-language', language)
  if (typeof etag !== 'string') return passOn(reply, response)
  return passOn(reply, { ...response, headers: { ...response.headers, etag: weakTag(etag) } })
}
