import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { serviceErrors } from './problem.ts'
import { continueTrace } from './trace.ts'

const byCode: Record<string, (typeof serviceErrors)[keyof typeof serviceErrors]> = {
  HPE_HEADER_OVERFLOW: serviceErrors.headersTooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: serviceErrors.timeout,
}

/** Answers what Node's HTTP parser refuses, before there is a request: a problem here as well. */
export function answerBrokenRequests(problemBase: string, headers: Record<string, string>) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const { code, status, title } = byCode[error.code ?? ''] ?? serviceErrors.malformed
    const body = JSON.stringify({
      type: `${problemBase}/problems/${code}`,
      title,
      status,
      detail: 'The request does not follow HTTP. Correct it and send it again.',
      instance: `urn:uuid:${randomUUID()}`,
      code,
      traceId: continueTrace(undefined).traceId,
    })
    socket.end(
      [
        `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
        'Content-Type: application/problem+json',
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Connection: close',
        ...Object.entries({ 'cache-control': 'no-store', ...headers }).map(
          ([name, value]) => `${name}: ${value}`,
        ),
        '',
        body,
      ].join('\r\n'),
    )
  }
}
