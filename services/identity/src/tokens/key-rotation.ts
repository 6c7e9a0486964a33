import type { Server, Worker } from '@minaintyg/service'
import { createPeriodicWorker } from '@minaintyg/service'
import { earliestActivation, planRotation } from './signing-key-model.ts'
import type { SigningKeyRepository } from './signing-key-repository.ts'

interface Deps {
  repository: SigningKeyRepository
  /** Days that a key signs. */
  days: number
  now: () => Date
}

export interface Rotated {
  published?: string
  activated?: string
  removed: string[]
}

/** Signing keys follow each other: published, then signing, then published still, then gone. Safe on several replicas at once. */
export interface KeyRotation {
  /** Whatever is due; mostly nothing. */
  run(): Promise<Rotated>
  /** Publishes the next key, to sign as soon as everyone can know it. The same again is no fault. */
  request(): Promise<{ kid: string; activatesAt: Date }>
  /** The keys have leaked: a new one signs at once, and no other is published. @returns its id */
  replaceAll(): Promise<string>
}

export function createKeyRotation({ repository, days, now }: Deps): KeyRotation {
  return {
    run: () =>
      repository.inTurn(async (tx, keys) => {
        const at = now()
        const { publish, activate, remove } = planRotation(keys, at, days)
        await repository.remove(tx, remove)
        if (activate !== undefined) {
          await repository.activate(tx, activate, at)
          return { activated: activate, removed: remove }
        }
        if (publish === undefined) return { removed: remove }
        return { published: await repository.publish(tx, at, publish.activatesAt), removed: remove }
      }),

    request: () =>
      repository.inTurn(async (tx, keys) => {
        const at = now()
        const next = keys.find(({ state }) => state === 'next')
        const activatesAt = earliestActivation(next?.createdAt ?? at)
        if (next === undefined) {
          return { kid: await repository.publish(tx, at, activatesAt), activatesAt }
        }
        await repository.hasten(tx, next.kid, activatesAt)
        return { kid: next.kid, activatesAt }
      }),

    replaceAll: () => repository.inTurn((tx) => repository.replaceAll(tx, now())),
  }
}

/** Milliseconds. */
const interval = 60_000

export function createKeyRotationWorker({
  rotation,
  log,
}: {
  rotation: Pick<KeyRotation, 'run'>
  log: Pick<Server['log'], 'info' | 'error'>
}): Worker & { run(): Promise<void> } {
  async function run(): Promise<void> {
    const rotated = await rotation.run()
    const { published, activated, removed } = rotated
    if (published !== undefined || activated !== undefined || removed.length > 0) {
      log.info(rotated, 'signing keys rotated')
    }
  }
  return createPeriodicWorker({ name: 'key-rotation', interval, run, log })
}
