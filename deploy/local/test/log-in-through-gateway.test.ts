import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { jest } from '@jest/globals'
import { until } from '@minaintyg/testing'
import { testPersons } from '../src/test-persons.ts'
import { createBrowser } from '../src/walk/browser.ts'
import type { Browser } from '../src/walk/browser.ts'
import { encodeForm, readForms } from '../src/walk/html-forms.ts'
import { logIn } from '../src/walk/log-in.ts'
import { createPatientApi } from '../src/walk/patient-api.ts'
import { startRunningSystem } from './running-system.ts'
import type { RunningSystem } from './running-system.ts'

jest.setTimeout(120_000)

const [person, someoneElse] = testPersons.map(({ number }) => number) as [string, string]
const sessionCookie = 'minaintyg-session'
const logInCookie = 'minaintyg-log-in'
let system: RunningSystem

beforeAll(async () => {
  system = await startRunningSystem()
})
afterAll(() => system.stop())

const apiOf = (browser: Browser) =>
  createPatientApi(browser, system.addresses.gateway.url, system.addresses.web.url)
const cookieOf = (browser: Browser, name = sessionCookie) =>
  browser.cookie(system.addresses.gateway.url, name)

/** To the callback that the e-legitimation sends the browser to, which is not followed yet. */
async function untilCallback(browser: Browser, choice: Record<string, string>): Promise<string> {
  const page = await browser.open(apiOf(browser).url('/auth/login?returnTo=/intyg'))
  const form = readForms(page.text, page.url).find((each) =>
    'action' in choice ? each.fields['action'] === 'cancel' : each.fields['action'] === undefined,
  )!
  const { url } = await browser.open(
    form.action,
    {
      method: form.method,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: new URL(page.url).origin,
      },
      body: encodeForm({ ...form.fields, ...choice }),
    },
    (next) => next.includes('/auth/callback'),
  )
  return url
}
/** Where the gateway sends the browser from there. */
async function finish(browser: Browser, callback: string) {
  const answer = await browser.ask(callback)
  return { status: answer.status, to: answer.headers.get('location') ?? '' }
}
const errorPage = (code: string) => `${system.addresses.web.url}/login-error?code=${code}`

async function logInAs(number: string, browser = createBrowser()): Promise<Browser> {
  await logIn({ browser, api: apiOf(browser), web: system.addresses.web.url, person: number })
  return browser
}
const isLoggedIn = async (browser: Browser) =>
  JSON.parse((await apiOf(browser).get('/session')).text).authenticated as boolean

/** The process of the e-legitimation, a child of the system's own. */
async function providerPid(): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args='])
  const line = stdout
    .split('\n')
    .find(
      (each) =>
        each.includes('e-legitimation/main') &&
        each.trim().split(/\s+/)[1] === String(system.pid()),
    )
  return Number(line?.trim().split(/\s+/)[0])
}

describe('a log-in that fails comes to the error page with a code of its own', () => {
  test.each([
    ['the person cancels', { action: 'cancel' }, 'login.cancelled'],
    ['the level is too low', { person: '199902289892' }, 'login.loa-too-low'],
    ['the level only looks like enough', { person: '195307149855' }, 'login.loa-too-low'],
    ['the person is too young', { person: '201504129840' }, 'login.too-young'],
  ] as [string, Record<string, string>, string][])('%s', async (_what, choice, code) => {
    const browser = createBrowser()
    const done = await finish(browser, await untilCallback(browser, choice))
    expect(done).toEqual({ status: 303, to: errorPage(code) })
    expect([await cookieOf(browser), await cookieOf(browser, logInCookie)]).toEqual(['', ''])
  })

  test('the answer comes a second time', async () => {
    const browser = createBrowser()
    const callback = await untilCallback(browser, { person })
    const cookie = await cookieOf(browser, logInCookie)
    expect((await finish(browser, callback)).to).toBe(`${system.addresses.web.url}/intyg`)
    expect((await finish(browser, callback)).to).toBe(errorPage('login.expired'))
    const thief = createBrowser()
    await thief.keep(system.addresses.gateway.url, `${logInCookie}=${cookie}; Path=/`)
    expect((await finish(thief, callback)).to).toBe(errorPage('login.expired'))
    expect(await cookieOf(thief)).toBe('')
  })

  test('the answer is to another log-in', async () => {
    const browser = createBrowser()
    const callback = new URL(await untilCallback(browser, { person }))
    callback.searchParams.set('state', 'another')
    expect((await finish(browser, callback.href)).to).toBe(errorPage('login.failed'))
  })
})

