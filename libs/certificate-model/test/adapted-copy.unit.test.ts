import { HideNotOfferedError, adaptedCopy, copyOf } from '@minaintyg/certificate-model'
import type { Certificate, CertificateItem } from '@minaintyg/certificate-model'

const sentence = 'Patienten har valt att inte visa diagnosen i den här kopian.'
const answer = (id: string, words: string): CertificateItem => ({
  id,
  label: `Fråga ${id}`,
  value: { type: 'text', text: words },
})
const disclosure = (value: boolean): CertificateItem => ({
  id: '100',
  label: 'Får arbetsgivaren veta?',
  value: { type: 'boolean', value },
})

function employerCertificate(items: CertificateItem[], changes: object = {}): Certificate {
  return {
    type: { code: 'AG7804', version: '1.0', name: 'Intyg' },
    summary: { label: 'Diagnos', value: 'A00 Kolera' },
    sections: [{ id: 's', heading: 'Diagnos', items }],
    actions: { hide: ['diagnosis'] },
    language: 'sv',
    ...changes,
  } as unknown as Certificate
}

describe('adaptedCopy', () => {
  test('replaces the diagnosis and the wish by one sentence and leaves the rest', () => {
    const original = employerCertificate([
      disclosure(true),
      answer('6', 'A00'),
      answer('1', 'Kock'),
    ])
    const before = structuredClone(original)
    const copy = adaptedCopy(original)
    expect(copy.sections[0]?.items).toEqual([
      { id: '100', label: 'Diagnos', value: { type: 'text', text: sentence } },
      answer('1', 'Kock'),
    ])
    expect(copy.summary).toEqual({ label: 'Diagnos', value: sentence })
    expect(copy.adapted).toEqual(['diagnosis'])
    expect(original).toEqual(before)
  })

  test('takes parts and instances of the question, and no other question', () => {
    const items = ['6.1', '6[2]', '60', '61.1', '16'].map((id) => answer(id, 'A00'))
    const ids = adaptedCopy(employerCertificate(items)).sections[0]?.items.map(({ id }) => id)
    expect(ids).toEqual(['6.1', '60', '61.1', '16'])
    expect(JSON.stringify(adaptedCopy(employerCertificate(items.slice(0, 2))))).not.toContain('A00')
  })

  test('knows that the short certificate numbers its questions otherwise', () => {
    const type = { code: 'AG1-14', version: '2.0', name: 'Intyg' }
    const wish: CertificateItem = { ...disclosure(true), id: '3' }
    const items = [wish, answer('4', 'A00'), answer('6', 'Kan arbeta')]
    const copy = adaptedCopy(employerCertificate(items, { type }))
    expect(copy.sections[0]?.items.map(({ id }) => id)).toEqual(['3', '6'])
    expect(JSON.stringify(copy)).not.toContain('A00')
  })

  test('speaks English in an English copy', () => {
    const copy = adaptedCopy(employerCertificate([answer('6', 'A00')], { language: 'en' }))
    expect(copy.sections[0]?.items[0]?.label).toBe('Diagnosis')
  })

  test.each([
    ['the certificate does not offer it', { actions: { hide: [] } }],
    ['the type has no such rule, whatever actions say', { type: { code: 'LISJP', version: '1' } }],
    ['the type is unknown', { type: { code: 'AG9999', version: '1' } }],
  ])('refuses where %s', (_, changes) => {
    const certificate = employerCertificate([answer('6', 'A00')], changes)
    expect(() => adaptedCopy(certificate)).toThrow(HideNotOfferedError)
    expect(() => copyOf(certificate, 'diagnosis')).toThrow(HideNotOfferedError)
  })
})

describe('copyOf', () => {
  test('hides without asking where the patient told the doctor not to disclose it', () => {
    const items = [disclosure(false), answer('6', 'A00')]
    const copy = copyOf(employerCertificate(items, { actions: { hide: [] } }))
    expect(JSON.stringify(copy)).not.toContain('A00')
    expect(copy.adapted).toEqual(['diagnosis'])
  })

  test('leaves everything where the patient is willing, or was not asked', () => {
    for (const items of [[disclosure(true), answer('6', 'A00')], [answer('6', 'A00')]]) {
      const certificate = employerCertificate(items)
      expect(copyOf(certificate)).toBe(certificate)
    }
  })

  test('leaves certificates for others than employers alone', () => {
    const type = { code: 'LISJP', version: '1.3', name: 'Intyg' }
    const certificate = employerCertificate([disclosure(false), answer('6', 'A00')], { type })
    expect(copyOf(certificate)).toBe(certificate)
  })
})
