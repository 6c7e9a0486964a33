import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Started {
  url: string
  stop: () => Promise<void>
}

const consent = '{"state":"given"}'
const sha256 = randomBytes(32).toString('hex')

const factsOf = (id: string) =>
  JSON.stringify({
    id,
    type: { code: 'LISJP', version: '1.3', name: 'Läkarintyg för sjukpenning' },
    send: { allowed: true, recipients: [{ id: 'FKASSA', name: 'Försäkringskassan' }] },
    document: { sha256, size: 20_000 },
    employmentCopy: { sha256, size: 500 },
  })

/**
 * Consent and certificate-store as far as dispatch asks them: everyone has consented, and every certificate may be sent. What is
 * measured is the questions, not what it takes to answer them.
 */
export async function startNeighbours(): Promise<Started> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost')
    const [, , id = '', question] = pathname.split('/')
    const answer =
      question === 'consent-state' ? consent : question === 'send-facts' ? factsOf(id) : undefined
    if (answer === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
