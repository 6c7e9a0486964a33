import type { Locator } from 'playwright-core'
import type { Visitor } from './chromium.ts'

/** Names on the e-legitimation's page; each shows something else. */
export const heading = ({ page }: Visitor, name: string | RegExp): Locator =>
  page.getByRole('heading', { level: 1, name })

/** From a page that asks for it to the e-legitimation, past it as that test person, and back. */
export async function logIn({ page }: Visitor, person: string): Promise<void> {
  await page.getByRole('link', { name: 'Logga in med e-legitimation' }).click()
  await page.getByRole('button', { name: person }).click()
}

export async function giveConsent({ page }: Visitor): Promise<void> {
  await page.getByRole('button', { name: 'Ja, jag samtycker' }).click()
}

/** To a page that needs log-in and consent, as somebody who is here for the first time. */
export async function enter(visitor: Visitor, url: string, person: string): Promise<void> {
  await visitor.page.goto(url)
  await logIn(visitor, person)
  await giveConsent(visitor)
}

/** Through the menu, which a phone keeps folded. */
export async function goTo({ page, size }: Visitor, place: string): Promise<void> {
  if (size === 'phone') await page.getByRole('button', { name: 'Meny' }).click()
  await page.getByRole('navigation', { name: 'Huvudmeny' }).getByText(place).click()
}

/** Opens the first certificate of the list whose name is this. */
export async function openCertificate({ page }: Visitor, name: string): Promise<void> {
  await page.getByRole('link', { name, exact: true }).first().click()
  await page.getByRole('heading', { name: 'Vad vill du göra?' }).waitFor()
}
