import type { Browser, Page } from './browser.ts'
import { encodeForm, readForms } from './html-forms.ts'
import type { Form } from './html-forms.ts'
import type { PatientApi } from './patient-api.ts'
import { hold, holdStatus } from './walk-error.ts'

interface LogIn {
  browser: Browser
  api: PatientApi
  /** Where the reference web client is: the log-in ends there. */
  web: string
  /** Where it ends instead: pages of somebody’s own, which need not be up. */
  frontend?: string | undefined
  /** 12 digits of a test person on the e-legitimation's page. */
  person: string
}

const mentions = (form: Form, person: string) =>
  [...form.buttons, ...form.choices].some(({ value }) => value === person) ||
  Object.values(form.fields).includes(person)

/** What a person who has found himself on the page sends. */
function choose(form: Form, person: string): Record<string, string> {
  const choice = form.choices.find(({ value }) => value === person)
  const button = form.buttons.find(({ value }) => value === person) ?? form.buttons[0]
  return {
    ...form.fields,
    ...(choice ? { [choice.name]: choice.value } : {}),
    ...(button && button.name !== '' ? { [button.name]: button.value } : {}),
  }
}

/** Through the gateway to the e-legitimation, past its page, and back. @returns the redirects on the way */
export async function logIn({ browser, api, web, frontend = web, person }: LogIn): Promise<number> {
  const isBack = (url: string) => url.startsWith(frontend)
  const page: Page = await browser.open(api.url('/auth/login?returnTo=/'))
  holdStatus(page, 'The e-legitimation', 200)
  hold(!page.url.startsWith(api.url('')), 'The log-in did not lead to the e-legitimation')

  const form = readForms(page.text, page.url).find((each) => mentions(each, person))
  hold(form !== undefined, 'The page of the e-legitimation does not offer the test person')
  const back = await browser.open(
    form.action,
    {
      method: form.method,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: new URL(page.url).origin,
      },
      body: encodeForm(choose(form, person)),
    },
    isBack,
  )
  hold(isBack(back.url), `The log-in ended at ${new URL(back.url).pathname} with ${back.status}`)
  const code = new URL(back.url).searchParams.get('code')
  hold(code === null, `The log-in failed: ${code ?? ''}`)
  holdStatus(await browser.ask(back.url.replace(frontend, web)), 'The page to return to', 200)
  return page.redirects + back.redirects
}
