import { certificateActions } from '@minaintyg/certificate-model'
import type { ActionFacts, Certificate } from '@minaintyg/certificate-model'
import { nextStepsOf } from '../src/certificates/next-steps.ts'

type Differs = Partial<ActionFacts> &
  Partial<Pick<Certificate, 'statuses' | 'relations' | 'events'>>

const at = '2026-11-02T08:00:00Z'
const newerId = '7a7de1e4-3f0a-4d6a-9d0f-0b6a2e1f5c02'

function stepsOf(code: string, differs: Differs = {}, language: 'sv' | 'en' = 'sv') {
  const { statuses = ['new'], relations = [], events = [], ...facts } = differs
  const type = { code, version: '7.0', name: '' }
  const standing = {
    type,
    readable: true,
    revoked: false,
    replaced: false,
    complemented: false,
    infectionControl: false,
    ...facts,
  }
  return nextStepsOf(
    {
      type,
      statuses,
      relations,
      events,
      readable: standing.readable,
      actions: certificateActions(standing),
    },
    language,
  )
}
const idsOf = (...args: Parameters<typeof stepsOf>) => stepsOf(...args).map(({ id }) => id)

describe('the next steps of a certificate', () => {
  test.each<[what: string, code: string, differs: Differs, ids: string[]]>([
    ['a sick leave', 'LISJP', {}, ['apply-and-send', 'see-guide', 'extend']],
    ['another for Försäkringskassan', 'IGRAV', {}, ['send']],
    ['one for Transportstyrelsen', 'TSTRK1007', {}, ['send']],
    ['one for the employer', 'AG7804', {}, ['give-to-employer-adapted']],
    [
      'the same under infection control',
      'AG7804',
      { infectionControl: true },
      ['give-to-employer'],
    ],
    ['a type that goes nowhere', 'XY9999', {}, ['keep-copy']],
    [
      'a version that is not taken',
      'TSTRK1007',
      { type: { code: 'TSTRK1007', version: '5.0' } },
      ['ask-for-new-version'],
    ],
    ['an old form', 'FK7263', {}, ['ask-for-new-version', 'extend']],
    ['one that cannot be shown', 'LISJP', { readable: false }, ['ask-care']],
    ['one that was revoked', 'LISJP', { revoked: true, statuses: ['revoked'] }, []],
    ['one that was replaced by what is not here', 'LISJP', { replaced: true }, ['look-for-newer']],
    [
      'one that was sent from here',
      'LISJP',
      { statuses: ['sent'], events: [{ kind: 'sent', at, text: '', recipient: 'FKASSA' }] },
      ['follow', 'extend'],
    ],
    [
      'one that care has sent',
      'IGRAV',
      { statuses: ['sent'], events: [{ kind: 'sent', at, text: '' }] },
      ['sent-by-care'],
    ],
  ])('of %s', (_what, code, differs, ids) => {
    expect(idsOf(code, differs)).toEqual(ids)
  })

  test.each([
    ['replacedBy', { replaced: true }],
    ['complementedBy', { complemented: true }],
  ] as const)('of one with a newer (%s) lead to that', (kind, facts) => {
    const relations = [{ kind, certificateId: newerId, at }]
    expect(stepsOf('LISJP', { ...facts, relations })).toMatchObject([
      { id: 'open-newer', action: 'open', certificateId: newerId },
    ])
  })

  test('name the recipient, in the language that is asked for', () => {
    expect(stepsOf('TSTRK1007')[0]?.text).toBe(
      'Du kan skicka intyget härifrån till Transportstyrelsen.',
    )
    expect(stepsOf('TSTRK1007', {}, 'en')[0]).toMatchObject({
      title: 'Send the certificate',
      text: 'You can send it from here to Transportstyrelsen.',
      action: 'send',
    })
  })

  test('offer nothing that the actions refuse', () => {
    for (const code of ['LISJP', 'AG7804', 'TSTRK1007', 'XY9999']) {
      for (const facts of [{ replaced: true }, { complemented: true }, { readable: false }]) {
        const actions = stepsOf(code, facts).map(({ action }) => action)
        expect(actions).not.toContain('send')
        expect(actions).not.toContain('copy')
      }
    }
  })
})
