import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

interface Attribute {
  key: string
  value: { stringValue?: string; intValue?: number }
}
export interface CollectedSpan {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  startTimeUnixNano: string
  attributes: Attribute[]
}
interface Export {
  resourceSpans: { scopeSpans: { scope: { name: string }; spans: CollectedSpan[] }[] }[]
}

/** As `kind` stands on the wire. */
export const spanKinds = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const

/** Takes traces as OTLP over HTTP with JSON, and keeps them. */
export async function startTraceCollector() {
  const spans: CollectedSpan[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const { resourceSpans } = JSON.parse(body) as Export
      // The queue library of the bus without a broker makes spans of its own.
      const ours = resourceSpans
        .flatMap(({ scopeSpans }) => scopeSpans)
        .filter(({ scope }) => scope.name === 'minaintyg')
      spans.push(...ours.flatMap((each) => each.spans))
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
export type TraceCollector = Awaited<ReturnType<typeof startTraceCollector>>
