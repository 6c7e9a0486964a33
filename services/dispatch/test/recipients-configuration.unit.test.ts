import { loadConfig } from '@minaintyg/config'
import { DispatchConfig, recipientsOf } from '../src/config.ts'

const required = (DispatchConfig.required as string[])
  .filter((name) => !['LOG_LEVEL', 'HOST'].includes(name))
  .map((name) => [name, '1'] as const)
const usersWith = (env: Record<string, string>) =>
  recipientsOf(loadConfig(DispatchConfig, { ...Object.fromEntries(required), ...env })).map(
    ({ id, brokerUser }) => [id, brokerUser],
  )
const laid = { AMQP_URL: 'amqps://dispatch@broker/minaintyg', AMQP_DECLARE: 'false' }

test('where the definitions are laid, every recipient must be its own user at the broker', () => {
  expect(usersWith(laid)).toEqual([
    ['FKASSA', 'fkassa'],
    ['TRANSP', 'transp'],
    ['AF', 'af'],
  ])
  const insurer = { id: 'INSURER', name: 'An insurer', clientId: 'insurer', channel: 'event' }
  const RECIPIENTS = JSON.stringify([insurer, { ...insurer, id: 'OTHER', brokerUser: 'named' }])
  expect(usersWith({ ...laid, RECIPIENTS })).toEqual([
    ['INSURER', 'insurer'],
    ['OTHER', 'named'],
  ])
})

test('where a service declares for itself, users are what somebody configures', () => {
  expect(usersWith({ AMQP_URL: laid.AMQP_URL })).toContainEqual(['FKASSA', undefined])
  expect(usersWith({ AMQP_DECLARE: 'false' })).toContainEqual(['FKASSA', undefined])
})
