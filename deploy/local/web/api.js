/* global document, fetch */

export const base = `${document.querySelector('meta[name=gateway]').content}/minaintyg/v1`

/** What the API said no with; `code` is stable. */
export class ProblemError extends Error {
  constructor(problem) {
    super(problem.code)
    this.problem = problem
    this.code = problem.code
  }
}

async function call(method, path, { body, headers = {} } = {}) {
  let response
  try {
    response = await fetch(`${base}${path}`, {
      method,
      credentials: 'include',
      headers: {
        'accept-language': 'sv',
        ...(method === 'GET' ? {} : { 'x-requested-with': 'mina-intyg' }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  } catch {
    throw new ProblemError({ code: 'network.unavailable' })
  }
  if (response.status === 204) return undefined
  const answer = await response.json().catch(() => ({ code: 'service.failed' }))
  if (!response.ok) throw new ProblemError(answer)
  return answer
}

export const get = (path) => call('GET', path)
export const post = (path, body, headers) => call('POST', path, { body, headers })
export const remove = (path) => call('DELETE', path)
