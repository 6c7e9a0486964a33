import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'

const deploy = join(import.meta.dirname, '../../..')
const source = join(deploy, 'monitoring/alerts.yaml')
const target = join(deploy, 'k8s/components/monitoring/prometheus-rule.yaml')

/** The alerts as the Prometheus operator takes them: kustomize cannot put one file into another. */
async function wanted(): Promise<string> {
  const rule = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'minaintyg' },
    spec: parse(await readFile(source, 'utf8')) as object,
  }
  return `# Generated out of deploy/monitoring/alerts.yaml: make prometheus-rule\n${stringify(rule)}`
}

/** Whether it says something else than the alerts; with `write` it does not afterwards. */
export async function prometheusRuleIsStale({ write }: { write: boolean }): Promise<boolean> {
  const text = await wanted()
  const isStale = (await readFile(target, 'utf8').catch(() => '')) !== text
  if (isStale && write) await writeFile(target, text)
  return isStale
}

if (import.meta.main) await prometheusRuleIsStale({ write: true })
