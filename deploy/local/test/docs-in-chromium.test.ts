import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { jest } from '@jest/globals'
import type { Browser, Locator } from 'playwright-core'
import { testPersons } from '../src/test-persons.ts'
import { createBrowser } from '../src/walk/browser.ts'
import { logIn } from '../src/walk/log-in.ts'
import { createPatientApi } from '../src/walk/patient-api.ts'
import { createVisitor, describeWithChromium, launchChromium } from './e2e/chromium.ts'
import type { Visitor } from './e2e/chromium.ts'
import { startRunningSystem } from './running-system.ts'
import type { RunningSystem } from './running-system.ts'

jest.setTimeout(300_000)

const pictures = resolve(import.meta.dirname, '../../../.pictures')

describeWithChromium('the pages of the API, in a browser', () => {
  let system: RunningSystem
  let browser: Browser
  let visitor: Visitor
  const address = () => `${system.addresses.gateway.url}/minaintyg/v1/docs`

  beforeAll(async () => {
    ;[system, browser] = await Promise.all([startRunningSystem(), launchChromium()])
    visitor = await createVisitor(browser, 'desktop')
    visitor.context.setDefaultTimeout(120_000)
    await visitor.page.goto(address())
    await visitor.page.locator('.swagger-ui .info .title').waitFor()
  })
  afterAll(async () => {
    await visitor.close()
    await browser.close()
    await system.stop()
  })

  /** Unfolded, and ready to be tried. */
  async function unfold(tag: string, id: string): Promise<Locator> {
    const operation = visitor.page.locator(`#operations-${tag}-${id}`)
    await operation.locator('.opblock-summary-control').click()
    await operation.locator('button.execute').waitFor()
    return operation
  }

  /** Presses the button, and reads what the server answered. */
  async function execute(operation: Locator) {
    const [answer] = await Promise.all([
      visitor.page.waitForResponse((each) => each.request().resourceType() === 'fetch'),
      operation.locator('button.execute').click(),
    ])
    const shown = operation.locator('.live-responses-table .response-col_status').last()
    await shown.waitFor()
    return { request: answer.request(), status: answer.status(), shown: await shown.innerText() }
  }

  test('show every operation, in both languages, and the list of problems', async () => {
    const { page } = visitor
    const response = await page.request.get(
      `${system.addresses.gateway.url}/minaintyg/v1/openapi.json`,
    )
    const { paths } = (await response.json()) as { paths: Record<string, object> }
    const many = Object.values(paths).flatMap((item) => Object.keys(item)).length
    expect(await page.locator('.opblock').count()).toBe(many)
    const text = await page.locator('.swagger-ui .info').innerText()
    expect(text).toContain('På svenska.')
    expect(text).toContain('Problem codes / Felkoder')
    await page.locator('.swagger-ui .info summary').click()
    const row = page.locator('.swagger-ui .info tr', { hasText: 'dispatch.already-sent' })
    expect(await row.innerText()).toContain('Du har redan skickat intyget dit.')
    await page.locator('.swagger-ui .info summary').click()
    await mkdir(pictures, { recursive: true })
    await page.screenshot({ path: join(pictures, 'docs-desktop.png') })
  })

  test('an open operation can be tried', async () => {
    const operation = await unfold('about', 'getApiInfo')
    expect(await operation.innerText()).toContain('När det går fel')
    const { status, shown } = await execute(operation)
    expect([status, shown.trim().slice(0, 3)]).toEqual([200, '200'])
    expect(await operation.locator('.live-responses-table').innerText()).toContain('Mina intyg')
    await operation.screenshot({ path: join(pictures, 'docs-tried-desktop.png') })
  })

  test('one with parameters too', async () => {
    const operation = await unfold('guides', 'getSickLeaveGuide')
    await operation.locator('tr[data-param-name="situation"] select').selectOption('student')
    await operation.locator('tr[data-param-name="from"] input').fill('2026-11-02')
    const { status, request } = await execute(operation)
    expect(status).toBe(200)
    expect(request.url()).toContain('situation=student&from=2026-11-02')
  })

  test('one that changes something carries what it needs, for who has logged in', async () => {
    const { gateway, web } = system.addresses
    const own = createBrowser()
    const api = createPatientApi(own, gateway.url, web.url)
    await logIn({ browser: own, api, web: web.url, person: testPersons[0]!.number })
    const name = 'minaintyg-session'
    const value = await own.cookie(gateway.url, name)
    await visitor.context.addCookies([{ name, value, url: gateway.url }])

    const operation = await unfold('session', 'extendSession')
    const { status, request } = await execute(operation)
    expect(await request.headerValue('x-requested-with')).toBe('mina-intyg')
    expect(status).toBe(200)
  })

  test('nothing of it was refused by the policy of the pages, which allows no script of others', async () => {
    const answer = await visitor.page.request.get(address())
    const policy = answer.headers()['content-security-policy'] ?? ''
    expect(policy).toMatch(/script-src 'self';/)
    expect(policy).toMatch(/default-src 'none';.*connect-src 'self';/)
    expect(visitor.faults).toEqual([])
  })

  test('the page of a problem is found from its type', async () => {
    const refused = await visitor.page.request.get(
      `${system.addresses.gateway.url}/minaintyg/v1/dispatches/x`,
    )
    const { type } = (await refused.json()) as { type: string }
    await visitor.page.goto(new URL(type, system.addresses.gateway.url).href)
    expect(await visitor.page.locator('h1').innerText()).toBe('request.invalid')
    expect(await visitor.page.locator('main').innerText()).toContain('Säg till patienten')
  })
})
