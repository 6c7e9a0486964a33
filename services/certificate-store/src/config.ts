import { defaultRecipients, faultsOfRecipients } from '@minaintyg/certificate-model'
import type { Recipient } from '@minaintyg/certificate-model'
import {
  ConfigError,
  EventBusVariables,
  Required,
  ServiceVariables,
  TokenVariables,
  parseFaultlessVariable,
  parseVariable,
} from '@minaintyg/config'
import Type from 'typebox'
import type { Static } from 'typebox'
import { checkClientCertificate } from './journals/client-certificate.ts'
import type { JournalSource } from './journals/journal-source.ts'
import { PushVariables } from './push/push-config.ts'

export const CertificateStoreConfig = Type.Object({
  ...ServiceVariables,
  DATABASE_URL: Required('Postgres database of this service'),
  ...TokenVariables,
  IDENTITY_URL: Required('Base URL of identity'),
  CONSENT_URL: Required('Base URL of consent'),
  CLIENT_KEY: Required(
    'Private key of the OAuth client «certificate-store»: a JWK with kid and alg, as JSON',
  ),
  MASTER_KEYS: Required(
    'Keys that seal the patients’ own keys: `id:base64 of 32 bytes`, comma between, the one in use first',
  ),
  IDENTIFIER_KEY: Type.String({
    pattern: '^[A-Za-z0-9+/]{43}=$',
    description:
      'Key of 32 bytes in base64 that ids of certificates are derived with; never changes: with another, what was sent could be sent again',
  }),
  ACCESS_LOG_KEYS: Required(
    'Keys that chain the access log, apart from all others: `id:base64 of 32 bytes`, comma between, the one in use first; earlier ones stay for as long as what they sealed',
  ),
  JOURNALS: Required(
    'JSON list of {id, name, endpoint, logicalAddress, contractVersion: 3|4, deadline?: ms (3000), connections?: 20, clientCertificate?: {certFile, keyFile, caFile?}}',
  ),
  RECIPIENTS: Type.Optional(
    Type.String({
      description:
        'JSON list of recipients, the same as dispatch has: who is named where a certificate can be sent, and in the access log; the three authorities where left out',
    }),
  ),
  CONSUMER_HSA_ID: Type.Optional(
    Type.String({
      description: 'HSA id that journals are told as x-rivta-original-serviceconsumer-hsaid',
    }),
  ),
  CERTIFICATE_TEXTS_DIR: Type.Optional(
    Type.String({
      description:
        'Folder with the authorities’ own wording, a JSON file for each version of a form; what it has stands in place of the catalogue’s Swedish',
    }),
  ),
  VERIFICATION_URL: Type.Optional(
    Type.String({
      pattern: '^https?://.+[^/]$',
      description:
        'Page of the public API where whoever holds a copy on paper sees that it is genuine, `<PUBLIC_URL>/verify`; without it copies have no such mark, and none is verified',
    }),
  ),
  FRESHNESS: Type.Integer({
    minimum: 0,
    default: 60_000,
    description: 'Milliseconds that copies are used before they are fetched anew behind the answer',
  }),
  ...PushVariables,
  ...EventBusVariables,
})
export type CertificateStoreConfig = Static<typeof CertificateStoreConfig>

const Journals = Type.Array(
  Type.Object(
    {
      id: Type.String({ pattern: '^[a-z0-9-]{1,50}$' }),
      name: Type.String({ minLength: 1 }),
      endpoint: Type.String({ pattern: '^https?://' }),
      logicalAddress: Type.String({ minLength: 1 }),
      contractVersion: Type.Union([Type.Literal(3), Type.Literal(4)]),
      deadline: Type.Optional(Type.Integer({ minimum: 100, maximum: 30_000 })),
      connections: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
      clientCertificate: Type.Optional(
        Type.Object(
          {
            certFile: Type.String(),
            keyFile: Type.String(),
            caFile: Type.Optional(Type.String()),
          },
          { additionalProperties: false },
        ),
      ),
    },
    { additionalProperties: false },
  ),
  { minItems: 1 },
)
type ConfiguredJournal = Static<typeof Journals>[number]

function faultsOf({ id, endpoint, clientCertificate }: ConfiguredJournal): string[] {
  if (clientCertificate === undefined) return []
  if (!endpoint.startsWith('https:')) {
    return [`JOURNALS has a client certificate for ${id}, whose endpoint is not https`]
  }
  try {
    checkClientCertificate(clientCertificate)
    return []
  } catch {
    return [`JOURNALS names files for ${id} that are no certificate with its key`]
  }
}

/** The journals that are asked. @throws {ConfigError} also where a client certificate cannot be used */
export function journalsOf(config: Pick<CertificateStoreConfig, 'JOURNALS'>): JournalSource[] {
  const journals = parseVariable('JOURNALS', config.JOURNALS, Journals)
  const twice = new Set(journals.map(({ id }) => id)).size < journals.length
  const faults = [...(twice ? ['JOURNALS names an id twice'] : []), ...journals.flatMap(faultsOf)]
  if (faults.length > 0) throw new ConfigError(faults)
  return journals.map(({ clientCertificate, deadline = 3_000, connections = 20, ...journal }) => ({
    ...journal,
    deadline,
    connections,
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
  }))
}

/** Those whom dispatch sends to. @throws {ConfigError} */
export const recipientsOf = ({
  RECIPIENTS,
}: Pick<CertificateStoreConfig, 'RECIPIENTS'>): readonly Recipient[] =>
  RECIPIENTS === undefined
    ? defaultRecipients
    : (parseFaultlessVariable('RECIPIENTS', RECIPIENTS, faultsOfRecipients) as Recipient[])
