import { jest } from '@jest/globals'
import { createVisitor, describeWithChromium, look } from './chromium.ts'
import type { Size } from './chromium.ts'
import { useBrowser } from './in-browser.ts'
import { enter, giveConsent, heading, logIn, openCertificate } from './patient.ts'

jest.setTimeout(180_000)

const sickLeave = 'Läkarintyg för sjukpenning'

describeWithChromium('what goes wrong, in a browser', () => {
  const run = useBrowser()
  const { at } = run
  beforeEach(async () => {
    await run.visit('phone')
  })
  const alert = () => run.visitor.page.getByRole('alert')
  async function recipient(mode: string) {
    const answer = await fetch(`${run.system.addresses.forsakringskassan.url}/control`, {
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
    const { page } = run.visitor
    await page.goto(at('/'))
    await logIn(run.visitor, button)
    await heading(run.visitor, 'Du är inte inloggad').waitFor()
    await alert().getByText(sentence).waitFor()
    await look(run.visitor, 'log-in-error')
    await page.getByRole('link', { name: 'Försök igen' }).click()
    await heading(run.visitor, 'Vem vill du logga in som?').waitFor()
  })

  test('no certificate at all is said in words', async () => {
    await enter(run.visitor, at('/intyg'), 'Elsa Öberg')
    await run.visitor.page.getByText('Du har inga intyg här ännu').waitFor()
    await look(run.visitor, 'no-certificates')
  })

  test('a revoked certificate says that the care provider has taken it back', async () => {
    const { page } = run.visitor
    await enter(run.visitor, at('/intyg?status=revoked'), 'Ida Fjällgren')
    await page.getByRole('link', { name: sickLeave }).click()
    await alert().getByText('Vården har tagit tillbaka det här intyget.').waitFor()
    await look(run.visitor, 'revoked')
    await page.getByRole('link', { name: 'Till dina intyg' }).click()
    await heading(run.visitor, 'Dina intyg').waitFor()
  })

  test('a replaced certificate leads to the newer one, and can be neither sent nor saved', async () => {
    const { page } = run.visitor
    await enter(run.visitor, at('/intyg?status=replaced'), 'Amir Haddad')
    await openCertificate(run.visitor, sickLeave)
    await page.getByText('Läkaren har ersatt det här intyget.').waitFor()
    expect(await page.getByRole('button', { name: /Skicka|Spara|Skriv ut/ }).count()).toBe(0)
    await look(run.visitor, 'replaced')
    const before = page.url()
    await page.getByRole('link', { name: 'Visa det intyget' }).first().click()
    await page.getByText('Det här intyget ersätter ett tidigare.').waitFor()
    expect(page.url()).not.toBe(before)
  })

  test('someone else’s certificate is no certificate', async () => {
    const { page } = run.visitor
    await enter(run.visitor, at('/intyg'), 'Omar Sjöhammar')
    await page.getByText('Intyget går inte att visa här.').first().waitFor()
    const path = await page.getByRole('link', { name: sickLeave }).getAttribute('href')
    await run.visitor.context.clearCookies()
    await enter(run.visitor, at(path ?? ''), 'Johan Hedenskog')
    await alert().getByText('Vi hittar inte intyget.').waitFor()
  })

  test('a session that was ended elsewhere takes the page away, and the log-in comes back to it', async () => {
    const { page } = run.visitor
    await enter(run.visitor, at('/intyg'), 'Leila Solhjelm')
    await page.getByRole('link', { name: sickLeave }).first().waitFor()

    const other = await createVisitor(run.browser, 'desktop')
    await other.page.goto(at('/inloggningar'))
    await logIn(other, 'Leila Solhjelm')
    await other.page.getByRole('heading', { name: 'Annan inloggning' }).waitFor()
    await look(other, 'two-sessions')
    await other.page.getByRole('button', { name: 'Avsluta inloggningen' }).click()
    await other.page.getByText('Inloggningen är avslutad.').waitFor()
    await other.close()

    await page.getByRole('link', { name: sickLeave }).first().click()
    await heading(run.visitor, 'Du har loggats ut').waitFor()
    expect(await page.getByText(sickLeave).count()).toBe(0)
    await look(run.visitor, 'signed-out')
    const address = page.url()
    await page.getByRole('button', { name: 'Logga in igen' }).click()
    await page.getByRole('button', { name: 'Leila Solhjelm' }).click()
    await heading(run.visitor, sickLeave).waitFor()
    expect(page.url()).toBe(address)
  })

  test('a session that is about to end warns, and goes on when asked to', async () => {
    const { page } = run.visitor
    await enter(run.visitor, at('/intyg'), 'Bo Ekestubbe')
    await page
      .getByRole('link', { name: /Läkarintyg/ })
      .first()
      .waitFor()
    // As if nothing had been done for 28 minutes: less than two are left, and time enough for a slow machine.
    await run.system.query(
      'identity',
      "update session set last_used_at = now() - interval '28 minutes 5 seconds' where ended_at is null and created_at = (select max(created_at) from session)",
    )
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    const warning = page.getByRole('alertdialog', { name: 'Du loggas snart ut' })
    await warning.waitFor()
    await look(run.visitor, 'session-warning')
    await warning.getByRole('button', { name: 'Fortsätt vara inloggad' }).click()
    await warning.waitFor({ state: 'detached' })
    await page
      .getByRole('link', { name: /Läkarintyg/ })
      .first()
      .click()
    await page.getByRole('heading', { name: 'Vad vill du göra?' }).waitFor()
  })

  test('a consent that was withdrawn in another window holds here at once', async () => {
    const { page } = run.visitor
    await enter(run.visitor, at('/intyg'), 'Viktor Tallroth')
    await page.getByRole('link', { name: sickLeave }).first().waitFor()
    const other = await run.visitor.context.newPage()
    await other.goto(at('/samtycke'))
    await other.getByRole('button', { name: 'Ta tillbaka samtycket' }).click()
    await other.getByRole('button', { name: 'Ja, ta tillbaka' }).click()
    await other.getByText('Ditt samtycke är tillbakataget.').waitFor()

    await page.getByRole('link', { name: sickLeave }).first().click()
    await heading(run.visitor, 'Ditt samtycke till att visa dina intyg').waitFor()
    await page.getByText('Du tog tillbaka ditt samtycke').waitFor()
    await giveConsent(run.visitor)
    await heading(run.visitor, sickLeave).waitFor()
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
    await run.visitor.close()
    await run.visit(size)
    const { page } = run.visitor
    await recipient(mode)
    await enter(run.visitor, at('/intyg?status=notSent'), person)
    await openCertificate(run.visitor, sickLeave)
    await page.getByRole('button', { name: 'Skicka till Försäkringskassan' }).click()
    await page.getByRole('button', { name: 'Ja, skicka intyget' }).click()
    await page.getByText(state, { exact: true }).waitFor()
    await page.getByText(text).waitFor()
    await look(run.visitor, `dispatch-${mode}`)
    await recipient('accept')
  })
})
