import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { JournalSource } from '../journals/journal-source.ts'
import type { Callers } from './push-config.ts'

export type Caller =
  | { known: true; hsaId: string; source: JournalSource }
  | { known: false; reason: 'no-certificate' | 'not-on-the-list' | 'platform-names-nobody' }

/** SITHS certificates name their owner in the subject's serialNumber (2.5.4.5). */
function certifiedHsaId({ socket }: IncomingMessage): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
  const certificate = socket.getPeerCertificate() as { subject?: Record<string, unknown> }
  const serialNumber = certificate.subject?.['serialNumber']
  // Several of them would be a list: no one knows then which is meant.
  return typeof serialNumber === 'string' ? serialNumber.trim().toUpperCase() : undefined
}

function namedHsaId({ headers }: IncomingMessage): string | undefined {
  const value = headers['x-rivta-original-serviceconsumer-hsaid']
  return typeof value === 'string' ? value.trim().toUpperCase() : undefined
}

/**
 * Who calls, by the certificate of the connection. A platform passes others' calls on and says whose; so does everyone
 * where there is no TLS.
 */
export function createIdentifyCaller({ callers, plain }: { callers: Callers; plain: boolean }) {
  const { sources, platforms } = callers
  return (request: IncomingMessage): Caller => {
    const certified = plain ? undefined : certifiedHsaId(request)
    if (!plain && certified === undefined) return { known: false, reason: 'no-certificate' }
    const isPassedOn = certified === undefined || platforms.has(certified)
    const hsaId = isPassedOn ? namedHsaId(request) : certified
    if (hsaId === undefined) return { known: false, reason: 'platform-names-nobody' }
    const source = sources.get(hsaId)
    if (source === undefined) return { known: false, reason: 'not-on-the-list' }
    return { known: true, hsaId, source }
  }
}
