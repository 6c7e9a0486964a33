import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Service } from '@minaintyg/service'
import { expectProblem } from '@minaintyg/testing'
import { buildWeb } from '../src/web.ts'

const gatewayOrigin = 'http://localhost:8080'
let web: Service
beforeAll(async () => {
  web = await buildWeb({ gatewayUrl: `${gatewayOrigin}/minaintyg/v1`, logLevel: 'silent' })
})
afterAll(() => web.app.close())

test.each([
  '/',
  '/intyg',
  '/intyg/a',
  '/skickat/b',
  '/samtycke',
  '/login-error?code=login.cancelled',
])('%s is a page that knows the gateway and runs nothing but its own script', async (path) => {
  const page = await web.app.inject(path)
  expect(page.statusCode).toBe(200)
  expect(page.headers['content-type']).toMatch(/^text\/html/)
  expect(page.body).toContain(`<meta name="gateway" content="${gatewayOrigin}"`)
  expect(page.body).not.toMatch(/<script(?![^>]*src=)|\son\w+=|style="/)
  const policy = String(page.headers['content-security-policy'])
  expect(policy).toContain(`connect-src ${gatewayOrigin}`)
  expect(policy).not.toContain('unsafe')
})

test('every file of the client is served, and nothing else', async () => {
  const files = (await readdir(join(import.meta.dirname, '../web'))).filter(
    (name) => name !== 'index.html',
  )
  expect(files).toContain('app.js')
  for (const name of files) expect((await web.app.inject(`/${name}`)).statusCode).toBe(200)
  expectProblem(await web.app.inject('/../package.json'), 404, 'route.not-found')
  expectProblem(await web.app.inject('/nothing'), 404, 'route.not-found')
})
