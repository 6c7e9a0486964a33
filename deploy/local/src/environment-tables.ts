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
  return [
    begin,
    '<!-- prettier-ignore-start -->',
    '| variable | default | meaning |',
    '|---|---|---|',
    ...rows,
    '<!-- prettier-ignore-end -->',
    end,
  ].join('\n')
}

/** Services whose README does not say what is true; with `write` it does afterwards. */
export async function staleEnvironmentTables({ write }: { write: boolean }): Promise<string[]> {
  const stale: string[] = []
  for (const [service, schema] of Object.entries(services)) {
    const path = join(import.meta.dirname, '../../../services', service, 'README.md')
    const text = await readFile(path, 'utf8')
    const [start, stop] = [text.indexOf(begin), text.indexOf(end)]
    if (start < 0 || stop < start) throw new Error(`${path} has no place for the table: ${begin}`)
    const wanted = text.slice(0, start) + tableOf(schema) + text.slice(stop + end.length)
    if (wanted === text) continue
    stale.push(service)
    if (write) await writeFile(path, wanted)
  }
  return stale
}

if (import.meta.main) {
  const stale = await staleEnvironmentTables({ write: true })
  console.log(stale.length === 0 ? 'All tables are true.' : `Written: ${stale.join(', ')}`)
}
