import { createPersonalDataFinder } from './personal-data.ts'
import type { PersonalData } from './personal-data.ts'

export const channels = ['address', 'header', 'token', 'log', 'event', 'table'] as const
export type Channel = (typeof channels)[number]
export interface Finding extends PersonalData {
  channel: Channel
}
export type Counts = Record<Channel, number>

export const noCounts = (): Counts => ({
  address: 0,
  header: 0,
  token: 0,
  log: 0,
  event: 0,
  table: 0,
})

/** JWTs, wherever in a text: two or three parts, of which the first two are JSON. */
const jwt = /eyJ[\w-]+\.eyJ[\w-]+/g
/** So many texts are remembered as looked at. */
const remembered = 20_000

const fromBase64 = (part: string) => Buffer.from(part, 'base64url').toString('utf8')

/** Looks at what passes by, at once: nothing is kept but what must not be there, made unreadable. */
export function createRecorder(options: {
  names?: readonly string[]
  onFinding: (finding: Finding) => void
}) {
  const find = createPersonalDataFinder(options.names)
  const counts = noCounts()
  const seen = new Set<string>()
  const planted = new Set<string>()

  function look(channel: Channel, text: string): void {
    counts[channel] += 1
    const found = find(text)
    if (found !== undefined) options.onFinding({ channel, ...found })
  }
  function isNew(text: string): boolean {
    if (seen.has(text)) return false
    if (seen.size >= remembered) seen.clear()
    seen.add(text)
    return true
  }
  /** Of a body nothing but its tokens: what a journal or a provider is asked and answers is between the two. */
  function tokens(text: string): void {
    if (!text.includes('eyJ')) return
    for (const [token] of text.matchAll(jwt)) {
      if (!isNew(token)) continue
      const [header = '', payload = ''] = token.split('.')
      look('token', `${fromBase64(header)} ${fromBase64(payload)}`)
    }
  }

  return {
    counts,
    look,
    tokens,
    /** A test puts this into an address on purpose. It may stand nowhere else. */
    plant(text: string): void {
      planted.add(text)
    },
    address(text: string): void {
      if (!isNew(text)) return
      let rest = text
      for (const each of planted) rest = rest.replaceAll(each, 'planted')
      look('address', rest)
      tokens(text)
    },
    header(name: string, value: string): void {
      if (!isNew(value)) return
      look('header', `${name}: ${value}`)
      tokens(value)
    },
  }
}
export type Recorder = ReturnType<typeof createRecorder>
