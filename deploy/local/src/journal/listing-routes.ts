import { gzipSync } from 'node:zlib'
import { setTimeout as pause } from 'node:timers/promises'
import type { Server } from '@minaintyg/service'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { UnknownPersonError } from './journal.ts'
import type { Behaviour, Journal } from './journal.ts'
import { errorResult, fault, listResponse, readListRequest, soapAction } from './soap.ts'

const tooLarge = 16 * 1024 * 1024

interface Answer {
  status: number
  body: string
  /** How it is given; where nobody is asked about, as the journal has been told to. */
  behaviour?: Behaviour
}

/** What the journal answers when nothing is the matter with it. */
function answerTo(journal: Journal, request: FastifyRequest): Answer {
  const { version, logicalAddress } = journal
  const action = String(request.headers['soapaction'] ?? '').replaceAll('"', '')
  const wanted = readListRequest(request.body as string, version)
  if (wanted === undefined || action !== soapAction(version)) {
    return { status: 500, body: fault('soap:Client', 'VP001 No service contract in the request') }
  }
  if (wanted.logicalAddress !== logicalAddress) {
    return { status: 500, body: fault('soap:Client', 'VP004 No route for this logical address') }
  }
  const behaviour = journal.behaviourAbout(wanted.personNumber)
  try {
    return { status: 200, body: listResponse(version, journal.list(wanted)), behaviour }
  } catch (error) {
    if (!(error instanceof UnknownPersonError)) throw error
    return { status: 200, body: errorResult(version, 'VALIDATION_ERROR', 'Invalid person-id') }
  }
}

/** The answer as the journal has been told to spoil it; undefined for none at all. */
function spoil(
  { version }: Journal,
  { status, body }: Answer,
  { mode }: Behaviour,
): Answer | undefined {
  switch (mode) {
    case 'ok':
    case 'slow':
      return { status, body }
    case 'down':
      return undefined
    case 'faulty':
      return { status: 500, body: fault('soap:Server', 'VP009 The producer cannot be reached') }
    case 'error-result':
      return { status: 200, body: errorResult(version, 'APPLICATION_ERROR', 'Database is away') }
    case 'info':
      return { status: 200, body: errorResult(version, 'APPLICATION_ERROR', 'NOCONSENT', 'INFO') }
    case 'truncated':
      return { status: 200, body: body.slice(0, Math.floor(body.length * 0.6)) }
    case 'too-large':
      return {
        status: 200,
        body: body.replace('<soap:Body>', `<soap:Body>${' '.repeat(tooLarge)}`),
      }
    case 'not-xml':
      return {
        status: 200,
        body: '<html><body>Vi uppdaterar systemet<br>Välkommen åter</body></html>',
      }
  }
}

async function send(request: FastifyRequest, reply: FastifyReply, { status, body }: Answer) {
  const gzip = (request.headers['accept-encoding'] ?? '').includes('gzip')
  if (gzip) void reply.header('content-encoding', 'gzip')
  return reply
    .code(status)
    .type('text/xml;charset=UTF-8')
    .send(gzip ? gzipSync(body) : Buffer.from(body))
}

/** Path of a journal, as the national platform builds its addresses. */
export const listPath = ({ id, version }: Pick<Journal, 'id' | 'version'>) =>
  `/${id}/clinicalprocess/healthcond/certificate/ListCertificatesForCitizen/${version}/rivtabp21`

/** SOAP 1.1 over POST. */
export function addListing(app: Server, journal: Journal): void {
  app.post(listPath(journal), { config: { access: 'open' } }, async (request, reply) => {
    const usual = answerTo(journal, request)
    const { behaviour = journal.behaviour } = usual
    if (behaviour.delay > 0) await pause(behaviour.delay, undefined, { ref: false })
    const answer = spoil(journal, usual, behaviour)
    if (answer === undefined) {
      request.raw.socket.destroy()
      return reply.hijack()
    }
    return send(request, reply, answer)
  })
}
