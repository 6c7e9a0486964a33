import type { Answer, Browser } from './browser.ts'

/** The gateway as the front end calls it: the session cookie, and the headers that changes need. */
export interface PatientApi {
  url(path: string): string
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  send(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>
}

export function createPatientApi(browser: Browser, gatewayUrl: string, origin: string): PatientApi {
  const url = (path: string) => `${gatewayUrl}/minaintyg/v1${path}`
  return {
    url,
    get: (path, headers = {}) => browser.ask(url(path), { headers }),
    send(method, path, body, headers = {}) {
      const json = body === undefined ? {} : { 'content-type': 'application/json' }
      return browser.ask(url(path), {
        method,
        headers: { 'x-requested-with': 'mina-intyg', origin, ...json, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    },
  }
}
