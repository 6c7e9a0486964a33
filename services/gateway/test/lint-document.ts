import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import spectral from '@stoplight/spectral-core'
import type { RulesetDefinition } from '@stoplight/spectral-core'
import parsers from '@stoplight/spectral-parsers'
import rulesets from '@stoplight/spectral-rulesets'

/** A process of its own: node lint-document.ts <document> <ruleset of a file>. Prints what was found, as JSON. */
const [, , file = '', ownRules] = process.argv
const source = await readFile(file, 'utf8')

interface Finding {
  rule: string
  isError: boolean
  at: string
  message: string
}

async function withSpectral(rules: RulesetDefinition): Promise<Finding[]> {
  const linter = new spectral.Spectral()
  linter.setRuleset(rules)
  const found = await linter.run(new spectral.Document(source, parsers.Yaml, file))
  return found.map(({ code, severity, path, message }) => ({
    rule: String(code),
    isError: (severity as number) === 0,
    at: path.join(' '),
    message,
  }))
}

async function withRedocly(): Promise<Finding[]> {
  const config = await createConfig({ extends: ['recommended'] })
  const found = await lintFromString({ source, absoluteRef: file, config })
  return found.map(({ ruleId, severity, location, message }) => ({
    rule: ruleId,
    isError: severity === 'error',
    at: location[0]?.pointer ?? '',
    message,
  }))
}

/** From a copy among the installed packages, which the file itself imports. */
async function withRulesOf(rulesFile: string): Promise<Finding[]> {
  const folder = await mkdtemp(join(import.meta.dirname, '../../../node_modules/.lint-'))
  try {
    const copy = join(folder, 'rules.mjs')
    await copyFile(rulesFile, copy)
    const module = (await import(pathToFileURL(copy).href)) as { default: RulesetDefinition }
    return await withSpectral(module.default)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const found = {
  spectral: await withSpectral({ extends: [rulesets.oas] } as RulesetDefinition),
  redocly: await withRedocly(),
  own: ownRules === undefined ? [] : await withRulesOf(ownRules),
}
process.stdout.write(JSON.stringify(found))
