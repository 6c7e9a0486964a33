import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CertificateStoreConfig } from '@minaintyg/certificate-store'
import { ConsentConfig } from '@minaintyg/consent'
import { DispatchConfig } from '@minaintyg/dispatch'
import { GatewayConfig } from '@minaintyg/gateway'
import { IdentityConfig } from '@minaintyg/identity'
import { RenderingConfig } from '@minaintyg/rendering'
import type { TObject } from 'typebox'

const services: Record<string, TObject> = {
  gateway: GatewayConfig,
  identity: IdentityConfig,
  consent: ConsentConfig,
  'certificate-store': CertificateStoreConfig,
  rendering: RenderingConfig,
  dispatch: DispatchConfig,
}

const [begin, end] = ['<!-- environment: generated -->', '<!-- environment: end -->']

interface Variable {
  description?: string
  default?: string | number | boolean
}

const enclosed = (lines: string[]) =>
  [begin, '<!-- prettier-ignore-start -->', ...lines, '<!-- prettier-ignore-end -->', end].join(
    '\n',
  )

/** The Markdown table of a service's variables, out of the schema that also reads them. */
function tableOf(schema: TObject): string {
  const required = new Set<string>(schema.required)
  const rows = Object.entries(schema.properties as Record<string, Variable>).map(
    ([name, { description = '', default: standard }]) => {
      const value = standard === undefined || standard === '' ? '' : `\`${String(standard)}\``
      const need = required.has(name) && standard === undefined ? '**required**' : value
      return `| \`${name}\` | ${need} | ${description.replaceAll('|', '\\|')} |`
    },
  )
  return enclosed(['| variable | default | meaning |', '|---|---|---|', ...rows])
}

/** What must lie in a vault. A URL of a server that one logs in to has the password in it. */
const isSecret = (name: string) => /_KEYS?$|^(EVENT_BUS_)?DATABASE_URL$|^AMQP_URL$/.test(name)

/** One table of all variables for those who configure an installation. */
function tableOfAll(): string {
  const rows = new Map<string, { cells: string; of: string[] }>()
  for (const [service, schema] of Object.entries(services)) {
    const required = new Set<string>(schema.required)
    for (const [name, variable] of Object.entries(schema.properties as Record<string, Variable>)) {
      const { description = '', default: standard } = variable
      const fallback = standard === undefined || standard === '' ? '' : `\`${String(standard)}\``
      const need = required.has(name) && standard === undefined ? '**required**' : fallback
      const secret = isSecret(name) ? 'yes' : 'no'
      const cells = `${need} | ${secret} | ${description.replaceAll('|', '\\|')} |`
      const key = `${name} ${cells}`
      const row = rows.get(key) ?? { cells: `| \`${name}\` | `, of: [] }
      rows.set(key, { cells: row.cells, of: [...row.of, service] })
    }
  }
  const lines = [...rows].map(([key, { cells, of }]) => {
    const whose = of.length === Object.keys(services).length ? 'all' : of.join(', ')
    return `${cells}${whose} | ${key.slice(key.indexOf(' ') + 1)}`
  })
  return enclosed([
    '| variable | of | default | secret | meaning |',
    '|---|---|---|---|---|',
    ...lines,
  ])
}

const root = join(import.meta.dirname, '../../..')

/** Whose README does not say what is true; with `write` it does afterwards. */
export async function staleEnvironmentTables({ write }: { write: boolean }): Promise<string[]> {
  const stale: string[] = []
  const tables: [string, string, string][] = [
    ...Object.entries(services).map(([service, schema]): [string, string, string] => [
      service,
      join(root, 'services', service, 'README.md'),
      tableOf(schema),
    ]),
    ['deploy', join(root, 'deploy/README.md'), tableOfAll()],
  ]
  for (const [name, path, table] of tables) {
    const text = await readFile(path, 'utf8')
    const [start, stop] = [text.indexOf(begin), text.indexOf(end)]
    if (start < 0 || stop < start) throw new Error(`${path} has no place for the table: ${begin}`)
    const wanted = text.slice(0, start) + table + text.slice(stop + end.length)
    if (wanted === text) continue
    stale.push(name)
    if (write) await writeFile(path, wanted)
  }
  return stale
}

if (import.meta.main) {
  const stale = await staleEnvironmentTables({ write: true })
  console.log(stale.length === 0 ? 'All tables are true.' : `Written: ${stale.join(', ')}`)
}
