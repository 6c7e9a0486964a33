import type { Adapter, AdapterPayload } from 'oidc-provider'

/** The provider's state, which ends with the process: people simply log in again. */
export function createMemoryAdapters(): (model: string) => Adapter {
  const entries = new Map<string, { payload: AdapterPayload; expiresAt: number }>()

  function dropExpired(): void {
    for (const [key, { expiresAt }] of entries) if (expiresAt < Date.now()) entries.delete(key)
  }

  return (model) => {
    const keyOf = (id: string) => `${model} ${id}`
    const read = (id: string) => {
      const entry = entries.get(keyOf(id))
      return entry !== undefined && entry.expiresAt >= Date.now() ? entry.payload : undefined
    }
    return {
      async upsert(id, payload, expiresIn = 3600) {
        dropExpired()
        entries.set(keyOf(id), { payload, expiresAt: Date.now() + expiresIn * 1000 })
      },
      find: async (id) => read(id),
      findByUid: async (uid) =>
        [...entries]
          .filter(([key]) => key.startsWith(`${model} `))
          .map(([, { payload }]) => payload)
          .find((payload) => payload.uid === uid),
      findByUserCode: async () => undefined,
      async consume(id) {
        const payload = read(id)
        if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000)
      },
      async destroy(id) {
        entries.delete(keyOf(id))
      },
      async revokeByGrantId(grantId) {
        for (const [key, { payload }] of entries) {
          if (payload.grantId === grantId) entries.delete(key)
        }
      },
    }
  }
}
