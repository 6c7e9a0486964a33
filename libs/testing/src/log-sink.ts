/** Where a test's server logs to, so that its lines can be read. */
export function createLogSink() {
  const lines: string[] = []
  return {
    lines,
    destination: { write: (line: string) => void lines.push(line) },
    entries: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}
