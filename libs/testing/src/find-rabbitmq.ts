import { createConnection } from 'node:net'

const answers = (host: string, port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = createConnection({ host, port, timeout: 1_000 })
    const finish = (there: boolean) => () => {
      socket.destroy()
      resolve(there)
    }
    socket.on('connect', finish(true)).on('error', finish(false)).on('timeout', finish(false))
  })

/** AMQP_URL, else a RabbitMQ on this machine's usual port, else none. */
export async function findRabbitmq(): Promise<string | undefined> {
  const configured = process.env['AMQP_URL']
  if (configured !== undefined && configured !== '') return configured
  return (await answers('127.0.0.1', 5672)) ? 'amqp://guest:guest@127.0.0.1:5672' : undefined
}
