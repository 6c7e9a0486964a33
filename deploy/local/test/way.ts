import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { freePort } from '@minaintyg/testing'

/** A way to a server that can be opened and cut. */
export async function createWay(url: string) {
  const target = new URL(url)
  const own = new URL(url)
  own.hostname = '127.0.0.1'
  own.port = String(await freePort())
  const sockets = new Set<Socket>()
  let door: Server | undefined
  return {
    url: own.toString(),
    open: () =>
      new Promise<void>((resolve) => {
        door = createServer((client) => {
          const server = connect(Number(target.port), target.hostname)
          for (const socket of [client, server]) {
            sockets.add(socket)
            socket.on('error', () => undefined)
            socket.on('close', () => {
              client.destroy()
              server.destroy()
              sockets.delete(socket)
            })
          }
          client.pipe(server).pipe(client)
        })
        door.listen(Number(own.port), '127.0.0.1', resolve)
      }),
    cut() {
      door?.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
export type Way = Awaited<ReturnType<typeof createWay>>
