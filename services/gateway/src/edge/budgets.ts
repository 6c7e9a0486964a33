import type { Server } from '@minaintyg/service'

/** All that is asked of services behind for one request takes so many milliseconds together, or less where the caller says so. */
export function addBudgets(app: Server, milliseconds: number): void {
  app.addHook('onRequest', async (request) => {
    const latest = performance.now() + milliseconds
    const { deadline = latest } = request.trace
    request.trace = { ...request.trace, deadline: Math.min(deadline, latest) }
  })
}
