import { readFileSync } from 'node:fs'
import {
  ConfigError,
  EventBusVariables,
  Required,
  ServiceVariables,
  TokenVariables,
  parseVariable,
} from '@minaintyg/config'
import Type from 'typebox'
import type { Static } from 'typebox'
import type { JournalSource } from './journals/journal-source.ts'

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
  JOURNALS: Required(
    'JSON list of {id, name, endpoint, logicalAddress, contractVersion: 3|4, deadline?: ms (3000), connections?: 20, clientCertificate?: {certFile, keyFile, caFile?}}',
  ),
  CONSUMER_HSA_ID: Type.Optional(
    Type.String({
      description: 'HSA id that journals are told as x-rivta-original-serviceconsumer-hsaid',
    }),
  ),
  FRESHNESS: Type.Integer({
    minimum: 0,
    default: 60_000,
    description: 'Milliseconds that copies are used before they are fetched anew behind the answer',
  }),
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
/** The journals that are asked, with the files of their client certificates read. */
export function journalsOf(config: Pick<CertificateStoreConfig, 'JOURNALS'>): JournalSource[] {
  const journals = parseVariable('JOURNALS', config.JOURNALS, Journals)
  if (new Set(journals.map(({ id }) => id)).size < journals.length) {
    throw new ConfigError(['JOURNALS names an id twice'])
  }
  return journals.map(({ clientCertificate, deadline = 3_000, connections = 20, ...journal }) => ({
    ...journal,
    deadline,
    connections,
    ...(clientCertificate === undefined
      ? {}
      : {
          tls: {
            cert: readFileSync(clientCertificate.certFile, 'utf8'),
            key: readFileSync(clientCertificate.keyFile, 'utf8'),
            ...(clientCertificate.caFile === undefined
              ? {}
              : { ca: readFileSync(clientCertificate.caFile, 'utf8') }),
          },
        }),
  }))
}
