import type { XmlElement } from './xml.ts'

const rivtaNamespaces = [
  'urn:riv:clinicalprocess:healthcond:certificate:',
  'urn:riv:insuranceprocess:healthreporting:',
  'urn:local:se:intygstjanster:services:',
]

/** Namespaces of every certificate contract, old and new. */
export function isRivta({ namespace }: XmlElement): boolean {
  return rivtaNamespaces.some((start) => namespace.startsWith(start))
}

export function childElements(element: XmlElement): XmlElement[] {
  return element.children.filter((child) => typeof child !== 'string')
}

/** Children of a certificate contract with that local name; foreign extensions are passed by. */
export function childrenNamed(element: XmlElement | undefined, name: string): XmlElement[] {
  if (element === undefined) return []
  return childElements(element).filter((child) => child.name === name && isRivta(child))
}

/** The element at the end of a path of local names. */
export function child(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((at, name) => childrenNamed(at, name)[0], element)
}

/** All text within, in document order. */
export function textContent(element: XmlElement): string {
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
