import pg from 'pg'

/** A connection of its own that hears NOTIFY, and connects anew when it is lost. */
export interface Listener {
  start: () => Promise<void>
  stop: () => Promise<void>
}

const longestPause = 30_000

/** `onWake` is called at each notice, and after each connect as notices may have been missed. */
export function createListener(options: {
  url: string
  channel: string
  onWake: () => void
  onError: (error: Error) => void
}): Listener {
  const { url, channel, onWake, onError } = options
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = true
  let failures = 0

  const lost = (lostClient: pg.Client, error: Error) => {
    if (client !== lostClient) return
    client = undefined
    void lostClient.end().catch(() => undefined)
    if (stopped) return
    onError(error)
    failures += 1
    timer = setTimeout(() => void connect(), Math.min(longestPause, 500 * 2 ** failures))
  }

  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      application_name: `listen ${channel}`,
    })
    client = next
    next.on('error', (error) => {
      lost(next, error)
    })
    next.on('end', () => {
      lost(next, new Error('The connection ended'))
    })
    next.on('notification', onWake)
    try {
      await next.connect()
      await next.query(`listen ${pg.escapeIdentifier(channel)}`)
      failures = 0
      onWake()
    } catch (error) {
      lost(next, error as Error)
    }
  }

  return {
    async start() {
      stopped = false
      await connect()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      const open = client
      client = undefined
      await open?.end().catch(() => undefined)
    },
  }
}
