import type { SignedConsentProof } from '@minaintyg/contracts'
import { loadFonts, renderConsentProof } from '../src/drawing/index.ts'
import { conformanceFaults } from './conformance-faults.ts'
import { consentProof, signed } from './consent-proof.ts'
import { readObjects } from './pdf-objects.ts'
import { readEveryByte, readPages, readStructure, unspaced } from './pdf-reading.ts'

const fonts = loadFonts()
const draw = async (proof: SignedConsentProof, language: 'sv' | 'en' = 'sv') =>
  (await renderConsentProof(proof, { fonts, language })).bytes
const contentOf = async (bytes: Uint8Array) =>
  (await readPages(bytes)).map(({ content }) => content).join('\n')

test('says each thing that the patient said, when in Swedish time, to which text and how', async () => {
  const said = unspaced(await contentOf(await draw(signed())))
  const rows = [
    '2026-01-16 00:30 Samtycke lämnat 1.0, svenska E-legitimation, tillitsnivå 3',
    '2026-07-01 10:00 Samtycke återkallat 1.0, svenska Mina intyg, på patientens begäran',
    '2026-11-02 11:00 Samtycke lämnat 2.0, engelska E-legitimation, tillitsnivå 4',
  ]
  expect(said).toContain(unspaced(rows.join('')))
})

test('holds the wording of every text, and how the signature is checked', async () => {
  const said = unspaced(await contentOf(await draw(signed())))
  for (const { title, paragraphs } of consentProof().texts) {
    expect(said).toContain(unspaced([title, ...paragraphs].join('')))
  }
  expect(said).toContain('https://intyg.example/minaintyg/v1/.well-known/consent-jwks.json')
})

test('is in English for who asks for it, with the texts as they were shown', async () => {
  const bytes = await draw(signed(), 'en')
  const said = unspaced(await contentOf(bytes))
  expect(said).toContain(unspaced('2026-01-16 00:30 Consent given 1.0, Swedish'))
  expect(said).toContain('Detärfrivilligt.')
  expect((await readStructure(bytes)).info).toMatchObject({ Language: 'en' })
  const languages = [...readObjects(bytes).objects.values()].flatMap((value) => {
    const { S, Lang } = value as { S?: { name?: string }; Lang?: string }
    return S?.name === 'Div' ? [Lang] : []
  })
  expect(languages).toEqual(['sv-SE', 'en'])
})

test('attaches the signed file as it is', async () => {
  const proof = signed()
  const bytes = await draw(proof)
  expect(readEveryByte(bytes)).toContain(proof.jws)
  expect(Buffer.from(bytes).toString('latin1')).toContain('(consent-proof.jws)')
})

test('is the same bytes for the same proof', async () => {
  expect(Buffer.from(await draw(signed())).equals(await draw(signed()))).toBe(true)
})

const many = Array.from({ length: 400 }, (_, index) => ({
  ...consentProof().statements[0]!,
  at: new Date(Date.UTC(2026, 0, 1, index)).toISOString(),
}))

test.each<[string, SignedConsentProof]>([
  ['of several statements', signed()],
  ['of no statement', signed(consentProof({ statements: [], texts: [] }))],
  ['of four hundred statements', signed(consentProof({ statements: many }))],
  [
    'of a level and a text that nobody knows',
    signed(
      consentProof({
        statements: [{ ...many[0]!, loa: 'urn:other', textVersion: '<&>\u0000 中' }],
        texts: [],
      }),
    ),
  ],
])('a proof %s is PDF/A-3a and PDF/UA-1', async (_what, proof) => {
  for (const language of ['sv', 'en'] as const) {
    expect(conformanceFaults(await draw(proof, language))).toEqual([])
  }
})

test('a proof of four hundred statements has them all', async () => {
  const said = unspaced(await contentOf(await draw(signed(consentProof({ statements: many })))))
  expect(said.match(/Samtyckelämnat/g)).toHaveLength(401)
})
