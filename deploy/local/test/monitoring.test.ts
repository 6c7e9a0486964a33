import { jest } from '@jest/globals'
import { execFile, spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import '@minaintyg/certificate-store'
import '@minaintyg/consent'
import '@minaintyg/dispatch'
import '@minaintyg/gateway'
import '@minaintyg/identity'
import '@minaintyg/rendering'
import { measureProcess, registry } from '@minaintyg/telemetry'
import { parse } from 'yaml'

// promtool writes a database for each test, which a busy disk is slow at.
jest.setTimeout(300_000)

const folder = join(import.meta.dirname, '../../monitoring')
const textOf = (path: string) => readFileSync(join(folder, path), 'utf8')

interface Rule {
  alert: string
  expr: string
  labels: { severity: string }
  annotations: { summary: string; runbook: string }
}
interface Panel {
  id: number
  title: string
  targets?: { expr: string }[]
}
const rules: Rule[] = parse(textOf('alerts.yaml')).groups.flatMap(
  (group: { rules: Rule[] }) => group.rules,
)
const dashboards = readdirSync(join(folder, 'dashboards')).map((name) => ({
  name,
  ...(JSON.parse(textOf(`dashboards/${name}`)) as { uid: string; panels: Panel[] }),
}))

beforeAll(() => {
  measureProcess('test')
})

const metricsIn = (expression: string) =>
  [...expression.matchAll(/\b(?:minaintyg|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name)

async function unknownIn(expressions: string[]): Promise<string[]> {
  const known = new Set<string>()
  for (const { name, type } of await registry.getMetricsAsJSON()) {
    known.add(name)
    // What prom-client calls a histogram is three series for Prometheus.
    if (String(type) === 'histogram')
      for (const end of ['bucket', 'sum', 'count']) known.add(`${name}_${end}`)
  }
  return expressions.flatMap(metricsIn).filter((name) => !known.has(name))
}

describe('alerts', () => {
  test('are many, each under a name of its own, and say how urgent they are', () => {
    expect(rules.length).toBeGreaterThanOrEqual(14)
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
    for (const { labels } of rules) expect(['page', 'ticket']).toContain(labels.severity)
  })

  test('ask for metrics that there are', async () => {
    for (const { alert, expr } of rules)
      expect([alert, metricsIn(expr).length > 0]).toEqual([alert, true])
    expect(await unknownIn(rules.map(({ expr }) => expr))).toEqual([])
    expect(await unknownIn(['rate(minaintyg_no_such_thing_total[5m])'])).toHaveLength(1)
  })

  test('have a page each, which says what it means, how to look and what to do', () => {
    const pages = readdirSync(join(folder, 'runbooks')).map((name) => name.replace('.md', ''))
    expect(pages.sort()).toEqual(rules.map(({ alert }) => alert).sort())
    for (const { alert, annotations } of rules) {
      expect(annotations.runbook).toBe(`deploy/monitoring/runbooks/${alert}.md`)
      const headings = textOf(`runbooks/${alert}.md`).match(/^#+ .*$/gm)
      expect(headings).toEqual([
        `# ${alert}`,
        '## What it means for patients',
        '## How to look',
        '## What to do',
      ])
    }
  })

  test('have a test each of where they fire, and of where they are quiet', () => {
    const names = parse(textOf('alerts.test.yaml')).tests.map(({ name }: { name: string }) => name)
    for (const { alert } of rules) {
      expect(names).toEqual(expect.arrayContaining([`${alert} fires`, `${alert} is quiet`]))
    }
  })
})

describe('dashboards', () => {
  test.each(dashboards)('$name shows metrics that there are', async ({ panels }) => {
    const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
    expect(expressions.length).toBeGreaterThan(4)
    expect(await unknownIn(expressions)).toEqual([])
    expect(expressions.filter((expression) => metricsIn(expression).length === 0)).toEqual([])
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  })

  test('are those of patients, dispatch and journals', () => {
    expect(dashboards.map(({ uid }) => uid).sort()).toEqual([
      'minaintyg-dispatch',
      'minaintyg-journals',
      'minaintyg-patients',
    ])
  })
})

const hasPromtool = spawnSync('promtool', ['--version']).status === 0
const isRequired = process.env['REQUIRE_PROMTOOL'] === '1'
if (!hasPromtool && !isRequired) {
  process.stderr.write(
    'skipped: promtool is not here (Debian: apt-get install prometheus). REQUIRE_PROMTOOL=1 makes that a failure.\n',
  )
}
const run = promisify(execFile)

;(hasPromtool || isRequired ? describe : describe.skip)('promtool', () => {
  test('finds the rules right', async () => {
    const { stdout } = await run('promtool', ['check', 'rules', join(folder, 'alerts.yaml')])
    expect(stdout).toContain(`SUCCESS: ${rules.length} rules found`)
  })

  test('finds that they fire where they must and nowhere else', async () => {
    await run('promtool', ['test', 'rules', join(folder, 'alerts.test.yaml')])
  })
})
