import type { MacKeys } from '@minaintyg/crypto'
import { beginning, sealOf } from './access-seal.ts'
import type { Head } from './access-seal.ts'

/** A seal with the entry that it is over, where there still is one. */
export interface Link {
  sequence: number
  position: number
  keyId: string
  hash: Buffer
  at: Date | null
  entry: string | null
  /** So old that it may be deleted. */
  due: boolean
}

export type FaultKind =
  'removed' | 'changed' | 'inserted' | 'gap' | 'key' | 'beginning' | 'end' | 'head'

export interface Fault {
  kind: FaultKind
  position: number | undefined
  text: string
}

const texts: Record<FaultKind, string> = {
  removed: 'an entry is gone: its seal is there',
  changed: 'does not match its seal: it was changed or moved, or what came before it was',
  inserted: 'an entry was put in afterwards',
  gap: 'entries before this one are gone, with their seals',
  key: 'is sealed with a key that is not configured',
  beginning: 'the log begins here, and what came before was not due to be deleted',
  end: 'the log was cut off: the known head lies behind its end',
  head: 'another seal stands where the known head was',
}

/** Writers commit within seconds: what is sealed so much later than it says was not written then. */
const tolerance = 5 * 60_000

type Tell = (kind: FaultKind, position?: number) => void

/** Entries come about in the order of their times. */
function createTimeCheck(tell: Tell) {
  let newest = -Infinity
  return (position: number, at: Date): void => {
    if (at.getTime() < newest - tolerance) tell('inserted', position)
    else newest = Math.max(newest, at.getTime())
  }
}

/** The head that is known from elsewhere still stands, or was old enough to be deleted. */
function createHeadCheck(knownHead: Head | undefined, tell: Tell) {
  let isSettled = knownHead === undefined
  return {
    follow({ sequence, position, hash }: Link, isFirst: boolean): void {
      if (knownHead === undefined) return
      if (isFirst && knownHead.sequence < sequence) isSettled = true
      if (knownHead.sequence !== sequence) return
      isSettled = true
      if (!knownHead.hash.equals(hash)) tell('head', position)
    },
    end(): void {
      if (!isSettled) tell('end')
    },
  }
}

/** Follows the chain from its first seal to its last. */
export function createChainCheck(
  keys: MacKeys,
  knownHead: Head | undefined,
  onFault: (fault: Fault) => void,
) {
  const tell: Tell = (kind, position) => {
    onFault({ kind, position, text: texts[kind] })
  }
  const followTime = createTimeCheck(tell)
  const headCheck = createHeadCheck(knownHead, tell)
  let sealed = 0
  let last: Head | undefined
  /** Undefined where the seal before is not known. */
  let previous: Buffer | undefined = beginning
  /** The log begins behind what was deleted, which its first entry must prove. */
  let mustProve = false

  function begin({ sequence, position, entry }: Link): void {
    if (sequence === 1) return
    previous = undefined
    mustProve = entry === null
    if (!mustProve) tell('beginning', position)
  }

  function check({ sequence, position, keyId, hash, entry, at, due }: Link): void {
    sealed += 1
    if (mustProve && !due) tell('beginning', position)
    mustProve = false
    if (entry === null || at === null) {
      tell('removed', position)
      return
    }
    followTime(position, at)
    if (previous === undefined) return
    const expected = sealOf(keys, keyId, { sequence, previous, entry })
    if (expected === undefined) tell('key', position)
    else if (!expected.equals(hash)) tell('changed', position)
  }

  return {
    tell,

    follow(link: Link): void {
      const { sequence, position, hash } = link
      headCheck.follow(link, last === undefined)
      const isGap = last !== undefined && sequence !== last.sequence + 1
      if (isGap) {
        tell('gap', position)
        previous = undefined
      }
      if (last === undefined) begin(link)
      // Of a seal that has lost its entry to retention nothing more can be said: the next one is checked against it.
      if (!(last === undefined && mustProve)) check(link)
      previous = hash
      last = { sequence, hash }
    },

    /** Of what is written and not sealed yet; undefined time where the entry is gone. */
    followWaiting(position: number, at: Date | null): void {
      if (at === null) tell('removed', position)
      else followTime(position, at)
    },

    end(): { sealed: number; head: Head | undefined } {
      if (mustProve) tell('beginning')
      headCheck.end()
      return { sealed, head: last }
    },
  }
}
