import { createServer, connect } from 'node:net'
import type { Socket } from 'node:net'
import { once } from 'node:events'

/** Milliseconds. */
const pollInterval = 100
/** Milliseconds in which no poll succeeds before a replica is left alone: as long as the manifests' readiness probe takes. */
const patience = 10_000

interface Replica {
  isReady: boolean
  lastReadyAt: number
}

const says = async (answer: Response): Promise<'ready' | 'closing' | 'unwell'> => {
  if (answer.ok) return 'ready'
  const { missing = [] } = (await answer.json()) as { missing?: string[] }
  return missing.includes('closing') ? 'closing' : 'unwell'
}

/**
 * What stands before the replicas of a service, as Kubernetes does: a new connection goes to one that is ready, an old one
 * stays where it is. One that ends is left at once; one whose answers are late or bad only when they stay so. Where nobody
 * listens it takes the next, as nothing has been sent yet.
 */
export async function startBalancer(port: number) {
  const replicas = new Map<number, Replica>()
  const sockets = new Set<Socket>()
  let turn = 0

  async function poll(port: number): Promise<void> {
    const said = await fetch(`http://127.0.0.1:${port}/readyz`, {
      signal: AbortSignal.timeout(5_000),
      headers: { connection: 'close' },
    })
      .then(says)
      .catch(() => 'unwell')
    const replica = replicas.get(port)
    if (replica === undefined) return
    const now = performance.now()
    if (said === 'ready') replica.lastReadyAt = now
    replica.isReady =
      said === 'ready' ||
      (said === 'unwell' && replica.isReady && now - replica.lastReadyAt < patience)
  }
  const polling = new AbortController()
  const polled = (async () => {
    while (!polling.signal.aborted) {
      await Promise.all([...replicas.keys()].map(poll))
      await new Promise((resolve) => setTimeout(resolve, pollInterval))
    }
  })()

  function lead(client: Socket, candidates: number[]): void {
    const [replica, ...rest] = candidates
    if (replica === undefined) {
      client.destroy()
      return
    }
    const server = connect(replica, '127.0.0.1')
    sockets.add(server)
    let connected = false
    server.on('connect', () => {
      connected = true
      client.pipe(server).pipe(client)
    })
    server.on('error', () => {
      if (connected) client.destroy()
      else lead(client, rest)
    })
    server.on('close', () => sockets.delete(server))
    client.on('close', () => server.destroy())
  }

  const listener = createServer((client) => {
    sockets.add(client)
    client.on('error', () => undefined)
    client.on('close', () => sockets.delete(client))
    const ready = [...replicas].filter(([, { isReady }]) => isReady).map(([replica]) => replica)
    turn += 1
    lead(client, [...ready.slice(turn % (ready.length || 1)), ...ready])
  })
  listener.listen(port, '127.0.0.1')
  await once(listener, 'listening')
  return {
    add(replica: number): void {
      replicas.set(replica, { isReady: false, lastReadyAt: 0 })
    },
    remove(replica: number): void {
      replicas.delete(replica)
    },
    isReady: (replica: number) => replicas.get(replica)?.isReady === true,
    async stop() {
      polling.abort()
      await polled
      for (const socket of sockets) socket.destroy()
      listener.close()
      await once(listener, 'close')
    },
  }
}
export type Balancer = Awaited<ReturnType<typeof startBalancer>>
