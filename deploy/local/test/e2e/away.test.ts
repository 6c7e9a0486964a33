import { jest } from '@jest/globals'
import { describeWithChromium, look, lookOnce } from './chromium.ts'
import { useBrowser } from './in-browser.ts'
import { enter, heading, openCertificate } from './patient.ts'

jest.setTimeout(180_000)

const sickLeave = 'Läkarintyg för sjukpenning'

describeWithChromium('what is away, in a browser', () => {
  const run = useBrowser()
  const { at } = run
  beforeEach(async () => {
    await run.visit('phone')
  })
  const alert = () => run.visitor.page.getByRole('alert')
  async function journal(source: string, mode: 'ok' | 'down') {
    const answer = await fetch(`${run.system.addresses.journals.url}/control`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ source, mode }),
    })
    expect(answer.status).toBe(200)
  }

  test('a journal that is down leaves a list that says so, and is whole again when asked anew', async () => {
    const { page } = run.visitor
    await journal('region-norr', 'down')
    try {
      await enter(run.visitor, at('/intyg'), 'Sara Nyström')
      await page.getByText('Region Norr svarar inte just nu.').waitFor()
      await look(run.visitor, 'source-down')
    } finally {
      await journal('region-norr', 'ok')
    }
    await page.getByRole('button', { name: 'Uppdatera listan' }).click()
    await page.getByText('Region Norr svarar inte just nu.').waitFor({ state: 'detached' })
  })

  test('a list stands while what sends is away, and says what it does not know', async () => {
    const { page } = run.visitor
    await page.route(/\/certificates(\?|$)/, async (route) => {
      const response = await route.fetch()
      if (!response.ok()) return route.fulfill({ response })
      const list = (await response.json()) as object
      return route.fulfill({ response, json: { ...list, dispatchState: 'unknown' } })
    })
    await enter(run.visitor, at('/intyg'), 'Maja Lindqvist')
    await page.getByText('Vi kan inte se just nu vilka intyg som inte är skickade.').waitFor()
    await page
      .getByRole('link', { name: /Läkarintyg/ })
      .first()
      .waitFor()
  })

  test('a certificate stands while what sends is away, and says what it does not know', async () => {
    const { page } = run.visitor
    await page.route(/\/certificates\/[^/?]+$/, async (route) => {
      const response = await route.fetch()
      if (!response.ok()) return route.fulfill({ response })
      const certificate = (await response.json()) as { statuses: string[] }
      const statuses = certificate.statuses.filter((status) => status !== 'notSent')
      return route.fulfill({
        response,
        json: { ...certificate, statuses, dispatchState: 'unknown' },
      })
    })
    await enter(run.visitor, at('/intyg'), 'Tolvan Tolvansson')
    await openCertificate(run.visitor, sickLeave)
    await page.getByText('Vi kan inte se just nu om intyget redan är skickat.').waitFor()
    await page.getByText('Titta här igen om en stund.').waitFor()
    await page.getByRole('button', { name: 'Spara som PDF' }).waitFor()
    await look(run.visitor, 'certificate-sending-unknown')
  })

  test('a print-out that fails is a sentence in the tab that was opened for it', async () => {
    const { page, context } = run.visitor
    // As if the link had been opened before: it works once.
    await context.route(/\/downloads\//, async (route) => {
      await route.fetch()
      await route.continue()
    })
    await enter(run.visitor, at('/intyg'), 'Gun-Britt Åkerström')
    const link = page.getByRole('listitem').getByRole('link', { name: /körkort/ })
    await link.first().click()
    const [tab] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('button', { name: 'Skriv ut' }).click(),
    ])
    await tab.getByRole('heading', { level: 1, name: 'Intyget kunde inte visas' }).waitFor()
    await tab.getByText('Länken har redan använts').waitFor()
    await lookOnce({ ...run.visitor, page: tab }, 'print-failed')
    await tab.close()
    // The page with the certificate is still there, to try again.
    await context.unroute(/\/downloads\//)
    const [again, answer] = await Promise.all([
      page.waitForEvent('popup'),
      context.waitForEvent('response', (response) => response.url().includes('/downloads/')),
      page.getByRole('button', { name: 'Skriv ut' }).click(),
    ])
    expect(answer.headers()['content-type']).toBe('application/pdf')
    await again.close()
  })

  test('a part that is away is said in words, with what to quote, and tried again', async () => {
    const { page } = run.visitor
    const problem = {
      type: '/minaintyg/v1/problems/keys.unavailable',
      title: 'The certificates are locked for the moment',
      status: 503,
      detail: '',
      instance: '',
      code: 'keys.unavailable',
      traceId: '0af7651916cd43dd8448eb211c80319c',
    }
    const lists = /\/certificates(\?|$)/
    await page.route(lists, (route) =>
      route.request().method() === 'OPTIONS'
        ? route.continue()
        : route.fulfill({
            status: 503,
            contentType: 'application/problem+json',
            headers: {
              'access-control-allow-origin': run.system.addresses.web.url,
              'access-control-allow-credentials': 'true',
            },
            json: problem,
          }),
    )
    await enter(run.visitor, at('/intyg'), 'Elif Rönnberger')
    await alert().getByText('Dina intyg är låsta för tillfället.').waitFor()
    await alert().getByText(problem.traceId).waitFor()
    await look(run.visitor, 'part-away')
    await page.unroute(lists)
    await page.getByRole('button', { name: 'Försök igen' }).click()
    await page.getByRole('link', { name: sickLeave }).first().waitFor()
  })

  test('without a network it says so, and the same page comes when it is back', async () => {
    const { page } = run.visitor
    await enter(run.visitor, at('/intyg'), 'Anna-Lisa Granlycke')
    await page.getByRole('link', { name: sickLeave }).first().waitFor()
    await run.visitor.context.setOffline(true)
    await page.getByRole('link', { name: sickLeave }).first().click()
    await alert().getByText('Vi når inte tjänsten.').waitFor()
    await run.visitor.context.setOffline(false)
    await page.getByRole('button', { name: 'Försök igen' }).click()
    await heading(run.visitor, sickLeave).waitFor()
  })
})
