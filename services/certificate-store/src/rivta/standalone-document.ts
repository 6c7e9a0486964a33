import type { XmlElement } from './xml.ts'

const qualifiedName = /^([\p{L}_][\p{L}\p{N}._-]*):[\p{L}_]/u

const prefixOfValue = (value: string) =>
  value.includes(':') ? (qualifiedName.exec(value.trim())?.[1] ?? '') : ''

// Names that stand in values, as in xsi:type="t:cv", need their prefix as much as elements do.
function prefixesIn(element: XmlElement, found: Set<string>): Set<string> {
  found.add(element.prefix)
  for (const { prefix, value } of element.attributes) {
    found.add(prefix)
    found.add(prefixOfValue(value))
  }
  for (const node of element.children) {
    if (typeof node !== 'string') prefixesIn(node, found)
    else found.add(prefixOfValue(node))
  }
  return found
}

function inherited(element: XmlElement): Map<string, string> {
  const scope = new Map<string, string>()
  for (let at = element.parent; at !== undefined; at = at.parent) {
    for (const [prefix, uri] of Object.entries(at.declarations)) {
      if (!scope.has(prefix)) scope.set(prefix, uri)
    }
  }
  for (const prefix of Object.keys(element.declarations)) scope.delete(prefix)
  return scope
}

type Declaration = [prefix: string, uri: string]

/** Those declarations that an element needs; most prefixes do not even occur in its text. */
function usedOf(scope: Map<string, string>, element: XmlElement, written: string): Declaration[] {
  const possible = [...scope].filter(
    ([prefix, uri]) => uri !== '' && (prefix === '' || written.includes(`${prefix}:`)),
  )
  if (possible.length === 0) return []
  const used = prefixesIn(element, new Set())
  return possible.filter(([prefix]) => used.has(prefix))
}

const escapeAttribute = (value: string) =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/**
 * Cuts an element out of its document so that it stands alone: the characters from its `<` to its
 * last `>` as they were written (white space, prefixes, comments and all), in UTF-8. Only this is
 * added: the namespaces that it uses and that were declared on its ancestors are declared behind
 * its name. Exclusive canonical XML, which RIVTA signatures use, is the same before and after.
 * An element that is the root is its document: those bytes are given back untouched.
 */
export function standaloneDocument(
  text: string,
  element: XmlElement,
  original: Uint8Array,
): Uint8Array {
  if (element.parent === undefined) return original
  const written = text.slice(element.start, element.end)
  const declarations = usedOf(inherited(element), element, written).map(
    ([prefix, uri]) => ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeAttribute(uri)}"`,
  )
  const tag = element.prefix === '' ? element.name : `${element.prefix}:${element.name}`
  const afterName = 1 + tag.length
  return Buffer.from(written.slice(0, afterName) + declarations.join('') + written.slice(afterName))
}
