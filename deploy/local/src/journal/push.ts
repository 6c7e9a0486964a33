import { Agent, request } from 'undici'
import { doctors, units } from './certificates/care.ts'
import { identifier, marker, personRoot, staffXml } from './certificates/intyg.ts'
import type { JournalCertificate } from './certificates/intyg.ts'
import { escapeXml, namespaces } from './certificates/wire.ts'
import { asCertificateOf, envelope, textByPath } from './soap.ts'

/** Where a journal pushes to. */
export interface PushTarget {
  /** Before `/clinicalprocess/…`. */
  url: string
  logicalAddress: string
  /** PEM: for mutual TLS. */
  tls?: { ca: string; cert: string; key: string }
}

export interface PushAnswer {
  status: number
  resultCode: string | null
  errorId: string | null
  text: string | null
}

const base = 'urn:riv:clinicalprocess:healthcond:certificate'
const operations = {
  RegisterCertificate: { namespace: `${base}:RegisterCertificateResponder:3`, version: 3 },
  RevokeCertificate: { namespace: `${base}:RevokeCertificateResponder:2`, version: 2 },
} as const
type Operation = keyof typeof operations

const timeout = 10_000

/** Whether the contract has it at all: the old formats have contracts of their own. */
export const canBePushed = ({ xml }: JournalCertificate): boolean => xml.includes(marker)

const registration = (certificate: JournalCertificate, namespace: string) =>
  `<p:RegisterCertificate xmlns:p="${namespace}">` +
  `${asCertificateOf(certificate, namespace)}</p:RegisterCertificate>`

const revocation = ({ id, personNumber }: JournalCertificate, namespace: string, at: string) =>
  `<p:RevokeCertificate xmlns:p="${namespace}" ${namespaces}>` +
  `<p:skickatTidpunkt>${at}</p:skickatTidpunkt>` +
  identifier('p:intygs-id', units.healthCentre.id, id) +
  identifier('p:patientPerson-id', personRoot(personNumber), personNumber) +
  `${staffXml('p:skickatAv', doctors.general, units.healthCentre)}</p:RevokeCertificate>`

function readAnswer(status: number, xml: string): PushAnswer {
  const texts = [...textByPath(xml)]
  const value = (name: string) =>
    texts.find(([path]) => path.endsWith(`/${name}`))?.[1][0]?.trim() ?? null
  return {
    status,
    resultCode: value('resultCode'),
    errorId: value('errorId'),
    text: value('resultText') ?? value('faultstring'),
  }
}

/** How a journal of this HSA id registers and revokes certificates elsewhere. */
export function createPusher({ url, logicalAddress, tls }: PushTarget, hsaId: string) {
  const agent = new Agent(tls === undefined ? {} : { connect: { ...tls } })

  async function call(operation: Operation, message: string): Promise<PushAnswer> {
    const { namespace, version } = operations[operation]
    const header = `<r:LogicalAddress xmlns:r="urn:riv:itintegration:registry:1">${escapeXml(logicalAddress)}</r:LogicalAddress>`
    const path = `/clinicalprocess/healthcond/certificate/${operation}/${version}/rivtabp21`
    const { statusCode, body } = await request(url + path, {
      dispatcher: agent,
      method: 'POST',
      headers: {
        'content-type': 'text/xml;charset=UTF-8',
        soapaction: `"${namespace}:${operation}"`,
        'x-rivta-original-serviceconsumer-hsaid': hsaId,
      },
      body: envelope(message, header),
      signal: AbortSignal.timeout(timeout),
    })
    return readAnswer(statusCode, await body.text())
  }

  return {
    register: (certificate: JournalCertificate) =>
      call(
        'RegisterCertificate',
        registration(certificate, operations.RegisterCertificate.namespace),
      ),
    /** @param at Swedish local time without a zone */
    revoke: (certificate: JournalCertificate, at: string) =>
      call(
        'RevokeCertificate',
        revocation(certificate, operations.RevokeCertificate.namespace, at),
      ),
    close: () => agent.close(),
  }
}
export type Pusher = ReturnType<typeof createPusher>
