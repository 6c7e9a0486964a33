import { readFile } from 'node:fs/promises'
import { jest } from '@jest/globals'
import type { Page } from 'playwright-core'
import { describeWithChromium, look } from './chromium.ts'
import type { Size } from './chromium.ts'
import { useBrowser } from './in-browser.ts'
import { enter, giveConsent, goTo, heading, logIn, openCertificate } from './patient.ts'

jest.setTimeout(180_000)

const sickLeave = 'Läkarintyg för sjukpenning'
const employers = 'Läkarintyg om arbetsförmåga till arbetsgivaren'

describeWithChromium('the whole way in a browser', () => {
  const run = useBrowser()
  const { at } = run

  async function saved(page: Page, press: () => Promise<void>): Promise<Buffer> {
    const [download] = await Promise.all([page.waitForEvent('download'), press()])
    expect(download.suggestedFilename()).toMatch(/\.pdf$/)
    return readFile(await download.path())
  }

  test.each<[Size, string]>([
    ['phone', 'Tolvan Tolvansson'],
    ['desktop', 'Namn saknas'],
  ])('from the first log-in to the withdrawn consent, on a %s', async (size, person) => {
    await run.visit(size)
    const { page } = run.visitor

    // A link from elsewhere: the log-in and the consent come first, and then the page that it points at.
    await page.goto(at('/intyg?status=new'))
    await heading(run.visitor, 'Logga in för att fortsätta').waitFor()
    await look(run.visitor, 'log-in-first')
    await logIn(run.visitor, person)
    await heading(run.visitor, 'Ditt samtycke till att visa dina intyg').waitFor()
    await look(run.visitor, 'consent-first')
    await giveConsent(run.visitor)
    await heading(run.visitor, 'Dina intyg').waitFor()
    expect(page.url()).toBe(at('/intyg?status=new'))

    // Filters.
    await page.getByRole('button', { name: 'Ta bort valet Nytt' }).click()
    await page.waitForURL(at('/intyg'))
    await page.getByText('Filtrera och sortera').click()
    await page.getByRole('checkbox', { name: new RegExp(`^${sickLeave}`) }).check()
    await look(run.visitor, 'filter')
    await page.getByRole('button', { name: 'Visa intyg' }).click()
    await page.waitForURL(at('/intyg?type=LISJP'))
    await page.getByRole('link', { name: employers }).first().waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Ta bort alla val' }).click()
    await page.getByRole('link', { name: employers }).first().waitFor()
    await look(run.visitor, 'list')

    // The employer's copy, without the diagnosis.
    await openCertificate(run.visitor, employers)
    await look(run.visitor, 'certificate-for-employer')
    const save = () => page.getByRole('button', { name: 'Spara som PDF' }).click()
    const whole = await saved(page, save)
    await page.getByRole('checkbox', { name: /Utelämna diagnosen/ }).check()
    const adapted = await saved(page, save)
    expect(whole.subarray(0, 5).toString()).toBe('%PDF-')
    expect(adapted.subarray(0, 5).toString()).toBe('%PDF-')
    expect(adapted.equals(whole)).toBe(false)

    // Print: the PDF in a tab of its own.
    const [printed, answer] = await Promise.all([
      page.waitForEvent('popup'),
      run.visitor.context.waitForEvent('response', (response) =>
        response.url().includes('/downloads/'),
      ),
      page.getByRole('button', { name: 'Skriv ut' }).click(),
    ])
    expect(answer.headers()['content-type']).toBe('application/pdf')
    await printed.close()

    // Send, and follow without touching the page.
    await page.getByRole('link', { name: 'Till dina intyg' }).click()
    await openCertificate(run.visitor, sickLeave)
    const address = page.url()
    await look(run.visitor, 'certificate')
    await page.getByRole('button', { name: 'Skicka till Försäkringskassan' }).click()
    const dialog = page.getByRole('dialog', { name: 'Skicka intyget till Försäkringskassan?' })
    await dialog.getByText('Du kan ångra dig tills mottagaren har fått intyget').waitFor()
    await look(run.visitor, 'send')
    await dialog.getByRole('button', { name: 'Ja, skicka intyget' }).click()
    await heading(run.visitor, `${sickLeave} till Försäkringskassan`).waitFor()
    await page.getByText('Godtaget', { exact: true }).waitFor()
    await page.getByText('Försäkringskassan har godtagit intyget.').waitFor()
    await look(run.visitor, 'dispatch')

    await page.getByRole('link', { name: 'Visa intyget' }).click()
    await page.getByText('Du skickade intyget till Försäkringskassan').waitFor()
    expect(page.url()).toBe(address)

    // Everything beside the certificates.
    await goTo(run.visitor, 'Skickat')
    await heading(run.visitor, 'Skickade intyg').waitFor()
    await page.getByText('Godtaget').waitFor()
    await look(run.visitor, 'dispatches')
    await goTo(run.visitor, 'Åtkomstlogg')
    await heading(run.visitor, 'Vem har öppnat dina intyg?').waitFor()
    await page.getByText(`Försäkringskassan hämtade intyget ”${sickLeave}”`).first().waitFor()
    await look(run.visitor, 'access-log')
    await goTo(run.visitor, 'Inloggningar')
    await heading(run.visitor, 'Dina inloggningar').waitFor()
    await page.getByText('Du är inte inloggad någon annanstans.').waitFor()
    await look(run.visitor, 'sessions')

    // Withdraw, with what it means.
    await goTo(run.visitor, 'Samtycke')
    await page.getByRole('button', { name: 'Ta tillbaka samtycket' }).click()
    const question = page.getByRole('dialog', { name: 'Vill du ta tillbaka ditt samtycke?' })
    await question.getByText('Dina kopior här raderas.').waitFor()
    await look(run.visitor, 'withdraw')
    await question.getByRole('button', { name: 'Ja, ta tillbaka' }).click()
    await page.getByText('Ditt samtycke är tillbakataget.').waitFor()
    await look(run.visitor, 'withdrawn')
    await goTo(run.visitor, 'Intyg')
    await page.getByText('Du tog tillbaka ditt samtycke').waitFor()
    expect(await page.getByRole('link', { name: sickLeave }).count()).toBe(0)

    // Out again, also at the e-legitimation.
    if (size === 'phone') await page.getByRole('button', { name: 'Meny' }).click()
    await page.getByRole('button', { name: 'Logga ut', exact: true }).first().click()
    await heading(run.visitor, 'Vill du logga ut?').waitFor()
    await page.getByRole('button', { name: 'Logga ut' }).click()
    await heading(run.visitor, 'Dina läkarintyg på ett ställe').waitFor()
  })

  test('a link to a certificate lands on it after the log-in', async () => {
    await run.visit('phone')
    const { page } = run.visitor
    await enter(run.visitor, at('/intyg'), 'Gun-Britt Åkerström')
    const link = page
      .getByRole('listitem')
      .getByRole('link', { name: /körkort/ })
      .first()
    const path = (await link.getAttribute('href')) ?? ''
    const name = (await link.textContent()) ?? ''
    await run.visitor.context.clearCookies()

    await page.goto(at(path))
    await heading(run.visitor, 'Logga in för att fortsätta').waitFor()
    await logIn(run.visitor, 'Gun-Britt Åkerström')
    await heading(run.visitor, name).waitFor()
    expect(page.url()).toBe(at(path))
  })

  test('with the keyboard alone', async () => {
    await run.visit('desktop')
    const { page } = run.visitor
    const focused = () =>
      page.evaluate<string>("(document.activeElement.innerText ?? '').split('\\n')[0]")
    const tabTo = async (name: RegExp) => {
      for (let presses = 0; presses < 80; presses += 1) {
        await page.keyboard.press('Tab')
        if (name.test(await focused())) return
      }
      throw new Error(`The Tab key does not lead to ${String(name)}`)
    }
    const press = async (name: RegExp) => {
      await tabTo(name)
      await page.keyboard.press('Enter')
    }
    await page.goto(at('/'))
    await heading(run.visitor, 'Dina läkarintyg på ett ställe').waitFor()
    await page.keyboard.press('Tab')
    expect(await focused()).toBe('Hoppa till innehållet')
    await page.keyboard.press('Enter')
    await press(/^Logga in med e-legitimation/)
    await heading(run.visitor, 'Vem vill du logga in som?').waitFor()
    await press(/^Mateusz Kowalski/)
    await heading(run.visitor, 'Ditt samtycke till att visa dina intyg').waitFor()
    await press(/^Ja, jag samtycker/)
    await heading(run.visitor, 'Dina intyg').waitFor()
    await page.getByRole('link', { name: sickLeave }).first().waitFor()
    await press(/^Läkarintyg för sjukpenning/)
    await page.getByRole('heading', { name: 'Vad vill du göra?' }).waitFor()
    // Whoever came from another page stands on the heading of this one.
    expect(await focused()).toBe(sickLeave)
    await press(/^Skicka till Försäkringskassan/)
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await focused()).toBe('Skicka till Försäkringskassan')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await press(/^Ja, skicka intyget/)
    await page.getByText('Godtaget', { exact: true }).waitFor()
  })

  test.each<Size>(['phone', 'desktop'])('the open pages, on a %s', async (size) => {
    await run.visit(size)
    const { page } = run.visitor
    const pages: [string, string, string][] = [
      ['/', 'Dina läkarintyg på ett ställe', 'start'],
      ['/hjalp', 'Så fungerar Mina intyg', 'help'],
      ['/hjalp/uppgifter', 'Vad som händer med dina uppgifter', 'help-data'],
      ['/hjalp/dela', 'När du ger ett intyg till någon', 'help-sharing'],
      ['/testpersoner', 'Testpersoner', 'test-persons'],
      ['/finns-inte', 'Sidan finns inte', 'not-found'],
    ]
    for (const [path, title, name] of pages) {
      await page.goto(at(path))
      await heading(run.visitor, title).waitFor()
      await look(run.visitor, name)
    }
    await page.goto(at('/testpersoner'))
    await page.getByText('Många intyg av alla slag').waitFor()

    // The steps of a sick leave, with their dates.
    await page.goto(at('/hjalp/sjukskriven'))
    await page.getByLabel('Min första sjukdag').fill('2026-03-02')
    await page.getByText('måndag 16 mars 2026').waitFor()
    await page.getByRole('radio', { name: 'Student' }).check()
    await page.getByText('CSN').waitFor()
    await look(run.visitor, 'help-sick-leave')

    // The same in English, and it stays.
    await page.getByRole('button', { name: 'In English' }).click()
    await heading(run.visitor, 'When you are put on sick leave').waitFor()
    await page.getByRole('radio', { name: 'Employed', exact: true }).check()
    await page.getByText('Report sick to your employer').waitFor()
    await page.goto(at('/'))
    await heading(run.visitor, 'Your medical certificates in one place').waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
  })
})
