import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ConfigError } from '@minaintyg/config'
import type { XsdValidator } from 'libxml2-wasm'
import { prefixes } from './contract-types.ts'
import type { Operation } from './soap.ts'

/** What in a message is against the official schema, by line: the library's own words quote the message. */
export type FullValidation = (name: Operation['name'], message: Uint8Array) => string[]

const majors = { RegisterCertificate: 3, RevokeCertificate: 2 } as const

/** The newest minor version that lies there. */
function schemaFile(folder: string, name: Operation['name']): string {
  const place = join(folder, 'interactions', `${name}Interaction`)
  const pattern = new RegExp(`^${name}Responder_${majors[name]}\\.(\\d+)\\.xsd$`)
  let files: string[]
  try {
    files = readdirSync(place)
  } catch {
    files = []
  }
  const newest = files
    .map((file) => ({ file, minor: Number(pattern.exec(file)?.[1] ?? -1) }))
    .filter(({ minor }) => minor >= 0)
    .sort((a, b) => b.minor - a.minor)[0]
  if (newest === undefined) {
    throw new ConfigError([
      `RIVTA_SCHEMA_DIR has no interactions/${name}Interaction/${name}Responder_${majors[name]}.*.xsd`,
    ])
  }
  return join(place, newest.file)
}

const contractNamespaces = new Set(Object.values(prefixes))
/** Of an error, the name of the element that it is about, where that is the contract's own. */
function elementOf(text: string): string {
  const [, namespace = '', name = ''] = /^Element '\{([^}]*)\}([^']*)'/.exec(text) ?? []
  return contractNamespaces.has(namespace) && /^[a-zA-Z-]{1,40}$/.test(name) ? name : 'an element'
}

/** Loads the official schemas. @throws {ConfigError} where they are not there or not whole */
export async function loadFullValidation(directory: string): Promise<FullValidation> {
  const {
    XmlDocument,
    XmlLibError,
    XsdValidator: Validator,
    xmlCleanupInputProvider,
  } = await import('libxml2-wasm')
  const { xmlRegisterFsInputProviders } = await import('libxml2-wasm/lib/nodejs.mjs')
  const folder = resolve(directory)
  xmlRegisterFsInputProviders()
  const load = (name: Operation['name']): XsdValidator => {
    const file = schemaFile(folder, name)
    try {
      return Validator.fromDoc(XmlDocument.fromBuffer(readFileSync(file), { url: file }))
    } catch {
      throw new ConfigError([`RIVTA_SCHEMA_DIR: ${name} refers to schemas that are not there`])
    }
  }
  const validators = {
    RegisterCertificate: load('RegisterCertificate'),
    RevokeCertificate: load('RevokeCertificate'),
  }
  // No message may have a file read.
  xmlCleanupInputProvider()
  return (name, message) => {
    const document = XmlDocument.fromBuffer(message)
    try {
      validators[name].validate(document)
      return []
    } catch (error) {
      if (!(error instanceof XmlLibError)) throw error
      const faults = error.details.map(
        ({ line, message: text }) =>
          `line ${line} of the message: ${elementOf(text)} is against the official schema`,
      )
      return [...new Set(faults)].slice(0, 30)
    } finally {
      document.dispose()
    }
  }
}
