import { readFile, readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { createServer } from '@minaintyg/service'
import type { Server, Service } from '@minaintyg/service'

const folder = join(import.meta.dirname, '../web')
const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
}
/** Paths of pages; the script in them finds out which one to show. */
const pages = [
  '/',
  '/intyg',
  '/intyg/:id',
  '/skickat',
  '/skickat/:id',
  '/logg',
  '/samtycke',
  '/login-error',
]

const securityHeaders = (gatewayOrigin: string) => ({
  'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; connect-src ${gatewayOrigin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-cache',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
})

async function addFiles(app: Server, gatewayOrigin: string): Promise<void> {
  const open = { config: { access: 'open' } } as const
  const html = (await readFile(join(folder, 'index.html'), 'utf8')).replace(
    '{{gateway}}',
    gatewayOrigin,
  )
  for (const page of pages) {
    app.get(page, open, async (_request, reply) =>
      reply.type('text/html; charset=utf-8').send(html),
    )
  }
  for (const name of await readdir(folder)) {
    const type = types[extname(name)]
    if (type === undefined) continue
    const bytes = await readFile(join(folder, name))
    app.get(`/${name}`, open, async (_request, reply) => reply.type(type).send(bytes))
  }
}

/** The reference web client: a few files, and a policy that lets them run nothing else. */
export async function buildWeb(options: {
  /** As browsers reach it; its origin alone counts. */
  gatewayUrl: string
  logLevel?: string
}): Promise<Service> {
  const gatewayOrigin = new URL(options.gatewayUrl).origin
  const app = await createServer({
    name: 'web',
    logLevel: options.logLevel ?? 'warn',
    headers: securityHeaders(gatewayOrigin),
  })
  await addFiles(app, gatewayOrigin)
  return { app, workers: [] }
}
