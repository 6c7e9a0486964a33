import Ajv from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { answerExamples } from '../src/documentation/examples.ts'
import { outsideExamples } from '../src/documentation/operation-examples.ts'
import { operationTexts } from '../src/documentation/operation-texts.ts'
import { gatewayOfNothing, isWritten } from '../src/documentation/written-document.ts'
import { problemCatalogue, publicCodes } from '../src/meta/problem-catalogue.ts'
import { basePath } from '../src/config.ts'
import { operationsOf, readDocument } from './document.ts'
import type { Media } from './document.ts'

const document = readDocument()
const operations = operationsOf(document)
const problemType = 'application/problem+json'

test('what is committed is what the routes say', async () => {
  expect(await isWritten()).toBe(true)
})

/** Read by machines with standards of their own, or what shows the document itself. */
const notInTheDocument = [
  /^GET \/livez$/,
  /^GET \/readyz$/,
  /^GET .*\/openapi\.json$/,
  /^GET .*\/\.well-known\/[a-z-]+\.json$/,
  /^GET .*\/examples\/:name$/,
  /^GET .*\/docs(\/.*)?$/,
  /^POST .*\/browser-reports$/,
]

test('every route is in it, but those that are no operations', async () => {
  const app = await gatewayOfNothing()
  const printed = app.printRoutes({ commonPrefix: false, includeHooks: false })
  await app.close()
  const routes = new Set<string>()
  const branch: string[] = []
  for (const line of printed.split('\n')) {
    const found = /^((?:│ {3}| {4})*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?/.exec(line)
    if (found === null) continue
    const [, indent = '', part = '', methods] = found
    branch.splice(indent.length / 4, Infinity, part)
    for (const method of methods?.split(', ') ?? []) {
      if (!['HEAD', 'OPTIONS'].includes(method)) routes.add(`${method} ${branch.join('')}`)
    }
  }
  const known = new Set(
    operations.map(([name]) => name.replace(' ', ` ${basePath}`).replaceAll(/\{(\w+)\}/g, ':$1')),
  )
  expect(routes.size).toBeGreaterThan(known.size)
  expect([...known].filter((name) => !routes.has(name))).toEqual([])
  const left = [...routes].filter((name) => !known.has(name))
  expect(left.filter((name) => !notInTheDocument.some((each) => each.test(name)))).toEqual([])
})

describe.each(operations)('%s', (_name, operation) => {
  test('says in English and Swedish what it is for, what can go wrong and what to do then', () => {
    const { operationId, summary, description, tags } = operation
    expect(operationTexts.has(operationId) || `operations.json lacks ${operationId}`).toBe(true)
    expect(summary.length).toBeGreaterThan(5)
    const [english = '', swedish = ''] = description.split('\n\n---\n\n')
    expect(english).toMatch(
      /^.{20,}\n\n\*\*Needs:\*\* .+\.\n\n\*\*When it goes wrong:\*\* .{20,}$/s,
    )
    expect(swedish).toMatch(
      /^\*\*På svenska – .{5,}\.\*\* .{20,}\n\n\*\*Kräver:\*\* .+\.\n\n\*\*När det går fel:\*\* .{20,}$/s,
    )
    expect(tags).toHaveLength(1)
    expect(document.tags.map(({ name }) => name)).toContain(tags[0])
    expect(['open', 'session', 'consent', 'recipient']).toContain(operation['x-access'])
    expect(operation.parameters.filter((each) => !each.description)).toEqual([])
  })

  const hasExample = ({ example, examples = {} }: Media) =>
    example !== undefined || Object.keys(examples).length > 0

  test('has an example of what is sent and of every answer', () => {
    const sent = Object.values(operation.requestBody?.content ?? {})
    expect(sent.filter((media) => !hasExample(media))).toEqual([])
    for (const [status, { description, content }] of Object.entries(operation.responses)) {
      expect(description).not.toBe('')
      const without = Object.entries(content ?? {}).filter(([, media]) => !hasExample(media))
      expect([status, without]).toEqual([status, []])
    }
  })

  test('names its problems, each with an example', () => {
    const statuses = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400)
    expect(statuses.length).toBeGreaterThan(2)
    for (const [status, { content }] of statuses) {
      const codes = Object.keys(content?.[problemType]?.examples ?? {})
      expect([status, codes.length > 0]).toEqual([status, true])
      for (const code of codes) {
        expect([code, problemCatalogue.get(code)?.status]).toEqual([code, Number(status)])
        expect(document.components.examples[code]?.value.code).toBe(code)
      }
    }
  })
})

test('operations have names of their own, and no text is of one that is gone', () => {
  const names = operations.map(([, { operationId }]) => operationId)
  expect(new Set(names).size).toBe(names.length)
  expect([...operationTexts.keys()].filter((name) => !names.includes(name))).toEqual([])
})

test('every problem is listed with its page, in both languages, with a word to the patient', () => {
  expect(publicCodes.size).toBeGreaterThan(60)
  expect(Object.keys(document.components.examples).toSorted()).toEqual([...publicCodes].toSorted())
  for (const code of publicCodes) {
    const { en, sv, patient } = problemCatalogue.get(code)!
    const { description, value } = document.components.examples[code]!
    expect(description).toContain(en)
    expect(description).toContain(sv)
    if (patient !== null) expect(description).toContain(patient.sv)
    expect(value.type).toBe(`${basePath}/problems/${code}`)
    expect(document.info.description).toContain(`/problems/${code})`)
  }
})

test('the examples that stand outside hold to their schemas, and are used', () => {
  const ajv = addFormats.default(new Ajv.default({ strict: false }))
  ajv.addSchema({ $id: 'https://minaintyg.example/document', components: document.components })
  const text = JSON.stringify(document)
  for (const [name, { schema, value }] of Object.entries(outsideExamples)) {
    const check = ajv.compile({
      $ref: `https://minaintyg.example/document#/components/schemas/${schema}`,
    })
    expect([name, check(value), check.errors]).toEqual([name, true, null])
    expect(text).toContain(`/examples/${name}"`)
  }
})

test('no example has a null, over which the linter of the national profile falls', () => {
  expect(JSON.stringify(answerExamples)).not.toContain('null')
})
