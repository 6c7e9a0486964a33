import { createHash } from 'node:crypto'
import { CertificateList, Consent } from '@minaintyg/contracts'
import { testPersons } from './test-persons.ts'
import type { TestPerson } from './test-persons.ts'
import { createBrowser } from './walk/browser.ts'
import { logIn } from './walk/log-in.ts'
import { createPatientApi } from './walk/patient-api.ts'
import type { PatientApi } from './walk/patient-api.ts'
import { hold, holdStatus, problemCode, readBody } from './walk/walk-error.ts'

/** The only recipient that a laptop has a simulator of. */
const recipientId = 'FKASSA'

async function giveConsent(api: PatientApi): Promise<void> {
  const { state, text } = readBody(await api.get('/consent'), 'The consent', Consent)
  if (state === 'given') return
  const given = await api.send('POST', '/consent', { textVersion: text.version })
  holdStatus(given, 'Giving consent', 201)
}

/** The same key for the same certificate, so that a second start sends nothing twice. */
const keyOf = (certificateId: string) =>
  createHash('sha256').update(`demo ${certificateId}`).digest('base64url')

async function sendEverything(api: PatientApi): Promise<void> {
  await giveConsent(api)
  const answer = await api.get('/certificates?status=notSent&limit=100')
  holdStatus(answer, 'The list', 200)
  for (const { id } of readBody(answer, 'The list', CertificateList).items) {
    const key = { 'idempotency-key': keyOf(id) }
    const sent = await api.send('POST', `/certificates/${id}/dispatches`, { recipientId }, key)
    const isSent = sent.status === 202 || problemCode(sent) === 'dispatch.already-sent'
    hold(isSent, `Sending answered ${sent.status}`)
  }
}

async function withdrawConsent(api: PatientApi): Promise<void> {
  const { state } = readBody(await api.get('/consent'), 'The consent', Consent)
  if (state === 'withdrawn') return
  await giveConsent(api)
  holdStatus(await api.send('DELETE', '/consent'), 'Withdrawing consent', 200)
}

const preparations = {
  'everything-sent': sendEverything,
  'consent-withdrawn': withdrawConsent,
} as const satisfies Record<NonNullable<TestPerson['prepared']>, unknown>

/**
 * Brings test persons into the states that only a patient can bring about, through the public API as they would. What was
 * done at an earlier start is not done again.
 * @throws {WalkError}
 */
export async function prepareTestPersons(urls: {
  gatewayUrl: string
  webUrl: string
  frontendOrigin?: string | undefined
}) {
  for (const { number, prepared } of testPersons) {
    if (prepared === undefined) continue
    const browser = createBrowser()
    const api = createPatientApi(browser, urls.gatewayUrl, urls.webUrl)
    await logIn({ browser, api, web: urls.webUrl, frontend: urls.frontendOrigin, person: number })
    await preparations[prepared](api)
    holdStatus(await api.send('POST', '/auth/logout'), 'Logging out', 200)
  }
}
