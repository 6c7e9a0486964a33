import type { Kysely, Transaction } from 'kysely'
import { AppError } from '@minaintyg/errors'
import type { Audit } from '../audit/audit.ts'
import type { Database } from '../database.ts'
import { errors } from '../errors.ts'
import { identify } from '../persons/person-model.ts'
import type { PersonRepository } from '../persons/person-repository.ts'
import type { SessionRepository } from '../sessions/session-repository.ts'
import type { LogInRepository } from './log-in-repository.ts'
import type { RelyingParty } from './relying-party.ts'

interface Deps {
  db: Kysely<Database>
  logIns: LogInRepository
  persons: PersonRepository
  sessions: SessionRepository
  relyingParty: RelyingParty
  protectedIdentityClaim: string
  audit: Audit
  now: () => Date
}

export type CompleteLogIn = ReturnType<typeof createCompleteLogIn>

export function createCompleteLogIn(deps: Deps) {
  const { db, logIns, persons, sessions, relyingParty, protectedIdentityClaim, audit, now } = deps

  async function endReplaced(tx: Transaction<Database>, id: string, traceId: string) {
    const ended = await sessions.endById(tx, id, now())
    if (ended === undefined) return
    await audit.record(tx, { event: 'session-ended', reason: 'replaced', ...ended, traceId })
  }

  return async (logInId: string, parameters: string, traceId: string) => {
    const logIn = await logIns.take(logInId, now())
    if (logIn === undefined) throw new AppError(errors.logInExpired)
    const { returnTo, begunAt, replaces, ...secrets } = logIn
    const authenticated = await relyingParty.complete(parameters, secrets, begunAt)
    const { claims, acr, authenticatedAt, subject, hint } = authenticated
    const person = identify(claims, protectedIdentityClaim, now())
    const session = await db.transaction().execute(async (tx) => {
      const at = now()
      const patientId = await persons.save(tx, person, at)
      const opened = { patientId, acr, authenticatedAt, providerSubject: subject, hint }
      const session = await sessions.open(tx, opened, at)
      await audit.record(tx, { event: 'log-in', patientId, sessionId: session.id, traceId })
      if (replaces !== undefined) await endReplaced(tx, replaces, traceId)
      return session
    })
    return { ...session, acr, returnTo }
  }
}
