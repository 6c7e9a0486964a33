import { createBrowser } from './browser.ts'
import { logIn } from './log-in.ts'
import { createPatientApi } from './patient-api.ts'
import { checkLogIn, follow, giveConsent, list, read, savePdf, send } from './steps.ts'

export interface WalkOptions {
  gatewayUrl: string
  webUrl: string
  /** Where log-ins return to, where that is not the reference web client. */
  frontendOrigin?: string | undefined
  /** 12 digits of a test person. */
  person: string
  recipientId: string
  /** Where the PDF is saved. */
  folder: string
  onStep: (step: WalkStep) => void
  /** Milliseconds that the recipient has for its receipts. */
  patience?: number
}

/** One step that held. */
export interface WalkStep {
  name: string
  detail: string
  milliseconds: number
}

/**
 * The whole way of a patient, as an HTTP client with a cookie jar, each answer checked.
 * @throws {WalkError} at the first step that does not hold
 */
export async function walkPatientsWay(options: WalkOptions): Promise<void> {
  const { gatewayUrl, webUrl, person, recipientId, folder, patience = 20_000 } = options
  const browser = createBrowser()
  const api = createPatientApi(browser, gatewayUrl, webUrl)
  async function step<T>(name: string, run: () => Promise<T>, tell: (result: T) => string) {
    const start = performance.now()
    const result = await run()
    options.onStep({ name, detail: tell(result), milliseconds: performance.now() - start })
    return result
  }

  await step(
    'log-in',
    async () => {
      const redirects = await logIn({
        browser,
        api,
        web: webUrl,
        frontend: options.frontendOrigin,
        person,
      })
      return `${await checkLogIn(api)}, ${redirects} redirects`
    },
    String,
  )
  await step('consent', () => giveConsent(api), String)
  const { items } = await step(
    'list',
    () => list(api),
    ({ total, sources, facets }) => {
      const journals = sources.map(({ name }) => name).join(' and ')
      return `${total} certificates of ${facets.types.length} types from ${journals}`
    },
  )
  const certificate = await step(
    'read',
    () => read(api, items, recipientId),
    ({ type, sections, actions }) =>
      `${type.code} ${type.version}, ${sections.length} sections; may leave out: ${actions.hide.join(', ') || 'nothing'}`,
  )
  await step(
    'PDF',
    () => savePdf(api, certificate, folder),
    ({ file, size }) => `${size} bytes, saved as ${file}`,
  )
  const dispatch = await step(
    'send',
    () => send(api, certificate, recipientId),
    ({ id, recipient, state }) => `to ${recipient.name}: ${state}, dispatch ${id}`,
  )
  for (const state of ['delivered', 'received', 'accepted'] as const) {
    await step(
      state,
      () => follow(api, dispatch.id, state, patience),
      (text) => `"${text}"`,
    )
  }
}
