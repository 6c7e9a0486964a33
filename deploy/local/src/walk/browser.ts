import { CookieJar } from 'tough-cookie'

export interface Answer {
  url: string
  status: number
  headers: Headers
  bytes: Buffer
  text: string
}

export interface Page extends Answer {
  /** How many redirects led here. */
  redirects: number
}

interface Ask {
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** What a browser does for a person: cookies, redirects, forms. Nothing is faked, every hop is a request. */
export interface Browser {
  /** One request, no redirect followed. */
  ask(url: string, options?: Ask): Promise<Answer>
  /** A request, and the redirects after it until there is a page, or `until` says that it is far enough. */
  open(url: string, options?: Ask, until?: (url: string) => boolean): Promise<Page>
  /** What it keeps for an address under a name; empty where nothing. */
  cookie(url: string, name: string): Promise<string>
  keep(url: string, cookie: string): Promise<void>
}

const mostRedirects = 20

async function toAnswer(url: string, response: Response): Promise<Answer> {
  const bytes = Buffer.from(await response.arrayBuffer())
  return {
    url,
    status: response.status,
    headers: response.headers,
    bytes,
    text: bytes.toString('utf8'),
  }
}

/** @param deadline in milliseconds, of each request */
export function createBrowser(deadline = 15_000): Browser {
  const jar = new CookieJar()

  async function ask(url: string, { method = 'GET', headers = {}, body }: Ask = {}) {
    const cookie = await jar.getCookieString(url)
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(deadline),
      headers: { ...headers, ...(cookie === '' ? {} : { cookie }) },
      ...(body === undefined ? {} : { body }),
    })
    for (const line of response.headers.getSetCookie()) await jar.setCookie(line, url)
    return toAnswer(url, response)
  }

  return {
    ask,
    async cookie(url, name) {
      const cookies = await jar.getCookies(url)
      return cookies.find(({ key }) => key === name)?.value ?? ''
    },
    async keep(url, cookie) {
      await jar.setCookie(cookie, url)
    },
    async open(url, options = {}, until = () => false) {
      let answer = await ask(url, options)
      for (let redirects = 0; redirects < mostRedirects; redirects += 1) {
        const location = answer.headers.get('location')
        if (location === null || answer.status < 300 || answer.status > 399) {
          return { ...answer, redirects }
        }
        const next = new URL(location, answer.url).toString()
        if (until(next)) return { ...answer, url: next, redirects: redirects + 1 }
        answer = await ask(next)
      }
      throw new Error(`More than ${mostRedirects} redirects`)
    },
  }
}
