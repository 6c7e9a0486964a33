import { acceptsType, defaultRecipients, typeRules } from '@minaintyg/certificate-model'
import { loadConfig } from '@minaintyg/config'
import { DispatchConfig, recipientsOf } from '../src/config.ts'
import { exampleRecipient, exampleRecipients } from './example-recipients.ts'

const required = (DispatchConfig.required as string[])
  .filter((name) => !['LOG_LEVEL', 'HOST'].includes(name))
  .map((name) => [name, '1'] as const)
const configuredWith = (env: Record<string, string>) =>
  recipientsOf(loadConfig(DispatchConfig, { ...Object.fromEntries(required), ...env }))
const usersWith = (env: Record<string, string>) =>
  configuredWith(env).map(({ id, brokerUser }) => [id, brokerUser])
const laid = { AMQP_URL: 'amqps://dispatch@broker/minaintyg', AMQP_DECLARE: 'false' }

describe('the broker’s users', () => {
  test('where the definitions are laid, every recipient must be its own user at the broker', () => {
    expect(usersWith(laid)).toEqual([
      ['FKASSA', 'fkassa'],
      ['TRANSP', 'transp'],
      ['AF', 'af'],
    ])
    const insurer = exampleRecipient('EXAMPLE-INSURER')
    const other = { ...insurer, id: 'OTHER', clientId: 'other', brokerUser: 'named' }
    const paper = exampleRecipient('PAPER-EMPLOYER')
    expect(usersWith({ ...laid, RECIPIENTS: JSON.stringify([insurer, other, paper]) })).toEqual([
      ['EXAMPLE-INSURER', 'example-insurer'],
      ['OTHER', 'named'],
      ['PAPER-EMPLOYER', undefined],
    ])
  })

  test('where a service declares for itself, users are what somebody configures', () => {
    expect(usersWith({ AMQP_URL: laid.AMQP_URL })).toContainEqual(['FKASSA', undefined])
    expect(usersWith({ AMQP_DECLARE: 'false' })).toContainEqual(['FKASSA', undefined])
  })
})

describe('the configuration of recipients', () => {
  const faultOf = (list: unknown) => () => configuredWith({ RECIPIENTS: JSON.stringify(list) })
  const changed = (id: string, change: object) => [{ ...exampleRecipient(id), ...change }]

  test('takes the examples, whose authorities are those that there are anyway', () => {
    expect(configuredWith({ RECIPIENTS: JSON.stringify(exampleRecipients) })).toEqual(
      exampleRecipients,
    )
    expect(exampleRecipients.slice(0, 3)).toEqual(defaultRecipients)
  })

  test.each([
    ['no list', {}, /RECIPIENTS must be array/],
    ['an empty list', [], /RECIPIENTS must not have fewer than 1 items/],
    ['no name', changed('FKASSA', { name: undefined }), /RECIPIENTS\[0\] must have required/],
    ['an unknown field', changed('FKASSA', { queue: 'q' }), /RECIPIENTS\[0\] must not have add/],
    ['an unknown kind', changed('FKASSA', { kind: 'friend' }), /RECIPIENTS\[0\]\.kind must/],
    ['e-mail', changed('FKASSA', { channel: 'email' }), /RECIPIENTS\[0\]\.channel must/],
    ['a dot in an id', changed('EXAMPLE-INSURER', { id: 'A.B' }), /RECIPIENTS\[0\]\.id must match/],
    ['no client', changed('FKASSA', { clientId: undefined }), /\[0\] needs a clientId/],
    [
      'a client without channel',
      changed('PAPER-EMPLOYER', { clientId: 'c' }),
      /has neither clientId/,
    ],
    ['an unknown authority', changed('FKASSA', { id: 'SKV' }), /no type of certificate goes to/],
    [
      'an insurer with an authority’s code',
      changed('EXAMPLE-INSURER', { id: 'AF' }),
      /has the code of/,
    ],
    [
      'an authority that chooses',
      changed('AF', { accepts: { types: ['LISJP'] } }),
      /is said by the rules/,
    ],
    ['nothing that is accepted', changed('EXAMPLE-INSURER', { accepts: {} }), /must say which/],
    [
      'an unknown type',
      changed('EXAMPLE-INSURER', { accepts: { types: ['X'] } }),
      /a type that there is not/,
    ],
    [
      'a type about a child',
      changed('EXAMPLE-INSURER', { accepts: { types: ['FK7427'] } }),
      /a type that there is not/,
    ],
    ['no original', changed('EXAMPLE-INSURER', { projections: ['pdf'] }), /must get the original/],
    [
      'an employer with the original',
      changed('EXAMPLE-EMPLOYER', { projections: ['original'] }),
      /is an employer, who gets/,
    ],
    [
      'an employer with both',
      changed('EXAMPLE-EMPLOYER', { projections: ['employment', 'pdf'] }),
      /in place of all others/,
    ],
    [
      'an employer of drivers',
      changed('EXAMPLE-EMPLOYER', { accepts: { types: ['TSTRK1031'] } }),
      /the category employment/,
    ],
    [
      'an employer of everything',
      changed('EXAMPLE-EMPLOYER', { accepts: { categories: ['driving'] } }),
      /the category employment/,
    ],
    [
      'two of one name',
      [...exampleRecipients, ...changed('FKASSA', { clientId: 'x' })],
      /the same id/,
    ],
    [
      'two of one client',
      [...exampleRecipients, ...changed('EXAMPLE-INSURER', { id: 'B' })],
      /the same clientId/,
    ],
  ])('says what is wrong where there is %s', (_name, list, words) => {
    expect(faultOf(list)).toThrow(words)
  })

  test('names all that is wrong at once', () => {
    const list = [...changed('EXAMPLE-EMPLOYER', { projections: ['original'], accepts: {} })]
    expect(faultOf(list)).toThrow(/must say which(.|\n)*is an employer, who gets/)
  })
})

describe('who takes which certificates', () => {
  const shown = typeRules.filter((rule) => rule.shown)

  test.each(shown.map((rule) => [rule.codes[0]!, rule] as const))('%s', (code, rule) => {
    const takers = exampleRecipients
      .filter((recipient) => acceptsType(recipient, code))
      .map(({ id, kind }) => (kind === 'authority' ? id : kind))
    expect(takers).toEqual([
      ...(rule.recipient === null ? [] : [rule.recipient]),
      ...(['LISJP', 'AG7804', 'AG1-14'].includes(code) ? ['insurer'] : []),
      ...(rule.category === 'employment' ? ['employer'] : []),
      ...(code === 'AG7804' ? ['employer'] : []),
    ])
  })

  test('nobody takes an unknown type, or one about a child', () => {
    for (const code of ['NEW', 'FK7427', 'DOI']) {
      expect(exampleRecipients.filter((recipient) => acceptsType(recipient, code))).toEqual([])
    }
  })
})
