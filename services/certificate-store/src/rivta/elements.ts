import type { XmlElement } from './xml.ts'

const rivtaNamespaces = [
  'urn:riv:clinicalprocess:healthcond:certificate:',
  'urn:riv:insuranceprocess:healthreporting:',
  'urn:local:se:intygstjanster:services:',
]

const known = new Map<string, boolean>()
const mostKnown = 1_000

// Asked of every element again and again, of the same few namespaces.
function isRivtaNamespace(namespace: string): boolean {
  const before = known.get(namespace)
  if (before !== undefined) return before
  const is = rivtaNamespaces.some((start) => namespace.startsWith(start))
  if (known.size >= mostKnown) known.clear()
  known.set(namespace, is)
  return is
}

/** Whether an element is of a certificate contract, old or new. */
export function isRivta({ namespace }: XmlElement): boolean {
  return isRivtaNamespace(namespace)
}

export function childElements(element: XmlElement): XmlElement[] {
  return element.children.filter((child) => typeof child !== 'string')
}

/** Children of a certificate contract with that local name; foreign extensions are passed by. */
export function childrenNamed(element: XmlElement | undefined, name: string): XmlElement[] {
  const found: XmlElement[] = []
  for (const child of element?.children ?? []) {
    if (typeof child !== 'string' && child.name === name && isRivta(child)) found.push(child)
  }
  return found
}

function firstNamed(element: XmlElement, name: string): XmlElement | undefined {
  for (const child of element.children) {
    if (typeof child !== 'string' && child.name === name && isRivta(child)) return child
  }
  return undefined
}

/** The element at the end of a path of local names. */
export function child(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  let at = element
  for (const name of path) {
    if (at === undefined) return undefined
    at = firstNamed(at, name)
  }
  return at
}

/** All text within, in document order. */
export function textContent(element: XmlElement): string {
  const [only] = element.children
  if (element.children.length === 1 && typeof only === 'string') return only
  return element.children
    .map((node) => (typeof node === 'string' ? node : textContent(node)))
    .join('')
}

/** Trimmed text at the end of a path; empty and absent are both null. */
export function textAt(element: XmlElement | undefined, ...path: string[]): string | null {
  const found = child(element, ...path)
  const text = found === undefined ? '' : textContent(found).trim()
  return text === '' ? null : text
}

export function attribute(element: XmlElement | undefined, name: string): string | null {
  const value = element?.attributes.find((one) => one.name === name)?.value.trim() ?? ''
  return value === '' ? null : value
}
