import { ConsentGivenV1 } from '@minaintyg/contracts'
import { UnroutableError } from '@minaintyg/messaging'
import type { RelayBus } from '@minaintyg/messaging'

/** That consent was given is told to whoever listens, and nobody has to; that it was withdrawn must be heard. */
export function givenNeedsNoHearer(bus: RelayBus): RelayBus {
  return {
    ...bus,
    async publish(message) {
      try {
        await bus.publish(message)
      } catch (error) {
        const unheard = error instanceof UnroutableError
        if (!unheard || message.routingKey !== ConsentGivenV1.type) throw error
      }
    },
  }
}