describe('a browser cannot be made to have a session that someone else knows', () => {
  test('what was planted is not adopted, and opens nothing afterwards', async () => {
    const planted = 'A'.repeat(43)
    const browser = createBrowser()
    await browser.keep(system.addresses.gateway.url, `${sessionCookie}=${planted}; Path=/`)
    expect(await isLoggedIn(browser)).toBe(false)
    await logInAs(person, browser)
    expect(await cookieOf(browser)).not.toBe(planted)
    const attacker = createBrowser()
    await attacker.keep(system.addresses.gateway.url, `${sessionCookie}=${planted}; Path=/`)
    expect(await isLoggedIn(attacker)).toBe(false)
  })

  test('an attacker’s own session, planted, ends when the victim logs in and shows nothing of theirs', async () => {
    const attacker = await logInAs(someoneElse)
    const victim = createBrowser()
    const session = await cookieOf(attacker)
    await victim.keep(system.addresses.gateway.url, `${sessionCookie}=${session}; Path=/`)
    await logInAs(person, victim)
    expect(await cookieOf(victim)).not.toBe(session)
    expect([await isLoggedIn(victim), await isLoggedIn(attacker)]).toEqual([true, false])
  })

  test('an attacker’s log-in is not finished by the victim’s browser', async () => {
    const [attacker, victim] = [createBrowser(), createBrowser()]
    const callback = await untilCallback(attacker, { person: someoneElse })
    expect((await finish(victim, callback)).to).toBe(errorPage('login.expired'))
    await untilCallback(victim, { person })
    expect((await finish(victim, callback)).to).toBe(errorPage('login.failed'))
    expect(await isLoggedIn(victim)).toBe(false)
  })

  test('ending one’s own session takes the cookie away', async () => {
    const browser = await logInAs(person)
    const { items } = JSON.parse((await apiOf(browser).get('/sessions')).text)
    const { id } = items.find(({ current }: { current: boolean }) => current)
    expect((await apiOf(browser).send('DELETE', `/sessions/${id}`)).status).toBe(204)
    expect(await cookieOf(browser)).toBe('')
  })
})

/** Last: afterwards nobody logs in any more. */
describe('an e-legitimation in trouble', () => {
  test('that is slow, and then down, has a code of its own, and sessions go on', async () => {
    const patient = await logInAs(someoneElse)
    const pid = await providerPid()
    const [first, second] = [createBrowser(), createBrowser()]
    const callbacks = [
      await untilCallback(first, { person }),
      await untilCallback(second, { person }),
    ] as const
    process.kill(pid, 'SIGSTOP')
    const slow = finish(first, callbacks[0])
    expect((await apiOf(patient).get('/me')).status).toBe(200)
    expect(await slow).toEqual({ status: 303, to: errorPage('login.provider-unavailable') })

    process.kill(pid, 'SIGKILL')
    await until(async () => Number.isNaN(await providerPid()))
    const down = await finish(second, callbacks[1])
    expect(down).toEqual({ status: 303, to: errorPage('login.provider-unavailable') })
    expect([await cookieOf(first), await cookieOf(second)]).toEqual(['', ''])

    expect(await isLoggedIn(patient)).toBe(true)
    expect((await apiOf(patient).get('/me')).status).toBe(200)
    expect((await apiOf(patient).send('POST', '/session/extend')).status).toBe(200)
    expect((await apiOf(patient).send('POST', '/auth/logout')).status).toBe(200)
    expect(await isLoggedIn(patient)).toBe(false)
  })
})
