import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { buildConnector } from 'undici'

/** PEM files of a certificate with its chain, its key, and the authorities to trust instead of the system's. */
export interface ClientCertificateFiles {
  certFile: string
  keyFile: string
  caFile?: string | undefined
}

interface ClientCertificate {
  cert: string
  key: string
  ca?: string
}

/** @throws where key and certificate are not each other's */
function validUntil(certificate: ClientCertificate): Date {
  createSecureContext(certificate)
  return new Date(new X509Certificate(certificate.cert).validTo)
}

/** Reads a client certificate once, to find out whether it can be used. */
export function checkClientCertificate({ certFile, keyFile, caFile }: ClientCertificateFiles) {
  validUntil({
    cert: readFileSync(certFile, 'utf8'),
    key: readFileSync(keyFile, 'utf8'),
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }),
  })
}

async function readClientCertificate(files: ClientCertificateFiles): Promise<ClientCertificate> {
  const { certFile, keyFile, caFile } = files
  const [cert, key, ca] = await Promise.all([
    readFile(certFile, 'utf8'),
    readFile(keyFile, 'utf8'),
    caFile === undefined ? undefined : readFile(caFile, 'utf8'),
  ])
  return { cert, key, ...(ca === undefined ? {} : { ca }) }
}

/** When a certificate ends; undefined where there is none. */
export async function readExpiry(
  files: ClientCertificateFiles | undefined,
): Promise<Date | undefined> {
  return files === undefined ? undefined : validUntil(await readClientCertificate(files))
}

export interface CertificateEvents {
  /** A certificate is used from now on. */
  inUse(validUntil: Date): void
  /** The files cannot be used; the ones before them still are. */
  unusable(error: unknown): void
}

/**
 * Connects with the certificate that the files hold at the time: certificates are replaced without a restart. Files that
 * are being replaced, and do not fit one another yet, leave the one before in use.
 */
export function createCertificateConnector(
  files: ClientCertificateFiles,
  { timeout, events }: { timeout: number; events: CertificateEvents },
): buildConnector.connector {
  let current: { fingerprint: string; connect: buildConnector.connector } | undefined

  async function connector(): Promise<buildConnector.connector> {
    try {
      const certificate = await readClientCertificate(files)
      const fingerprint = JSON.stringify(certificate)
      if (fingerprint !== current?.fingerprint) {
        const until = validUntil(certificate)
        const connect = buildConnector({ timeout, allowH2: false, ...certificate })
        current = { fingerprint, connect }
        events.inUse(until)
      }
    } catch (error) {
      if (current === undefined) throw error
      events.unusable(error)
    }
    return current.connect
  }

  return (options, callback) => {
    connector().then(
      (connect) => {
        connect(options, callback)
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error('No client certificate'), null)
      },
    )
  }
}
