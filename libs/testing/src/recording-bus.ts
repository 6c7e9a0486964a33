import type { EventBus, OutgoingMessage } from '@minaintyg/messaging'

/** A bus that keeps what is published, for tests in which no worker is started. */
export function createRecordingBus(): EventBus & { published: OutgoingMessage[] } {
  const published: OutgoingMessage[] = []
  return {
    published,
    publish: async (message) => {
      published.push(message)
    },
    subscribe: () => Promise.reject(new Error('Nobody listens to a recording bus')),
    depthOf: () => Promise.reject(new Error('A recording bus has no queues')),
    state: () => 'ready',
    onStateChange: () => () => undefined,
    close: async () => undefined,
  }
}
