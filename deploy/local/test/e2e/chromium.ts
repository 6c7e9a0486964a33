import { existsSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { until } from '@minaintyg/testing'

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const { CHROMIUM_PATH: told } = process.env
const executablePath = (told === undefined ? usual : [told]).find((path) => existsSync(path))

/** describe() that is skipped, with a word on why, where there is no Chromium; REQUIRE_CHROMIUM=1 makes that a failure. */
export function describeWithChromium(name: string, tests: () => void): void {
  if (executablePath !== undefined) describe(name, tests)
  else if (process.env['REQUIRE_CHROMIUM'] === '1') {
    test(`${name}: Chromium is required`, () => {
      throw new Error('There is no Chromium: apt-get install chromium, or set CHROMIUM_PATH')
    })
  } else {
    const why = 'SKIPPED: needs apt-get install chromium'
    process.stdout.write(`\n${name}: ${why}\n`)
    describe.skip(`${name} (${why})`, () => {
      test('needs Chromium', () => undefined)
    })
  }
}

/** One for a file. As root, and with nothing that it would fetch or tell by itself. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: executablePath ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export const sizes = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 900 },
} as const
export type Size = keyof typeof sizes

/** What a person would not see and a developer must: faults of the script, and what the policy of the pages refused. */
function collectFaults(context: BrowserContext): string[] {
  const faults: string[] = []
  context.on('weberror', (error) => faults.push(error.error().message))
  context.on('console', (message) => {
    const text = message.text()
    // Answers that say no are part of what is tested.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) faults.push(text)
  })
  return faults
}

/** How many calls of the page wait for their answer. */
function countCalls(page: Page): () => number {
  const open = new Set<object>()
  page.on('request', (request) => {
    if (request.resourceType() === 'fetch') open.add(request)
  })
  page.on('requestfinished', (request) => open.delete(request))
  page.on('requestfailed', (request) => open.delete(request))
  return () => open.size
}

export interface Visitor {
  page: Page
  context: BrowserContext
  size: Size
  faults: readonly string[]
  underWay: () => number
  close(): Promise<void>
}

/** Somebody with a browser of his or her own, who has not been here before. */
export async function createVisitor(browser: Browser, size: Size): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: sizes[size],
    locale: 'sv-SE',
    timezoneId: 'Europe/Stockholm',
    reducedMotion: 'reduce',
    hasTouch: size === 'phone',
  })
  context.setDefaultTimeout(30_000)
  const faults = collectFaults(context)
  const page = await context.newPage()
  const underWay = countCalls(page)
  return { page, context, size, faults, underWay, close: () => context.close() }
}

const pictures = resolve(import.meta.dirname, '../../../../.pictures')
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

interface Violation {
  id: string
  help: string
  nodes: { html: string }[]
}

/** A picture of the page in the language that it is in, kept under `.pictures/`; and nothing that axe finds wrong with it. */
export async function lookOnce({ page, size }: Visitor, name: string): Promise<void> {
  await mkdir(pictures, { recursive: true })
  await page.evaluate('document.fonts.ready')
  await page.screenshot({ path: join(pictures, `${name}-${size}.png`), fullPage: true })
  // Evaluated by the debugger, which the policy of the pages does not hold.
  await page.evaluate(axeSource)
  const found = await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] })`,
  )
  const { violations } = found as { violations: Violation[] }
  const told = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`,
  )
  expect({ page: name, violations: told }).toEqual({ page: name, violations: [] })
  const overflow = await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
  expect({ page: name, wider: overflow }).toEqual({ page: name, wider: 0 })
}

/** Also where a dialog or a folded menu keeps people from the button. */
async function switchLanguage({ page, underWay }: Visitor, to: 'sv' | 'en'): Promise<void> {
  await page.locator(`header button[lang=${to}]`).first().dispatchEvent('click')
  await page.locator(`html[lang=${to}]`).waitFor()
  // What comes from the server is asked for anew once the page has been drawn.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))')
  await until(() => underWay() === 0, { timeout: 30_000 })
}

/** The page as it is, in Swedish and in English, and then in Swedish again. */
export async function look(visitor: Visitor, name: string): Promise<void> {
  await lookOnce(visitor, name)
  await switchLanguage(visitor, 'en')
  await lookOnce(visitor, `${name}-english`)
  await switchLanguage(visitor, 'sv')
}
