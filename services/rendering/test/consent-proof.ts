import type { ConsentProof, SignedConsentProof } from '@minaintyg/contracts'

export const patientId = '0b8f3c1e-1111-4222-8333-444455556666'

const statement = {
  id: '1b2c3d4e-5f60-4718-a9b0-c1d2e3f4a5b6',
  textVersion: '1.0',
  language: 'sv' as const,
  channel: 'gateway',
  loa: 'http://id.elegnamnden.se/loa/1.0/loa3',
  sessionId: '7a7de1e4-3f0a-4d6a-9d0f-0b6a2e1f5c05',
}

/** Of someone who said yes, changed their mind by letter, and said yes again to a newer text in English. */
export const consentProof = (changes: Partial<ConsentProof> = {}): ConsentProof => ({
  issuer: 'https://intyg.example/minaintyg/v1',
  issuedAt: '2026-11-05T10:00:00.000Z',
  patientId,
  statements: [
    { ...statement, kind: 'given', at: '2026-01-15T23:30:00.000Z' },
    {
      ...statement,
      kind: 'withdrawn',
      at: '2026-07-01T08:00:00.000Z',
      channel: 'operator',
      loa: null,
      sessionId: null,
    },
    {
      ...statement,
      kind: 'given',
      at: '2026-11-02T10:00:00.000Z',
      textVersion: '2.0',
      language: 'en',
      loa: 'http://id.elegnamnden.se/loa/1.0/loa4',
    },
  ],
  texts: [
    {
      version: '1.0',
      language: 'sv',
      title: 'Ditt samtycke till att visa intyg',
      paragraphs: ['Det är frivilligt.', 'Du kan ångra dig när du vill.'],
    },
    {
      version: '2.0',
      language: 'en',
      title: 'Your consent to showing certificates',
      paragraphs: ['It is voluntary.', 'You can change your mind at any time.'],
    },
  ],
  ...changes,
})

/** Signed by no one: what checks the signature is whoever is shown the file. */
export function signed(proof: ConsentProof = consentProof()): SignedConsentProof {
  const payload = Buffer.from(JSON.stringify(proof)).toString('base64url')
  return { proof, jws: `eyJhbGciOiJFZERTQSJ9.${payload}.c2lnbmF0dXJl` }
}
