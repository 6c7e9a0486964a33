/** What no one sees and may yet change what is read: control characters, and marks that turn the direction of text. */
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu

/**
 * What a recipient wrote, as words and nothing else: nothing that a terminal, a page or a reader obeys, and no more than
 * one empty line in a row. Its length is bounded by the contract of receipts.
 */
export function plainWords(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.replace(/\t/g, ' ').replace(unseen, '').trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
