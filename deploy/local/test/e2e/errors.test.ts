import { jest } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { startRunningSystem } from '../running-system.ts'
import type { RunningSystem } from '../running-system.ts'
import { createVisitor, describeWithChromium, launchChromium, look } from './chromium.ts'
import type { Size, Visitor } from './chromium.ts'
import { enter, giveConsent, heading, logIn, openCertificate } from './patient.ts'

jest.setTimeout(180_000)

const sickLeave = 'Läkarintyg för sjukpenning'

describeWithChromium('what goes wrong, in a browser', () => {
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
  beforeEach(async () => {
    visitor = await createVisitor(browser, 'phone')
  })
  afterEach(async () => {
    await visitor.close()
    expect(visitor.faults).toEqual([])
  })
  const at = (path: string) => `${system.addresses.web.url}${path}`
  const alert = () => visitor.page.getByRole('alert')
  async function recipient(mode: string) {
    const answer = await fetch(`${system.addresses.forsakringskassan.url}/control`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ mode }),
    })
    expect(answer.status).toBe(200)
  }

  test.each([
    ['Nova Bergman', 'Du kan logga in här från den dag du fyller 16 år.'],
    ['Liam Sandberg', 'Din e-legitimation räcker inte till'],
    ['Avbryt', 'Du avbröt inloggningen.'],
  ])('a log-in that comes to nothing says why: %s', async (button, sentence) => {
    const { page } = visitor
    await page.goto(at('/'))
    await logIn(visitor, button)
    await heading(visitor, 'Du är inte inloggad').waitFor()
    await alert().getByText(sentence).waitFor()
    await look(visitor, 'log-in-error')
    await page.getByRole('link', { name: 'Försök igen' }).click()
    await heading(visitor, 'Vem vill du logga in som?').waitFor()
  })

  test('no certificate at all is said in words', async () => {
    await enter(visitor, at('/intyg'), 'Elsa Öberg')
    await visitor.page.getByText('Du har inga intyg här ännu').waitFor()
    await look(visitor, 'no-certificates')
  })

  test('a revoked certificate says that the care provider has taken it back', async () => {
    const { page } = visitor
    await enter(visitor, at('/intyg?status=revoked'), 'Ida Fjällgren')
    await page.getByRole('link', { name: sickLeave }).click()
    await alert().getByText('Vården har tagit tillbaka det här intyget.').waitFor()
    await look(visitor, 'revoked')
    await page.getByRole('link', { name: 'Till dina intyg' }).click()
    await heading(visitor, 'Dina intyg').waitFor()
  })

  test('a replaced certificate leads to the newer one, and can be neither sent nor saved', async () => {
    const { page } = visitor
    await enter(visitor, at('/intyg?status=replaced'), 'Amir Haddad')
    await openCertificate(visitor, sickLeave)
    await page.getByText('Läkaren har ersatt det här intyget.').waitFor()
    expect(await page.getByRole('button', { name: /Skicka|Spara|Skriv ut/ }).count()).toBe(0)
    await look(visitor, 'replaced')
    const before = page.url()
    await page.getByRole('link', { name: 'Visa det intyget' }).first().click()
    await page.getByText('Det här intyget ersätter ett tidigare.').waitFor()
    expect(page.url()).not.toBe(before)
  })

  test('someone else’s certificate is no certificate', async () => {
    const { page } = visitor
    await enter(visitor, at('/intyg'), 'Omar Sjöhammar')
    await page.getByText('Intyget går inte att visa här.').first().waitFor()
    const path = await page.getByRole('link', { name: sickLeave }).getAttribute('href')
    await visitor.context.clearCookies()
    await enter(visitor, at(path ?? ''), 'Johan Hedenskog')
    await alert().getByText('Vi hittar inte intyget.').waitFor()
  })

  test('a session that was ended elsewhere takes the page away, and the log-in comes back to it', async () => {
    const { page } = visitor
    await enter(visitor, at('/intyg'), 'Leila Solhjelm')
    await page.getByRole('link', { name: sickLeave }).first().waitFor()

    const other = await createVisitor(browser, 'desktop')
    await other.page.goto(at('/inloggningar'))
    await logIn(other, 'Leila Solhjelm')
    await other.page.getByRole('heading', { name: 'Annan inloggning' }).waitFor()
    await look(other, 'two-sessions')
    await other.page.getByRole('button', { name: 'Avsluta inloggningen' }).click()
    await other.page.getByText('Inloggningen är avslutad.').waitFor()
    await other.close()

    await page.getByRole('link', { name: sickLeave }).first().click()
    await heading(visitor, 'Du har loggats ut').waitFor()
    expect(await page.getByText(sickLeave).count()).toBe(0)
    await look(visitor, 'signed-out')
    const address = page.url()
    await page.getByRole('button', { name: 'Logga in igen' }).click()
    await page.getByRole('button', { name: 'Leila Solhjelm' }).click()
    await heading(visitor, sickLeave).waitFor()
    expect(page.url()).toBe(address)
  })

  test('a session that is about to end warns, and goes on when asked to', async () => {
    const { page } = visitor
    await enter(visitor, at('/intyg'), 'Bo Ekestubbe')
    await page
      .getByRole('link', { name: /Läkarintyg/ })
      .first()
      .waitFor()
    // As if nothing had been done for 28 minutes: less than two are left, and time enough for a slow machine.
    await system.query(
      'identity',
      "update session set last_used_at = now() - interval '28 minutes 5 seconds' where ended_at is null and created_at = (select max(created_at) from session)",
    )
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    const warning = page.getByRole('alertdialog', { name: 'Du loggas snart ut' })
    await warning.waitFor()
    await look(visitor, 'session-warning')
    await warning.getByRole('button', { name: 'Fortsätt vara inloggad' }).click()
    await warning.waitFor({ state: 'detached' })
    await page
      .getByRole('link', { name: /Läkarintyg/ })
      .first()
      .click()
    await page.getByRole('heading', { name: 'Vad vill du göra?' }).waitFor()
  })

  test('a consent that was withdrawn in another window holds here at once', async () => {
    const { page } = visitor
    await enter(visitor, at('/intyg'), 'Viktor Tallroth')
    await page.getByRole('link', { name: sickLeave }).first().waitFor()
    const other = await visitor.context.newPage()
    await other.goto(at('/samtycke'))
    await other.getByRole('button', { name: 'Ta tillbaka samtycket' }).click()
    await other.getByRole('button', { name: 'Ja, ta tillbaka' }).click()
    await other.getByText('Ditt samtycke är tillbakataget.').waitFor()

    await page.getByRole('link', { name: sickLeave }).first().click()
    await heading(visitor, 'Ditt samtycke till att visa dina intyg').waitFor()
    await page.getByText('Du tog tillbaka ditt samtycke').waitFor()
    await giveConsent(visitor)
    await heading(visitor, sickLeave).waitFor()
  })

  test.each<[string, Size, string, string, string]>([
    ['reject', 'desktop', 'Namn saknas', 'Inte godtaget', 'De skriver: ”Intyget hör till'],
    [
      'completion',
      'phone',
      'Mateusz Kowalski',
      'Mottagaren behöver mer från vården',
      'behöver fler uppgifter',
    ],
  ])('the recipient’s answer %s says what to do next', async (mode, size, person, state, text) => {
    await visitor.close()
    visitor = await createVisitor(browser, size)
    const { page } = visitor
    await recipient(mode)
    await enter(visitor, at('/intyg?status=notSent'), person)
    await openCertificate(visitor, sickLeave)
    await page.getByRole('button', { name: 'Skicka till Försäkringskassan' }).click()
    await page.getByRole('button', { name: 'Ja, skicka intyget' }).click()
    await page.getByText(state, { exact: true }).waitFor()
    await page.getByText(text).waitFor()
    await look(visitor, `dispatch-${mode}`)
    await recipient('accept')
  })
})
