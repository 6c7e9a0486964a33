import type { Browser } from 'playwright-core'
import { startRunningSystem } from '../running-system.ts'
import type { RunningSystem } from '../running-system.ts'
import { createVisitor, launchChromium } from './chromium.ts'
import type { Size, Visitor } from './chromium.ts'

/** The system and a browser for the tests of a file, and for each a visitor, whose pages must end without a fault. */
export function useBrowser() {
  let system: RunningSystem
  let browser: Browser
  let visitor: Visitor
  beforeAll(async () => {
    ;[system, browser] = await Promise.all([startRunningSystem(), launchChromium()])
  })
  afterAll(async () => {
    await browser.close()
    await system.stop()
  })
  afterEach(async () => {
    await visitor.close()
    expect(visitor.faults).toEqual([])
  })
  return {
    get system() {
      return system
    },
    get browser() {
      return browser
    },
    get visitor() {
      return visitor
    },
    /** Who visits from now on. */
    visit: async (size: Size): Promise<Visitor> => (visitor = await createVisitor(browser, size)),
    at: (path: string) => `${system.addresses.web.url}${path}`,
  }
}
