import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { until } from '@minaintyg/testing'
import { createOpenPassage } from '../src/clients/open-passage.ts'

test('lets go of a connection before a service that ends could close it under a call', async () => {
  // As long as every service here offers to keep one.
  const service = createServer({ keepAliveTimeout: 72_000 }, (_request, answer) => answer.end('{}'))
  let open = 0
  service.on('connection', (socket) => {
    open += 1
    socket.on('close', () => (open -= 1))
  })
  service.listen(0, '127.0.0.1')
  await once(service, 'listening')
  const { port } = service.address() as AddressInfo
  const passage = createOpenPassage({
    name: 'service',
    baseUrl: `http://127.0.0.1:${port}`,
    deadline: 10_000,
  })
  await passage.ask({ method: 'POST', path: '/', headers: {} })
  expect(open).toBe(1)
  await until(() => open === 0, { timeout: 25_000 })
  await passage.close()
  service.close()
})
