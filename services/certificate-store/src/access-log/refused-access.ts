import { AppError } from '@minaintyg/errors'
import type { Server } from '@minaintyg/service'
import { errors } from '../errors.ts'
import type { Access, AccessActor, AccessLog } from './access-log-repository.ts'

type Attempt = Omit<Access, 'refusal' | 'actor' | 'ownerId'> & { actor: AccessActor }

/** Runs what gives data out, and puts on record where that is refused. */
export type LogRefusals = <T>(attempt: Attempt, run: () => Promise<T>) => Promise<T>

const logged = new Set<string>([errors.consentRequired.code, errors.certificateNotFound.code])

/**
 * What is another's is answered as what is not there, and looks the same in the asker's log. Its owner is noted beside
 * it: nothing of theirs was shown to anyone, so it does not stand in theirs, but someone must look at who tries.
 */
export function createLogRefusals(
  accessLog: AccessLog,
  log: Pick<Server['log'], 'warn'>,
): LogRefusals {
  async function ownerOf({ certificate, patientId }: Attempt): Promise<string | undefined> {
    if (certificate === undefined) return undefined
    const owner = await accessLog.findOwner(certificate.id)
    return owner === patientId ? undefined : owner
  }

  return async (attempt, run) => {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof AppError) || !logged.has(error.code)) throw error
      const isMissing = error.code === errors.certificateNotFound.code
      const ownerId = isMissing ? await ownerOf(attempt) : undefined
      await accessLog.write({ ...attempt, refusal: error.code, ownerId })
      if (ownerId !== undefined) {
        const { traceId } = attempt.actor.trace
        const { clientId, kind } = attempt.actor
        log.warn({ traceId, clientId, actor: kind }, 'another patient’s certificate was asked for')
      }
      throw error
    }
  }
}
