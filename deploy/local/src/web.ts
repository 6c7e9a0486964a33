import { readFile, readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { AppError } from '@minaintyg/errors'
import { createServer, serviceErrors } from '@minaintyg/service'
import type { Server, Service } from '@minaintyg/service'
import { testPersons } from './test-persons.ts'
import { builtWeb } from './web-build.ts'

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
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
  '/inloggningar',
  '/hjalp',
  '/hjalp/:page',
  '/testpersoner',
  '/login-error',
]

const securityHeaders = (gatewayOrigin: string) => ({
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${gatewayOrigin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cache-control': 'no-cache',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
})

const open = { config: { access: 'open' } } as const
const unchanging = 'public, max-age=31536000, immutable'

async function addPages(app: Server, folder: string, gatewayOrigin: string): Promise<void> {
  const html = (await readFile(join(folder, 'index.html'), 'utf8')).replace(
    '{{gateway}}',
    gatewayOrigin,
  )
  for (const page of pages) {
    app.get(page, open, async (_request, reply) =>
      reply.type('text/html; charset=utf-8').send(html),
    )
  }
  // Whoever came astray is told so on a page like the others.
  app.get('/*', open, async (request, reply) => {
    const wantsPage = request.headers.accept?.includes('text/html') === true
    if (!wantsPage) throw new AppError(serviceErrors.routeNotFound)
    return reply.code(404).type('text/html; charset=utf-8').send(html)
  })
}

async function addFiles(app: Server, folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    const type = types[extname(name)]
    if (type === undefined) continue
    const bytes = await readFile(join(folder, name))
    const isText = extname(name) !== '.woff2'
    const packed = isText ? await promisify(gzip)(bytes) : bytes
    app.get(`/${name}`, open, async (request, reply) => {
      const takesGzip = request.headers['accept-encoding']?.includes('gzip') === true
      reply.type(type).header('vary', 'accept-encoding')
      // The names of assets hold a hash of what is in them.
      if (name.startsWith('assets/')) reply.header('cache-control', unchanging)
      return isText && takesGzip
        ? reply.header('content-encoding', 'gzip').send(packed)
        : reply.send(bytes)
    })
  }
}

const bothLanguages = (shows: string | { sv: string; en: string }) =>
  typeof shows === 'string' ? { sv: shows, en: shows } : shows

/** Who one can log in as here, and what each shows: the same list as the e-legitimation's. */
function addTestPersons(app: Server): void {
  const items = testPersons.map(({ number, name, shows }) => ({
    number,
    name: name === null ? null : `${name.given} ${name.family}`,
    shows: bothLanguages(shows),
  }))
  app.get('/test-persons.json', open, async () => ({ items }))
}

/** The reference web client: files, and a policy that lets them run nothing else. */
export async function buildWeb(options: {
  /** As browsers reach it; its origin alone counts. */
  gatewayUrl: string
  logLevel?: string
}): Promise<Service> {
  const gatewayOrigin = new URL(options.gatewayUrl).origin
  const folder = await builtWeb()
  const app = await createServer({
    name: 'web',
    logLevel: options.logLevel ?? 'warn',
    headers: securityHeaders(gatewayOrigin),
  })
  await addPages(app, folder, gatewayOrigin)
  await addFiles(app, folder)
  addTestPersons(app)
  return { app, workers: [] }
}
