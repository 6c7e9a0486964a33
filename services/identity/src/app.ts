import { join } from 'node:path'
import { audiences } from '@minaintyg/contracts'
import { createKeyring } from '@minaintyg/crypto'
import type { Keyring } from '@minaintyg/crypto'
import { createDatabase, databaseChecks } from '@minaintyg/db'
import { createServer, watchExpiry } from '@minaintyg/service'
import type { KeySource, Server, Service, Worker } from '@minaintyg/service'
import { nameNeighbour } from '@minaintyg/telemetry'
import type { Kysely } from 'kysely'
import type { DestinationStream } from 'pino'
import { createAudit } from './audit/audit.ts'
import { auditRefusedAccess } from './audit/refused-access.ts'
import { readClients } from './authorization-server/clients.ts'
import { tokenEndpoint } from './authorization-server/token-endpoint.ts'
import { createCleanUp } from './clean-up.ts'
import type { IdentityConfig } from './config.ts'
import type { Database } from './database.ts'
import { createDownloadGrants } from './download-grants/download-grants.ts'
import { downloadGrantRoutes } from './download-grants/download-grant-routes.ts'
import { createCompleteLogIn } from './log-ins/complete-log-in.ts'
import { createLogInRepository } from './log-ins/log-in-repository.ts'
import { logInRoutes } from './log-ins/log-in-routes.ts'
import { createProviderKeys } from './log-ins/provider-keys.ts'
import { clientMetadata } from './log-ins/registration.ts'
import { createRelyingParty } from './log-ins/relying-party.ts'
import { createLookup } from './persons/lookup.ts'
import type { Lookup } from './persons/lookup.ts'
import { createPersonRepository } from './persons/person-repository.ts'
import { personRoutes } from './persons/person-routes.ts'
import { backChannelLogOutRoutes } from './sessions/back-channel-log-out-routes.ts'
import { createBackChannelLogOut } from './sessions/back-channel-log-out.ts'
import { ownSessionRoutes } from './sessions/own-session-routes.ts'
import { createSessionRepository } from './sessions/session-repository.ts'
import { sessionRoutes } from './sessions/session-routes.ts'
import { createSessions } from './sessions/sessions.ts'
import { createPatientTokens } from './tokens/patient-tokens.ts'
import { createKeyRotation, createKeyRotationWorker } from './tokens/key-rotation.ts'
import { createSigningKeyRepository } from './tokens/signing-key-repository.ts'
import type { SigningKeyRepository } from './tokens/signing-key-repository.ts'
import { createSigningKeys } from './tokens/signing-keys.ts'
import { tokenRoutes } from './tokens/token-routes.ts'
import { createReSealing } from './re-sealing.ts'
import { createUsedTokens } from './used-tokens.ts'

export { IdentityConfig } from './config.ts'
export { errors as identityErrors } from './errors.ts'
export { defaultGrants, recipientGrants } from './authorization-server/default-clients.ts'
export type { RegisteredClient } from './authorization-server/clients.ts'

const migrations = join(import.meta.dirname, '../migrations')

export interface IdentityDeps {
  now?: () => Date
  /** Beside this service's own keys. */
  keys?: KeySource
  logDestination?: DestinationStream
}

interface WorkerParts {
  db: Kysely<Database>
  config: IdentityConfig
  personKeys: Keyring
  secretKeys: Keyring
  lookup: Lookup
  keyRepository: SigningKeyRepository
  now: () => Date
  log: Server['log']
}

function createWorkers(parts: WorkerParts): Worker[] {
  const { db, config, personKeys, secretKeys, lookup, now, log } = parts
  const { keyRepository: repository } = parts
  const rotation = createKeyRotation({ repository, days: config.SIGNING_KEY_DAYS, now })
  return [
    createCleanUp({ db, now, log }),
    createKeyRotationWorker({ rotation, log }),
    createReSealing({ db, personKeys, secretKeys, lookup, log }),
  ]
}

export async function buildIdentityService(
  config: IdentityConfig,
  deps: IdentityDeps = {},
): Promise<Service> {
  const { now = () => new Date(), logDestination } = deps
  const issuer = config.ISSUER_URL
  const clients = readClients(config.CLIENTS)
  const personKeys = createKeyring(config.PERSON_NUMBER_KEYS)
  const secretKeys = createKeyring(config.SECRET_KEYS)
  const lookup = createLookup(config.PERSON_LOOKUP_KEY)
  const db = createDatabase<Database>({ url: config.DATABASE_URL, poolSize: 10 })
  const keyRepository = createSigningKeyRepository(db, secretKeys)
  const signingKeys = createSigningKeys(keyRepository, now)
  const app = await createServer({
    name: 'identity',
    logLevel: config.LOG_LEVEL,
    ...(logDestination === undefined ? {} : { logDestination }),
    authentication: {
      issuer,
      audience: audiences.identity,
      keys: deps.keys ?? ((header) => signingKeys.find(header)),
    },
  })
  app.readiness.add(databaseChecks({ db, url: config.DATABASE_URL, migrations }))
  nameNeighbour(config.PROVIDER_ISSUER, 'e-legitimation')
  const unwatchKeys = watchExpiry('access-tokens', () =>
    keyRepository.activeUntil(config.SIGNING_KEY_DAYS),
  )
  const audit = createAudit({ db, now, log: app.log })
  auditRefusedAccess(app, audit)
  app.addHook('onClose', async () => {
    unwatchKeys()
    await audit.settle()
    await db.destroy()
  })

  const persons = createPersonRepository({ db, keyring: personKeys, lookup })
  const repository = createSessionRepository({ db, keyring: secretKeys, lookup })
  const sessions = createSessions({ sessions: repository, now })
  const logIns = createLogInRepository(db, secretKeys)
  const usedTokens = createUsedTokens(db)
  const providerKeys = createProviderKeys(now, config.PROVIDER_DEADLINE)
  const relyingParty = createRelyingParty({ config, keys: providerKeys, now })
  const patientTokens = createPatientTokens({ signingKeys, sessions, issuer, now })
  const grants = createDownloadGrants({ db, sessions, now })
  const completeLogIn = createCompleteLogIn({
    db,
    logIns,
    persons,
    sessions: repository,
    relyingParty,
    protectedIdentityClaim: config.PROTECTED_IDENTITY_CLAIM,
    audit,
    now,
  })
  const backChannelLogOut = createBackChannelLogOut({
    relyingParty,
    keys: providerKeys,
    clientId: config.RELYING_PARTY_ID,
    signingAlgorithm: config.PROVIDER_SIGNING_ALG,
    usedTokens,
    sessions: repository,
    now,
  })

  await app.register(logInRoutes({ relyingParty, logIns, completeLogIn, sessions, audit, now }))
  await app.register(
    sessionRoutes({ sessions, repository, patientTokens, relyingParty, audit, now }),
  )
  await app.register(ownSessionRoutes({ sessions, repository, audit, now }))
  await app.register(backChannelLogOutRoutes({ backChannelLogOut, audit }))
  await app.register(downloadGrantRoutes({ grants, sessions, patientTokens }))
  await app.register(personRoutes({ persons, audit }))
  await app.register(
    tokenRoutes({
      patientTokens,
      signingKeys,
      relyingPartyJwks: () => relyingParty.jwks(),
      relyingPartyMetadata: clientMetadata(config),
    }),
  )
  await app.register(tokenEndpoint({ issuer, clients, signingKeys, usedTokens, audit }))
  const workers = createWorkers({
    db,
    config,
    personKeys,
    secretKeys,
    lookup,
    keyRepository,
    now,
    log: app.log,
  })
  return { app, workers }
}
