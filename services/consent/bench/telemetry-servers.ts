import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { startTelemetry } from '@minaintyg/telemetry'
import { startConsent } from './servers.ts'

/** Takes traces as a collector would, and forgets them. */
export async function startCollector() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Consent with metrics, and with traces where there is somewhere to send them. */
export async function startObserved(options: { database: string; traceEndpoint?: string }) {
  const { database, traceEndpoint } = options
  await startTelemetry({ name: 'consent', host: '127.0.0.1', metricsPort: 0, traceEndpoint })
  return startConsent({ database })
}
