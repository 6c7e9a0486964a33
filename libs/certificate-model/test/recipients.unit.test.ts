import {
  certificateActions,
  defaultRecipients,
  offersOf,
  sendActionOf,
  typeRules,
} from '@minaintyg/certificate-model'
import type { ActionFacts, Recipient } from '@minaintyg/certificate-model'

const other = (id: string, more: Partial<Recipient>): Recipient => ({
  id,
  name: `${id} AB`,
  kind: 'insurer',
  channel: 'event',
  clientId: id,
  projections: ['original'],
  retention: { basis: 'avtal' },
  ...more,
})
const insurer = other('insurer', {
  accepts: { categories: ['employment', 'driving'], types: ['LISJP'] },
})
const employer = other('employer', {
  kind: 'employer',
  projections: ['employment'],
  accepts: { categories: ['employment'] },
})
const onPaper = other('paper', { channel: 'none', accepts: { categories: ['employment'] } })
const all = [insurer, employer, onPaper, ...defaultRecipients]

const factsOf = (code: string, version = '9.0', facts: Partial<ActionFacts> = {}) => {
  const type = { code, version }
  const standing = {
    ...{ readable: true, revoked: false, replaced: false },
    ...{ complemented: false, infectionControl: false },
    ...facts,
    type,
  }
  return { type, send: certificateActions(standing).send }
}
const named = (recipients: readonly Recipient[], facts = factsOf('LISJP')) => {
  const { allowed, reason, recipients: found } = sendActionOf(recipients, facts)
  return [allowed ? 'allowed' : reason, ...found.map(({ id }) => id)]
}

describe('to whom a certificate can be sent', () => {
  test.each<[what: string, facts: ReturnType<typeof factsOf>, expected: unknown[]]>([
    ['the authority first', factsOf('LISJP'), ['allowed', 'FKASSA', 'insurer']],
    ['who accepts its category', factsOf('AG7804'), ['allowed', 'insurer', 'employer']],
    ['what the authority does not take any more', factsOf('TS8071', '1.0'), ['allowed', 'insurer']],
    ['nobody of a type that nobody knows', factsOf('NEW'), ['recipient.none']],
    ['nobody else of an old form', factsOf('FK7263'), ['certificate.version-too-old']],
    ...(['revoked', 'replaced', 'complemented'] as const).map(
      (fact): [string, ReturnType<typeof factsOf>, unknown[]] => [
        `nobody once it is ${fact}`,
        factsOf('AG7804', '2.0', { [fact]: true }),
        [`certificate.${fact}`],
      ],
    ),
  ])('%s', (_what, facts, expected) => {
    expect(named(all, facts)).toEqual(expected)
  })

  test('is what there is: an authority that is not configured is not named', () => {
    expect(named([insurer])).toEqual(['allowed', 'insurer'])
    expect(named([employer])).toEqual(['recipient.none'])
  })

  test('with the authorities alone is what the rules of the types say', () => {
    for (const { codes } of typeRules) {
      for (const version of ['1.0', '9.0']) {
        const facts = factsOf(codes[0]!, version)
        expect([codes[0], sendActionOf(defaultRecipients, facts)]).toEqual([codes[0], facts.send])
      }
    }
  })

  test('who is not named has a reason against it, and paper has one always', () => {
    const offers = offersOf(all, factsOf('AG7804'))
    expect(offers.map(({ recipient, reason }) => [recipient.id, reason])).toEqual([
      ['insurer', undefined],
      ['employer', undefined],
      ['paper', 'recipient.not-accepted'],
    ])
  })
})
