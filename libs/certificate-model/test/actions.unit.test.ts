import {
  canonicalTypeCode,
  certificateActions,
  typeRule,
  typeRules,
} from '@minaintyg/certificate-model'
import type { ActionFacts } from '@minaintyg/certificate-model'

const actionsOf = (code: string, version: string, facts: Partial<ActionFacts> = {}) =>
  certificateActions({
    type: { code, version },
    readable: true,
    revoked: false,
    replaced: false,
    complemented: false,
    infectionControl: false,
    ...facts,
  })

describe('type rules', () => {
  test('no code belongs to two types', () => {
    const codes = typeRules.flatMap((rule) => rule.codes)
    expect(new Set(codes).size).toBe(codes.length)
  })

  test.each([
    ['luae_fs', 'LUAE_FS'],
    [' ag114 ', 'AG1-14'],
    ['ts-bas', 'TSTRK1007'],
    ['NEW-TYPE', 'NEW-TYPE'],
  ])('%p is written %s', (code, canonical) => {
    expect(canonicalTypeCode(code)).toBe(canonical)
  })

  test.each(['DB', 'doi', 'FK3221', 'LU_OMV_MEK', 'fk7426', 'fk7427', 'ITFP'])(
    '%s is never shown',
    (code) => {
      expect(typeRule(code).shown).toBe(false)
    },
  )

  test('an unknown type is shown and goes nowhere', () => {
    expect(typeRule('NEW-TYPE')).toMatchObject({ shown: true, recipient: null })
  })
})

describe('sending', () => {
  test.each([
    ['LISJP', '1.3', 'FKASSA'],
    ['LISJP', '2.0', 'FKASSA'],
    ['TSTRK1007', '7.0', 'TRANSP'],
    ['TSTRK1031-002', '4.2', 'TRANSP'],
    ['AF00213', '1.0', 'AF'],
  ])('%s %s goes to %s', (code, version, recipient) => {
    expect(actionsOf(code, version).send).toMatchObject({
      allowed: true,
      recipients: [{ id: recipient }],
    })
  })

  test.each([
    ['AG7804', '2.0', {}, 'recipient.none'],
    ['NEW-TYPE', '1.0', {}, 'recipient.none'],
    ['FK7263', '1.0', {}, 'certificate.version-too-old'],
    ['TSTRK1007', '6.8', {}, 'certificate.version-too-old'],
    ['TSTRK1031', 'no number', {}, 'certificate.version-too-old'],
    ['LISJP', '1.3', { replaced: true }, 'certificate.replaced'],
    ['LISJP', '1.3', { complemented: true }, 'certificate.complemented'],
    ['LISJP', '1.3', { readable: false }, 'certificate.unreadable'],
    ['LISJP', '1.3', { revoked: true, replaced: true }, 'certificate.revoked'],
  ])('%s %s with %j is refused: %s', (code, version, facts, reason) => {
    expect(actionsOf(code, version, facts).send).toEqual({ allowed: false, reason, recipients: [] })
  })
})

describe('copies', () => {
  test('a replaced or complemented certificate is read on screen and nothing else', () => {
    for (const facts of [{ replaced: true }, { complemented: true }]) {
      const { read, save, print, hide } = actionsOf('AG7804', '2.0', facts)
      expect({ read: read.allowed, save: save.allowed, print: print.allowed, hide }).toEqual({
        read: true,
        save: false,
        print: false,
        hide: [],
      })
    }
  })

  test('the diagnosis may be left out of an employer’s certificate', () => {
    expect(actionsOf('AG114', '2.0').hide).toEqual(['diagnosis'])
    expect(actionsOf('AG7804', '1.2').hide).toEqual(['diagnosis'])
    expect(actionsOf('LISJP', '1.3').hide).toEqual([])
  })

  test('nothing may be left out where the certificate is about infection control', () => {
    expect(actionsOf('AG7804', '2.0', { infectionControl: true }).hide).toEqual([])
  })
})
