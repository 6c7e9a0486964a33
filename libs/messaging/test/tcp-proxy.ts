import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** Stands between a client and its broker, so that a test can cut or silence the line. */
export async function createTcpProxy(target: URL) {
  const sockets = new Set<Socket>()
  let refuses = false
  const server = createServer((client) => {
    if (refuses) {
      client.destroy()
      return
    }
    const broker = connect(Number(target.port || 5672), target.hostname)
    for (const [from, to] of [
      [client, broker],
      [broker, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => undefined)
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      from.pipe(to)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(target.href)
  url.port = String((server.address() as AddressInfo).port)
  url.hostname = '127.0.0.1'
  return {
    url: url.href,
    cut: () => {
      for (const socket of sockets) socket.destroy()
    },
    refuse: (refusing: boolean) => {
      refuses = refusing
    },
    silence: (silent: boolean) => {
      for (const socket of sockets) {
        if (silent) socket.pause()
        else socket.resume()
      }
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => {
          resolve()
        })
      }),
  }
}
