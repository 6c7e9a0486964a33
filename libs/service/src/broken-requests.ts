import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { defaultDetails, serviceErrors } from './problem.ts'
import { continueTrace } from './trace.ts'

const byCode: Record<string, (typeof serviceErrors)[keyof typeof serviceErrors]> = {
  HPE_HEADER_OVERFLOW: serviceErrors.headersTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: serviceErrors.timeout,
}

/** Characters. Longer ones are cut off in logs of proxies, and no page here needs them. */
export const longestUrl = 8_192

const notHttp = 'The request does not follow HTTP. Correct it and send it again.'

type ParserError = Error & { code?: string }

/** The parser counts the address among the headers; where the first line alone is too long, it is the address. */
function problemOf(error: ParserError) {
  const { code = '' } = error
  const isAddress =
    code === 'HPE_HEADER_OVERFLOW' &&
    'rawPacket' in error &&
    Buffer.isBuffer(error.rawPacket) &&
    /^[A-Z]+ \S+$/.test(error.rawPacket.toString('latin1', 0, longestUrl))
  return isAddress ? serviceErrors.uriTooLong : (byCode[code] ?? serviceErrors.malformed)
}

/** Answers what Node's HTTP parser refuses, before there is a request: a problem here as well. */
export function answerBrokenRequests(problemBase: string, headers: Record<string, string>) {
  return (error: ParserError, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const { code, status, title } = problemOf(error)
    const { traceId, traceparent } = continueTrace(undefined)
    const body = JSON.stringify({
      type: `${problemBase}/problems/${code}`,
      title,
      status,
      detail: status === 400 ? notHttp : (defaultDetails[status] ?? notHttp),
      instance: `urn:uuid:${randomUUID()}`,
      code,
      traceId,
    })
    socket.end(
      [
        `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
        'Content-Type: application/problem+json',
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Connection: close',
        ...Object.entries({ 'cache-control': 'no-store', traceparent, ...headers }).map(
          ([name, value]) => `${name}: ${value}`,
        ),
        '',
        body,
      ].join('\r\n'),
    )
  }
}
