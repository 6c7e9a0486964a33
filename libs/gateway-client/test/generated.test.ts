import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jest } from '@jest/globals'
import { localCodes, sentenceOf } from '../src/index.ts'
import { sentencesFile, typesFile, writtenSentences, writtenTypes } from '../src/generate.ts'

jest.setTimeout(120_000)

const catalogue = join(import.meta.dirname, '../../../services/gateway/problems.json')

test('the types are those of openapi/gateway.yaml: «make openapi» writes them', async () => {
  expect(await readFile(typesFile, 'utf8')).toBe(await writtenTypes())
})

test('the sentences are those of the catalogue of problems: «make openapi» writes them', async () => {
  expect(await readFile(sentencesFile, 'utf8')).toBe(await writtenSentences())
})

test('every problem code has a sentence in Swedish and in English', async () => {
  const kinds = JSON.parse(await readFile(catalogue, 'utf8')) as {
    code: string
    patient: { sv: string; en: string } | null
  }[]
  expect(kinds.length).toBeGreaterThan(50)
  const general = sentenceOf('service.failed', 'sv')
  for (const { code, patient } of kinds) {
    expect([code, sentenceOf(code, 'sv')]).toEqual([code, patient?.sv ?? general])
    expect([code, sentenceOf(code, 'en')]).toEqual([
      code,
      patient?.en ?? sentenceOf('service.failed', 'en'),
    ])
  }
})

test('what only a client meets has sentences of its own, and what nobody knows has one', () => {
  const general = sentenceOf('service.failed', 'sv')
  for (const code of localCodes) expect(sentenceOf(code, 'sv')).not.toBe(general)
  expect(sentenceOf('newer.than-this', 'sv')).toBe(general)
})
