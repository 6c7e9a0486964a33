import { jest } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort, until } from '@minaintyg/testing'
import { testPersons } from '../src/test-persons.ts'
import { follow, giveConsent, read } from '../src/walk/steps.ts'
import { listed } from './listed.ts'
import { startRunningSystem } from './running-system.ts'
import type { RunningSystem } from './running-system.ts'
import { spanKinds, startTraceCollector } from './trace-collector.ts'
import type { CollectedSpan, TraceCollector } from './trace-collector.ts'

jest.setTimeout(400_000)

const [person] = testPersons
const traceId = 'f'.repeat(31) + '1'
const patience = { timeout: 60_000, interval: 200 }
let collector: TraceCollector
let system: RunningSystem
let metricsUrl: string
let dispatchId: string
let certificateId: string

beforeAll(async () => {
  collector = await startTraceCollector()
  const metricsPort = await freePort()
  metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`
  system = await startRunningSystem({ metricsPort, traceEndpoint: collector.url })
  const api = await system.patient(person!.number)
  await giveConsent(api)
  const { items } = await listed(api)
  const certificate = await read(api, items, 'FKASSA')
  certificateId = certificate.id
  await api.get(`/certificates/${certificateId}/pdf`)
  const answer = await api.send(
    'POST',
    `/certificates/${certificateId}/dispatches`,
    { recipientId: 'FKASSA' },
    { 'idempotency-key': randomUUID(), traceparent: `00-${traceId}-${'a'.repeat(16)}-01` },
  )
  dispatchId = JSON.parse(answer.text).id
  await follow(api, dispatchId, 'accepted', 120_000)
})
afterAll(async () => {
  await system.stop()
  await collector.stop()
})

const ofClick = () => collector.spans.filter((span) => span.traceId === traceId)
const named = (pattern: RegExp, kind: number) =>
  ofClick().filter((span) => span.kind === kind && pattern.test(span.name))
const attribute = (span: CollectedSpan, key: string) =>
  span.attributes.find((each) => each.key === key)?.value.stringValue

describe('one trace', () => {
  test('leads from the click to the acceptance, through every part', async () => {
    const parts: [string, RegExp, number][] = [
      ['the gateway takes it', /^POST .*\/certificates\/:id\/dispatches$/, spanKinds.server],
      ['and asks dispatch', /^POST dispatch$/, spanKinds.client],
      ['which takes it', /^POST \/(?!minaintyg).*dispatches/, spanKinds.server],
      ['and stores it', /\binsert dispatch\b/, spanKinds.client],
      ['with its event', /\binsert outbox\b/, spanKinds.client],
      ['which leaves', /^publish minaintyg\.dispatch$/, spanKinds.producer],
      [
        'who fetches the document',
        /^GET .*\/recipient\/dispatches\/:id\/document$/,
        spanKinds.server,
      ],
      ['and whose receipt is booked', /^process .*receipt/, spanKinds.consumer],
    ]
    await until(
      () => parts.every(([, name, kind]) => named(name, kind).length > 0),
      patience,
    ).catch(() => undefined)
    const missing = parts.filter(([, name, kind]) => named(name, kind).length === 0)
    expect(missing.map(([part]) => part)).toEqual([])
  })

  test('hangs together: every part but the first has another as its parent', async () => {
    await until(() => {
      const ids = new Set(ofClick().map(({ spanId }) => spanId))
      const orphans = ofClick().filter(({ parentSpanId = '' }) => !ids.has(parentSpanId))
      return orphans.length === 1 && orphans[0]?.parentSpanId === 'a'.repeat(16)
    }, patience)
  })

  test('names services and templates, and no person, id or address', () => {
    const told = JSON.stringify(
      collector.spans.map(({ name, attributes }) => ({ name, attributes })),
    )
    expect(told.includes('/certificates/:id')).toBe(true)
    for (const secret of [person!.number, person!.name!.family, certificateId, dispatchId]) {
      expect(told.includes(secret)).toBe(false)
    }
    expect(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|https?:/.exec(told)).toBeNull()
    const neighbours = collector.spans.flatMap((span) => attribute(span, 'peer.service') ?? [])
    expect(neighbours.filter((name) => name === 'other')).toEqual([])
  })

  test('is found in the log of every service that it passed', async () => {
    const says: string[] = []
    for (const file of await readdir(system.logFolder)) {
      const text = await readFile(join(system.logFolder, file), 'utf8')
      if (text.includes(traceId)) says.push(file.replace('.log', ''))
    }
    expect(says).toEqual(
      expect.arrayContaining(['gateway', 'dispatch', 'certificate-store', 'consent']),
    )
  })
})

describe('metrics', () => {
  const fetchText = async () => (await fetch(metricsUrl)).text()
  const samples = (text: string) => text.split('\n').filter((line) => !/^(#|$)/.test(line))

  test('tell of the whole way', async () => {
    const text = await fetchText()
    const expected = [
      'minaintyg_http_requests_total{component="gateway",method="POST",route="/minaintyg/v1/certificates/:id/dispatches",status="202"} 1',
      'minaintyg_outward_requests_total{neighbour="certificate-store",outcome="2xx"',
      'minaintyg_outward_requests_total{neighbour="e-legitimation",outcome="2xx"',
      'minaintyg_log_ins_total{outcome="succeeded"',
      'minaintyg_consent_declarations_total{kind="given"',
      'minaintyg_renders_total{kind="certificate",outcome="drawn"',
      'minaintyg_events_relayed_total{type="se.minaintyg.dispatch.requested.v1",outcome="published"',
      'minaintyg_waiting_events{database="dispatch",state="parked"',
      'minaintyg_outbox_oldest_age_seconds{database="consent"',
      'minaintyg_receipts_overdue{recipient="FKASSA"',
      'minaintyg_receipts_total{kind="accepted"',
      'minaintyg_journal_fetches_total{journal=',
      'minaintyg_journal_breaker_open{journal=',
      'minaintyg_key_expires_timestamp_seconds{key="access-tokens"',
      'minaintyg_erasures_unfinished',
      'minaintyg_db_connections{database="identity",state="waiting"',
      'minaintyg_problems_total{component="gateway",code="consent.required"',
      'minaintyg_bus_ready',
      'nodejs_eventloop_lag_p99_seconds',
    ]
    expect(expected.filter((sample) => !text.includes(sample))).toEqual([])
  })

  test('hold nothing of a person, and no id', async () => {
    const text = await fetchText()
    expect(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|\d{6}-?\d{4}"/.exec(text)).toBeNull()
    for (const secret of [person!.number, person!.name!.family, certificateId, dispatchId]) {
      expect(text.includes(secret)).toBe(false)
    }
  })

  test('have names that say whose they are, help, and few lines', async () => {
    const text = await fetchText()
    const names = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name)
    expect(names.filter((name) => !/^(minaintyg|nodejs|process)_[a-z0-9_]+$/.test(name))).toEqual(
      [],
    )
    const helped = [...text.matchAll(/^# HELP (\S+) \S/gm)].map(([, name = '']) => name)
    expect(names.filter((name) => !helped.includes(name))).toEqual([])
    // A histogram of a route has thirteen lines.
    expect(samples(text).length).toBeLessThan(3_000)
  })

  test('do not grow with those who come: the same again adds no line', async () => {
    const keys = async () =>
      new Set(samples(await fetchText()).map((line) => line.slice(0, line.lastIndexOf(' '))))
    const walk = async () => {
      const api = await system.patient(person!.number)
      await api.get('/certificates')
      await api.get(`/certificates/${certificateId}`)
      await api.get(`/certificates/${randomUUID()}`)
    }
    await walk()
    const before = await keys()
    await walk()
    const added = [...(await keys())].filter((key) => !before.has(key))
    // What happens by itself meanwhile may be new; what a person did again may not.
    expect(added.filter((key) => /http_request|outward|log_ins|problems/.test(key))).toEqual([])
  })
})
