import FindMyWay from 'find-my-way'
import type { HTTPMethod } from 'find-my-way'
import type { Server } from './fastify.ts'

/** Which methods the routes of a path answer, so that the others are 405 with `Allow` and not 404. */
export function createAllowedMethods(app: Server): (url: string) => string[] {
  const router = FindMyWay({ maxParamLength: 500 })
  const methods = new Set<HTTPMethod>()
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat() as HTTPMethod[]) {
      if (router.hasRoute(each, url)) continue
      methods.add(each)
      router.on(each, url, () => undefined)
    }
  })
  return (url) => [...methods].filter((method) => router.find(method, url) !== null).sort()
}
