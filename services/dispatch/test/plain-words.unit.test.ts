import { plainWords } from '../src/receipts/plain-words.ts'

const mark = (code: number) => String.fromCodePoint(code)

test.each([
  ['Vilka arbetsuppgifter?', 'Vilka arbetsuppgifter?'],
  ['  Två rader\r\nmed\ttabb  \n', 'Två rader\nmed tabb'],
  ['a\n\n\n\n\nb', 'a\n\nb'],
  [`a${mark(0)}b${mark(7)}c${mark(27)}[31md`, 'abc[31md'],
  [`godkänt${mark(0x202e)}tnäkdog`, 'godkänttnäkdog'],
  [`a${mark(0x200b)}b${mark(0xfeff)}c${mark(0x2028)}d`, 'abcd'],
  [`a${mark(0x308)}pple`, 'äpple'],
  ['<script>alert(1)</script>', '<script>alert(1)</script>'],
  [` ${mark(0x200f)} `, ''],
])('%j becomes %j', (written, words) => {
  expect(plainWords(written)).toBe(words)
})

test('is never longer than what was written, but where letters become other letters', () => {
  const written = 'x'.repeat(2000)
  expect(plainWords(written)).toHaveLength(2000)
})
