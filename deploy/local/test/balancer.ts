import { createServer, connect } from 'node:net'
import type { Socket } from 'node:net'
import { once } from 'node:events'

const pollInterval = 100

/**
 * What stands before the replicas of a service: a new connection goes to one whose /readyz says yes, an old one stays where it
 * is. Where nobody listens it takes the next, as nothing has been sent yet.
 */
export async function startBalancer(port: number) {
  const replicas = new Map<number, boolean>()
  const sockets = new Set<Socket>()
  let turn = 0

  async function poll(replica: number): Promise<void> {
    const ready = await fetch(`http://127.0.0.1:${replica}/readyz`, {
      signal: AbortSignal.timeout(5_000),
      headers: { connection: 'close' },
    }).then(
      (answer) => answer.ok,
      () => false,
    )
    if (replicas.has(replica)) replicas.set(replica, ready)
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
    const ready = [...replicas].filter(([, isReady]) => isReady).map(([replica]) => replica)
    turn += 1
    lead(client, [...ready.slice(turn % (ready.length || 1)), ...ready])
  })
  listener.listen(port, '127.0.0.1')
  await once(listener, 'listening')
  return {
    add(replica: number): void {
      replicas.set(replica, false)
    },
    remove(replica: number): void {
      replicas.delete(replica)
    },
    isReady: (replica: number) => replicas.get(replica) === true,
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
