const keyPattern = /^([a-zA-Z0-9_-]{1,32}):([A-Za-z0-9+/_-]{43}=?)$/

/**
 * Keys by id out of configuration: `id:key` pairs with commas between, each key 32 bytes in base64, the one in use first.
 * @throws {Error} that names the entry's position, never the key
 */
export function parseKeys(configuration: string): Map<string, Buffer> {
  return new Map(
    configuration.split(',').map((entry, index) => {
      const [, id, key] = keyPattern.exec(entry.trim()) ?? []
      if (id === undefined || key === undefined) {
        throw new Error(`Key ${index + 1} is not of the form id:base64 of 32 bytes`)
      }
      return [id, Buffer.from(key, 'base64')] as const
    }),
  )
}
