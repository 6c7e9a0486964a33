/** What to do on the log-in page: be the person with this number, or cancel. */
export type Choice = { person: string } | { action: 'cancel' }

interface Page {
  url: URL
  html: string
}

/** @returns a page, or an address on another origin */
export type Browser = (start: URL, form?: URLSearchParams) => Promise<URL | Page>

/** A browser without scripts: follows redirects on the provider's origin, and keeps its cookies. */
export function createBrowser(issuer: string): Browser {
  const { origin } = new URL(issuer)
  const cookies = new Map<string, string>()

  async function request(url: URL, body?: URLSearchParams): Promise<URL | Page> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { cookie },
      ...(body === undefined ? {} : { body }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const location = response.headers.get('location')
    const html = await response.text()
    return location === null ? { url, html } : new URL(location, url)
  }

  return async (start, form) => {
    let answer = await request(start, form)
    while (answer instanceof URL && answer.origin === origin) answer = await request(answer)
    return answer
  }
}

/** Action and hidden fields of the form that holds a text. */
function formWith(page: Page, text: string): { action: URL; fields: URLSearchParams } {
  const form = page.html.match(/<form[^]*?<\/form>/g)?.find((each) => each.includes(text))
  const action = /action="([^"]*)"/.exec(form ?? '')?.[1]
  if (form === undefined || action === undefined) throw new Error(`No form with ${text}`)
  const fields = new URLSearchParams()
  for (const [input] of form.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(input)?.[1] ?? ''
    fields.set(attribute('name'), attribute('value'))
  }
  return { action: new URL(action.replaceAll('&amp;', '&'), page.url), fields }
}

function leadsBack(answer: URL | Page): URL {
  if (answer instanceof URL) return answer
  const fault = /<code>([^<]*)|role="alert">([^<]*)/.exec(answer.html)
  throw new Error(
    `The e-legitimation did not lead back: ${fault?.[1] ?? fault?.[2] ?? 'no reason'}`,
  )
}

/** Walks the log-in page as a plain HTTP client. @returns where it leads back to: the relying party's callback */
export async function walkLogIn(
  authorizationUrl: string,
  choice: Choice,
  open = createBrowser(authorizationUrl),
): Promise<URL> {
  const page = await open(new URL(authorizationUrl))
  if (page instanceof URL) return page
  const isCancel = 'action' in choice
  const { action, fields } = formWith(page, isCancel ? 'value="cancel"' : 'id="person"')
  if (!isCancel) fields.set('person', choice.person)
  return leadsBack(await open(action, fields))
}

/** Logs out at the provider, in the browser that logged in. @returns where it leads back to */
export async function walkLogOut(endSessionUrl: string, open: Browser): Promise<URL> {
  const page = await open(new URL(endSessionUrl))
  if (page instanceof URL) return page
  const { action, fields } = formWith(page, 'xsrf')
  fields.set('logout', 'yes')
  return leadsBack(await open(action, fields))
}
