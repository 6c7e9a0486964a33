import type { Addresses } from '../src/addresses.ts'
import { testPersons } from '../src/test-persons.ts'
import { createBrowser } from '../src/walk/browser.ts'
import { logIn } from '../src/walk/log-in.ts'
import { createPatientApi } from '../src/walk/patient-api.ts'
import { giveConsent, list } from '../src/walk/steps.ts'

export const basePath = '/minaintyg/v1'
const sessionCookie = 'minaintyg-session'
const [person = testPersons[0]] = testPersons

/** A patient who has logged in, has given consent and has seen the list once; `headers` are what asks as the patient. */
export async function visit({ gateway, web }: Addresses) {
  const browser = createBrowser()
  const api = createPatientApi(browser, gateway.url, web.url)
  await logIn({ browser, api, web: web.url, person: person?.number ?? '' })
  await giveConsent(api)
  const { total, items } = await list(api)
  const cookie = `${sessionCookie}=${await browser.cookie(api.url('/'), sessionCookie)}`
  return { url: gateway.url, headers: { cookie }, total, items }
}
