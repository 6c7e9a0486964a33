const names = ['NODE_OPTIONS', 'MINAINTYG_SCAN_FOLDER', 'MINAINTYG_SCAN_NAMES']

/** What a Node process that is given an environment of its own needs, so that it is looked through as well. */
export const scannedChild = (): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
