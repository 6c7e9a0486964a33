import Type from 'typebox'
import {
  Required,
  ServiceVariables,
  clientKeyOf,
  eventBusOf,
  loadConfig,
  parseJsonVariable,
} from '@minaintyg/config'

const schema = Type.Object({
  ...ServiceVariables,
  DATABASE_URL: Required('Where the data is'),
  SECURE: Type.Boolean({ default: true }),
})

test('reads text, numbers and booleans, and fills in defaults', () => {
  expect(
    loadConfig(schema, { PORT: '8090', DATABASE_URL: 'postgres://x', SECURE: 'false' }),
  ).toEqual({
    HOST: '127.0.0.1',
    PORT: 8090,
    LOG_LEVEL: 'info',
    OTEL_TRACES_SAMPLER_ARG: 1,
    SHUTDOWN_NOTICE: 5_000,
    DATABASE_URL: 'postgres://x',
    SECURE: false,
  })
})

test('names every fault at once and shows no value', () => {
  const load = () =>
    loadConfig(schema, { PORT: 'secret-port', LOG_LEVEL: 'loud', DATABASE_URL: '' })
  expect(load).toThrow(/DATABASE_URL is missing[\s\S]*LOG_LEVEL[\s\S]*PORT/)
  expect(load).not.toThrow(/secret-port/)
})

test('takes no notice of variables that it does not know', () => {
  const config = loadConfig(schema, { PORT: '1', DATABASE_URL: 'x', OTHER: 'y' })
  expect(config).not.toHaveProperty('OTHER')
})

test('names a variable whose JSON is broken, without showing it', () => {
  expect(() => parseJsonVariable('CLIENTS', '{secret')).toThrow('CLIENTS is not valid JSON')
})

test('takes a client key that has what signing needs, and names one that has not without showing it', () => {
  const key = { kty: 'EC', kid: 'a', alg: 'ES256', d: 'private' }
  expect(clientKeyOf({ CLIENT_KEY: JSON.stringify(key) })).toEqual(key)
  const load = () => clientKeyOf({ CLIENT_KEY: '{"kty":"EC","d":"private"}' })
  expect(load).toThrow('CLIENT_KEY has not the form it must have')
  expect(load).not.toThrow(/private/)
})

test('the event bus is RabbitMQ where there is one, and only its topology may be left alone', () => {
  const amqp = { AMQP_URL: 'amqp://b', EVENT_BUS_DATABASE_URL: 'postgres://b' }
  expect(eventBusOf(amqp)).toEqual({ url: 'amqp://b', declareTopology: true })
  expect(eventBusOf({ ...amqp, AMQP_DECLARE: false })).toEqual({
    url: 'amqp://b',
    declareTopology: false,
  })
  expect(eventBusOf({ EVENT_BUS_DATABASE_URL: 'postgres://b', AMQP_DECLARE: false })).toEqual({
    url: 'postgres://b',
    declareTopology: true,
  })
  expect(() => eventBusOf({})).toThrow('AMQP_URL or EVENT_BUS_DATABASE_URL is missing')
})
