import { createCounter, createHistogram } from '@minaintyg/telemetry'
import type { Server } from './fastify.ts'

const requests = createCounter({
  name: 'minaintyg_http_requests_total',
  help: 'Requests that were answered, by the route’s template',
  labels: ['component', 'method', 'route', 'status'],
})
const durations = createHistogram({
  name: 'minaintyg_http_request_seconds',
  help: 'Time from a request to the end of its answer',
  labels: ['component', 'route'],
})

const problems = createCounter({
  name: 'minaintyg_problems_total',
  help: 'Answers that were a problem, by its code, also where it is a neighbour’s that was passed on',
  labels: ['component', 'code'],
})

const isProbe = (route: string) => route === '/livez' || route === '/readyz'

/** Rate, errors and duration of each route. What no route answers is one of its own, whatever its address was. */
export function measureRequests(app: Server, component: string): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { url } = request.routeOptions
    const route = request.is404 || url === undefined ? 'none' : url
    if (!isProbe(route)) {
      const method = route === 'none' ? 'any' : request.method
      requests.inc({ component, method, route, status: reply.statusCode })
      if (request.problemCode !== undefined) problems.inc({ component, code: request.problemCode })
      durations.observe({ component, route }, reply.elapsedTime / 1_000)
    }
    done()
  })
}
