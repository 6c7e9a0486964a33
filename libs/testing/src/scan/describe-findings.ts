import type { Finding } from './recorder.ts'

const words = { number: 'a personal identity number', name: 'a test person’s name' }
const places: Record<Finding['channel'], string> = {
  address: 'in an address',
  header: 'in a header',
  token: 'in a token',
  log: 'in a log line',
  event: 'in an event',
  table: 'in a table',
}

/** For whoever looks for where it came from, without saying what it is. */
export function describeFindings(file: string, findings: readonly Finding[]): string {
  const lines = findings.map(
    ({ channel, kind, around }) => `  ${words[kind]} ${places[channel]}: …${around}…`,
  )
  return [`${file} let personal data out:`, ...lines.slice(0, 20)].join('\n')
}
