import { createHash, randomUUID } from 'node:crypto'
import { createPersonalDataFinder } from '../src/scan/personal-data.ts'

const find = createPersonalDataFinder(['Åkerström', 'Maja Lindqvist'])
const twelve = ['1912', '1212', '1212'].join('')
const ten = twelve.slice(2)
const coordination = ['1970', '1063', '2391'].join('')

describe('is found', () => {
  test.each([
    [twelve],
    [`${twelve.slice(0, 8)}-${twelve.slice(8)}`],
    [`${ten.slice(0, 6)}-${ten.slice(6)}`],
    [`${ten.slice(0, 6)}+${ten.slice(6)}`],
    [ten],
    [coordination],
    [`/patients/${twelve}/number`],
    [`?q=${twelve}&x=1`],
    [`%22${twelve}%22`],
    [`patient_${twelve}`],
    [`pnr${twelve}`],
    [`{"number":${twelve}}`],
    [`(${ten})`],
  ])('a number: %#', (text) => {
    const found = find(`before ${text} after`)
    expect(found?.kind).toBe('number')
    expect(found?.around).toContain('before')
    expect(found?.around).not.toMatch(/\d/)
  })

  test.each(['said Maja Lindqvist.', '{"name":"Gun-Britt Åkerström"}'])('a name: %s', (text) => {
    expect(find(text)?.kind).toBe('name')
    expect(find(text)?.around).not.toMatch(/Lindqvist|Åkerström/)
  })
})

describe('is not taken for one', () => {
  test.each([
    ['a check digit that is wrong', `${twelve.slice(0, 11)}3`],
    ['a day that there is not', '191213321212'],
    ['a time in seconds', '{"iat":1795392000,"exp":1812040001}'],
    ['a time in milliseconds', String(Date.parse('2026-11-23T00:00:00Z'))],
    ['a time', '2026-11-23T00:01:49.123Z 20261123T000149'],
    ['a longer number', `1${twelve}`],
    ['a decimal', `0.${twelve}`],
    ['a masked number', '19121212-••••'],
    ['an organisation', 'SE2321000016-1003 232100-0016'],
    ['a word that holds a name', 'Åkerströmska'],
  ])('%s', (_what, text) => {
    expect(find(`before ${text} after`)).toBeUndefined()
  })

  test('what is random: ids, traces, hashes and tokens', () => {
    for (let round = 0; round < 20_000; round += 1) {
      const id = randomUUID()
      const hash = createHash('sha256').update(id).digest()
      const text = `${id} 00-${hash.toString('hex', 0, 16)}-${hash.toString('hex', 16, 24)}-01 ${hash.toString('hex')} ${hash.toString('base64url')}`
      expect(find(text)).toBeUndefined()
    }
    const inId = `${twelve.slice(0, 8)}-1212-4212-8212-${twelve}`
    expect(find(inId)).toBeUndefined()
  })
})
