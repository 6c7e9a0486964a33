import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import type { Accounts } from './accounts.ts'
import { errorPage, logInPage, styleHash, testPersonsPage } from './pages.ts'

const interactionPath = /^\/interaction\/[\w-]{1,64}$/
/** Open: nobody in it exists. */
const testPersonsPath = '/test-persons'
const maxBody = 2_000

interface AcrRequest {
  essential?: boolean
  value?: string
  values?: string[]
}

/** Levels that the relying party insists on; undefined where it takes any. */
function requestedLevels(claims: unknown): readonly string[] | undefined {
  if (typeof claims !== 'string') return undefined
  const { id_token: idToken } = JSON.parse(claims) as { id_token?: { acr?: AcrRequest | null } }
  const acr = idToken?.acr
  if (acr?.essential !== true) return undefined
  return acr.values ?? (acr.value === undefined ? undefined : [acr.value])
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > maxBody) throw new Error('The form is too large')
  }
  return new URLSearchParams(text)
}

function send(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(html)
}

function createInteraction(provider: Provider, accounts: Accounts) {
  async function finish(request: IncomingMessage, response: ServerResponse, path: string) {
    const form = await readForm(request)
    if (form.get('action') === 'cancel') {
      await provider.interactionFinished(request, response, { error: 'access_denied' })
      return
    }
    const { params } = await provider.interactionDetails(request, response)
    const account = accounts.choose((form.get('person') ?? '').replace(/[-\s]/g, ''))
    if (account === undefined) {
      send(response, 422, logInPage(path, 'Skriv 12 siffror som är ett riktigt nummer.'))
      return
    }
    const acr = account.person.loa
    // Left to itself the provider would ask again and again for a level that the person does not have.
    if (requestedLevels(params['claims'])?.includes(acr) === false) {
      const error = { error: 'unmet_authentication_requirements' }
      await provider.interactionFinished(request, response, error)
      return
    }
    await provider.interactionFinished(request, response, {
      login: { accountId: account.id, acr, remember: false },
    })
  }

  return async (request: IncomingMessage, response: ServerResponse, path: string) => {
    if (request.method === 'POST') {
      await finish(request, response, path)
    } else {
      await provider.interactionDetails(request, response)
      send(response, 200, logInPage(path))
    }
  }
}

/** Forms lead on to the relying party, and browsers hold `form-action` against redirects too. */
function formTargets(issuer: string): string {
  const { protocol, hostname } = new URL(issuer)
  return `'self' ${protocol}//${hostname}:*`
}

/** A server that answers once it is given the provider, which must know the server's port first. */
export function createELegitimationServer(): {
  server: Server
  serve: (provider: Provider, accounts: Accounts) => void
} {
  let handle = async (_request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.writeHead(503).end()
  }
  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      if (!response.headersSent) send(response, 400, errorPage('invalid_request'))
      else response.end()
    })
  })
  return {
    server,
    serve(provider, accounts) {
      const interaction = createInteraction(provider, accounts)
      const answer = provider.callback()
      const policy = `default-src 'none'; style-src ${styleHash}; form-action ${formTargets(provider.issuer)}; base-uri 'none'; frame-ancestors 'none'`
      handle = async (request, response) => {
        const path = (request.url ?? '/').split('?')[0] ?? '/'
        response.setHeader('content-security-policy', policy)
        response.setHeader('cache-control', 'no-store')
        response.setHeader('referrer-policy', 'no-referrer')
        response.setHeader('x-content-type-options', 'nosniff')
        if (interactionPath.test(path)) await interaction(request, response, path)
        else if (path === testPersonsPath) send(response, 200, testPersonsPage())
        else if (path === '/livez') response.writeHead(200).end('ok')
        else await answer(request, response)
      }
    },
  }
}
