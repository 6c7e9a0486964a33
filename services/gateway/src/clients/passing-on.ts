import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ServiceResponse } from '@minaintyg/service'

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

/** RFC 9110, 13.1.2: a list or a star, compared weakly. */
const matches = (ifNoneMatch: string | undefined, etag: string) =>
  ifNoneMatch !== undefined &&
  ifNoneMatch.split(',').some((each) => ['*', etag].includes(each.trim().replace(/^W\//, '')))

/** The same with an ETag, of the service’s own or of the bytes, and 304 where the client has them. */
export function passOnWithETag(
  request: FastifyRequest,
  reply: FastifyReply,
  response: ServiceResponse,
): FastifyReply {
  const given = response.headers['etag']
  if (response.status === 304) return passOn(reply, response)
  const etag =
    typeof given === 'string'
      ? given
      : `"${createHash('sha256').update(response.body).digest('base64url')}"`
  void reply.header('etag', etag)
  if (matches(request.headers['if-none-match'], etag.replace(/^W\//, ''))) {
    return reply.code(304).send()
  }
  return passOn(reply, response)
}
