import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { createFormFinder } from './form-finder.ts'
import { readOfficialTexts } from './official-texts.ts'
import type { Catalogue, Form, Label } from './catalogue-model.ts'
import type { OldFormatRule } from './old-format-answers.ts'

export interface CatalogueOptions {
  /** Folder of an operator's own wording, in the form of the authorities' texts. */
  texts?: string | undefined
}

interface CodeLists {
  aliases: Record<string, string>
  systems: Record<string, Record<string, Label>>
}

const directory = new URL('../../catalogue/', import.meta.url)
// Raised where the same texts are laid on certificates in another way.
const structureRevision = '3'

const own = <T>(record: Record<string, T>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined

/** Reads files and notes what stood in them. */
function createReader() {
  const hash = createHash('sha256').update(structureRevision)
  return {
    read: (file: string): unknown => {
      const text = readFileSync(new URL(file, directory), 'utf8')
      hash.update(`${file} ${text.length} `).update(text)
      return JSON.parse(text)
    },
    note: (value: unknown) => hash.update(JSON.stringify(value)),
    revision: () => hash.digest('hex').slice(0, 16),
  }
}

function readForms(read: (file: string) => unknown): Map<string, Form> {
  const forms = new Map<string, Form>()
  const files = readdirSync(new URL('forms/', directory)).filter((file) => file.endsWith('.json'))
  for (const file of files.sort()) {
    const form = read(`forms/${file}`) as Form
    for (const major of form.majorVersions) forms.set(`${form.type} ${major}`, form)
  }
  return forms
}

/** Reads the catalogue's data files, and lays an operator's wording over them. @throws {ConfigError} */
export function loadCatalogue({ texts }: CatalogueOptions = {}): Catalogue {
  const { read, note, revision } = createReader()
  const forms = readForms(read)
  const types = read('types.json') as Record<string, Label>
  const elements = read('elements.json') as Record<string, Label>
  const { aliases, systems } = read('codes.json') as CodeLists
  const oldFormats = read('old-formats.json') as Record<string, OldFormatRule[]>
  const systemOf = (name: string) => own(aliases, name) ?? name
  const code = (system: string, one: string) => own(own(systems, systemOf(system)) ?? {}, one)
  const official = texts === undefined ? [] : readOfficialTexts(texts)
  note(official.map((file) => file.texts))
  return {
    form: createFormFinder(forms, { official, types, known: { systemOf, code } }),
    typeName: (type) => own(types, type),
    code,
    systemOf,
    elementName: (name) => own(elements, name),
    oldFormatRules: (type) => own(oldFormats, type) ?? [],
    revision: revision(),
  }
}

let standard: Catalogue | undefined

/** The catalogue that ships with the service, read once. */
export function standardCatalogue(): Catalogue {
  standard ??= loadCatalogue()
  return standard
}
