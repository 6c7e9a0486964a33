import { startPostgres } from '../../src/index.ts'

const [dataDir = ''] = process.argv.slice(2)
try {
  const server = await startPostgres({ dataDir, durable: false })
  process.stdout.write(`${JSON.stringify({ port: server.port, url: server.url('postgres') })}\n`)
  setInterval(() => undefined, 60_000)
} catch (error) {
  const { code, message } = error as { code?: string; message: string }
  process.stdout.write(`${JSON.stringify({ code, message })}\n`)
}
