import {
  createCounter,
  createHistogram,
  createMeasured,
  registry,
  startMetricsServer,
} from '@minaintyg/telemetry'

const text = () => registry.metrics()

test('what is counted and timed stands under its name and labels', async () => {
  const things = createCounter({
    name: 'minaintyg_things_total',
    help: 'Things',
    labels: ['kind'],
  })
  const took = createHistogram({ name: 'minaintyg_thing_seconds', help: 'Time of things' })
  things.inc({ kind: 'red' })
  took.observe(0.02)
  expect(await text()).toContain('minaintyg_things_total{kind="red"} 1')
  expect(await text()).toContain('minaintyg_thing_seconds_bucket{le="0.025"} 1')
})

describe('a measured value', () => {
  const size = createMeasured({ name: 'minaintyg_size', help: 'Size', labels: ['where'] })

  test('is read when somebody asks, and never otherwise', async () => {
    let reads = 0
    const unwatch = size.watch(() => [{ labels: { where: 'here' }, value: (reads += 1) }])
    expect(reads).toBe(0)
    expect(await text()).toContain('minaintyg_size{where="here"} 1')
    expect(await text()).toContain('minaintyg_size{where="here"} 2')
    unwatch()
    expect(await text()).not.toContain('minaintyg_size{')
  })

  test('is left out where it cannot be read, and that is counted', async () => {
    const unwatch = size.watch(async () => {
      throw new Error('no database')
    })
    const other = size.watch(() => [{ labels: { where: 'there' }, value: 7 }])
    const answer = await text()
    expect(answer).toContain('minaintyg_size{where="there"} 7')
    expect(await text()).toMatch(
      /minaintyg_metric_read_failures_total\{metric="minaintyg_size"\} \d/,
    )
    unwatch()
    other()
  })

  test('without labels has no value where nobody gives one', async () => {
    createMeasured({ name: 'minaintyg_lonely', help: 'Nobody' })
    expect(await text()).not.toMatch(/^minaintyg_lonely /m)
  })
})

test('the server answers metrics alone', async () => {
  const server = await startMetricsServer({ host: '127.0.0.1', port: 0 })
  const at = (path: string, method = 'GET') =>
    fetch(`http://127.0.0.1:${server.port}${path}`, { method })
  const answer = await at('/metrics')
  expect(answer.headers.get('content-type')).toContain('text/plain')
  expect(await answer.text()).toContain('# TYPE minaintyg_size gauge')
  expect((await at('/')).status).toBe(404)
  expect((await at('/metrics', 'POST')).status).toBe(404)
  await server.stop()
})
