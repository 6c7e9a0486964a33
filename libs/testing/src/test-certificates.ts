import type { webcrypto } from 'node:crypto'
import 'reflect-metadata'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import type { X509Certificate } from '@peculiar/x509'

/** Certificate and private key, both PEM. */
export interface TestCertificate {
  cert: string
  key: string
}

export interface TestAuthority {
  /** Its own certificate: PEM. */
  ca: string
  /** For TLS servers at 127.0.0.1 and localhost. */
  server(): Promise<TestCertificate>
  /** For TLS clients. @param hsaId serialNumber of the subject, as SITHS certificates have it; none where left out */
  client(hsaId?: string): Promise<TestCertificate>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const newKeys = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
const lifetime = 86_400_000
const validity = () => ({
  notBefore: new Date(Date.now() - 60_000),
  notAfter: new Date(Date.now() + lifetime),
})

async function toPem(
  certificate: X509Certificate,
  key: webcrypto.CryptoKey,
): Promise<TestCertificate> {
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', key)).toString('base64')
  return {
    cert: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
  }
}

/** An authority made for one test file, which signs certificates for mutual TLS. */
export async function createTestAuthority(name = 'Test CA'): Promise<TestAuthority> {
  const keys = await newKeys()
  const root = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
    ...validity(),
  })

  async function issue(subject: string, usage: ExtendedKeyUsage): Promise<TestCertificate> {
    const { publicKey, privateKey } = await newKeys()
    const certificate = await X509CertificateGenerator.create({
      subject,
      issuer: root.subject,
      publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new ExtendedKeyUsageExtension([usage]),
        new SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          { type: 'ip', value: '127.0.0.1' },
        ]),
      ],
      ...validity(),
    })
    return toPem(certificate, privateKey)
  }

  return {
    ca: root.toString('pem'),
    server: () => issue('CN=localhost', ExtendedKeyUsage.serverAuth),
    client: (hsaId) =>
      issue(
        hsaId === undefined ? 'CN=Test client' : `CN=Test client,2.5.4.5=${hsaId}`,
        ExtendedKeyUsage.clientAuth,
      ),
  }
}
