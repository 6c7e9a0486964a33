import type { Server } from '@minaintyg/service'

function varying(before: unknown, name: string): string {
  const names = typeof before === 'string' ? before.split(',').map((each) => each.trim()) : []
  const isThere = names.some((each) => each.toLowerCase() === name.toLowerCase())
  return (isThere ? names : [...names, name]).join(', ')
}

/** Whatever says in which language it is would be another for somebody who asks for another. */
export function addLanguages(app: Server): void {
  app.addHook('onSend', async (_request, reply, payload) => {
    if (reply.hasHeader('content-language')) {
      void reply.header('vary', varying(reply.getHeader('vary'), 'Accept-Language'))
    }
    return payload
  })
}
