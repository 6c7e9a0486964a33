import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { jest } from '@jest/globals'
import type { Service } from '@minaintyg/service'
import { expectProblem } from '@minaintyg/testing'
import { testPersons } from '../src/test-persons.ts'
import { builtWeb } from '../src/web-build.ts'
import { buildWeb } from '../src/web.ts'

// The first run builds the pages.
jest.setTimeout(120_000)

const gatewayOrigin = 'http://localhost:8080'
const html = { accept: 'text/html,application/xhtml+xml' }
let web: Service
beforeAll(async () => {
  web = await buildWeb({ gatewayUrl: `${gatewayOrigin}/minaintyg/v1`, logLevel: 'silent' })
})
afterAll(() => web.app.close())

test.each([
  '/',
  '/intyg',
  '/intyg/a',
  '/intyg?status=new',
  '/skickat/b',
  '/samtycke',
  '/inloggningar',
  '/hjalp',
  '/hjalp/sjukskriven',
  '/testpersoner',
  '/login-error?code=login.cancelled',
])('%s is a page that knows the gateway and runs nothing but its own script', async (path) => {
  const page = await web.app.inject(path)
  expect(page.statusCode).toBe(200)
  expect(page.headers['content-type']).toMatch(/^text\/html/)
  expect(page.body).toContain(`<meta name="gateway" content="${gatewayOrigin}"`)
  expect(page.body).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|style="/)
  const policy = String(page.headers['content-security-policy'])
  expect(policy).toContain(`connect-src 'self' ${gatewayOrigin};`)
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toContain('unsafe')
})

test('every file of the build is served, packed where it is asked for, and assets for good', async () => {
  const folder = await builtWeb()
  const files = (await readdir(folder, { recursive: true })).filter((name) => /\.\w+$/.test(name))
  const served = files.filter((name) => name !== 'index.html')
  expect(served.some((name) => name.endsWith('.js'))).toBe(true)
  for (const name of served) {
    const bytes = await readFile(join(folder, name))
    const plain = await web.app.inject(`/${name}`)
    expect([name, plain.statusCode, plain.rawPayload.equals(bytes)]).toEqual([name, 200, true])
    expect(plain.headers['cache-control']).toBe(
      name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    )
    const packed = await web.app.inject({
      url: `/${name}`,
      headers: { 'accept-encoding': 'gzip, br' },
    })
    const isPacked = packed.headers['content-encoding'] === 'gzip'
    expect([name, isPacked]).toEqual([name, !name.endsWith('.woff2')])
    const body = isPacked ? gunzipSync(packed.rawPayload) : packed.rawPayload
    expect(body.equals(bytes)).toBe(true)
  }
})

test('an address that is none is a page for people and a problem for programs', async () => {
  const page = await web.app.inject({ url: '/finns-inte', headers: html })
  expect([page.statusCode, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8'])
  expectProblem(await web.app.inject('/../package.json'), 404, 'route.not-found')
  expectProblem(await web.app.inject('/assets/nothing.js'), 404, 'route.not-found')
})

test('the test persons are those of the e-legitimation, with what each shows in both languages', async () => {
  const { items } = (await web.app.inject('/test-persons.json')).json()
  expect(items.map(({ number }: { number: string }) => number)).toEqual(
    testPersons.map(({ number }) => number),
  )
  for (const { shows } of items) {
    expect(shows).toEqual({ sv: expect.stringMatching(/./), en: expect.stringMatching(/./) })
  }
})

test('what has not changed is not built again', async () => {
  expect(await builtWeb()).toBe(await builtWeb())
})
