import { channel } from 'node:diagnostics_channel'
import { plantedChannel } from './listen.ts'

/**
 * A personal identity number that a test puts into an address on purpose, to see what becomes of it there:
 * in this test file it is let pass in addresses, and in nothing else.
 */
export function planted(number: string): string {
  channel(plantedChannel).publish(number)
  return number
}
