import { readFileSync } from 'node:fs'
import type { Recipient } from '../src/recipients/recipient-model.ts'

/** The configuration that the README shows: the authorities, an insurer and two employers. */
export const exampleRecipients = JSON.parse(
  readFileSync(new URL('../recipients.example.json', import.meta.url), 'utf8'),
) as Recipient[]

export const exampleRecipient = (id: string): Recipient => {
  const found = exampleRecipients.find((recipient) => recipient.id === id)
  if (found === undefined) throw new Error(`There is no example called ${id}`)
  return found
}
