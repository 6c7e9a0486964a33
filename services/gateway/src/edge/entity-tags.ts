import { hash } from 'node:crypto'
import type { Server } from '@minaintyg/service'

const weakless = (tag: string) => tag.trim().replace(/^W\//, '')

/** RFC 9110, 13.1.2: a list or a star, compared weakly. */
const matches = (ifNoneMatch: string | undefined, tag: string) =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').map(weakless).includes(weakless(tag)))

/** Weak, as the bytes on the way may be packed in one of several manners. */
export const weakTag = (tag: string): string => (tag.startsWith('W/') ? tag : `W/${tag}`)

const tagOf = (payload: string | Buffer) => weakTag(`"${hash('sha256', payload, 'base64url')}"`)

/** Every answer to a GET has a tag, the one of the service that it comes from or one of its own; 304 where the client has it. */
export function addEntityTags(app: Server): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return payload
    if (reply.statusCode !== 200) return payload
    // Files have tags already.
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload
    const given = reply.getHeader('etag')
    const tag = typeof given === 'string' ? given : tagOf(payload)
    void reply.header('etag', tag)
    if (!matches(request.headers['if-none-match'], tag)) return payload
    void reply.code(304).removeHeader('content-type').removeHeader('content-length')
    return null
  })
}
