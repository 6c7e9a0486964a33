import { childElements, textContent } from '../rivta/elements.ts'
import type { XmlElement } from '../rivta/xml.ts'
import { complexTypes, openElements, prefixes } from './contract-types.ts'
import type { ComplexType, Member } from './contract-types.ts'
import { simpleTypes } from './simple-types.ts'

const namespaceOf = (name: string) => prefixes[name.slice(0, name.indexOf(':'))]
const localOf = (name: string) => name.slice(name.indexOf(':') + 1)
const isNamed = (element: XmlElement | undefined, name: string) =>
  element?.name === localOf(name) && element.namespace === namespaceOf(name)

const prefixByNamespace = new Map(Object.entries(prefixes).map(([prefix, uri]) => [uri, prefix]))
const typeOfOpen = ({ namespace, name }: XmlElement): string | undefined =>
  openElements[`${prefixByNamespace.get(namespace) ?? ''}:${name}`]

/** Where `openBut` is the type's own namespace, as `##other` has it; an element of no namespace is never meant. */
const isForeign = ({ namespace }: XmlElement, openBut: string | undefined) =>
  openBut !== undefined && namespace !== '' && namespace !== openBut

const schemaInstance = 'http://www.w3.org/2001/XMLSchema-instance'
const maxFaults = 30

class Faults {
  readonly first: string[] = []
  more = 0
  add(fault: string): void {
    if (this.first.length < maxFaults) this.first.push(fault)
    else this.more += 1
  }
}

function checkAttributes(element: XmlElement, path: string, type: ComplexType, faults: Faults) {
  const own = element.attributes.filter(({ namespace }) => namespace !== schemaInstance)
  const isId = ({ namespace, name }: (typeof own)[number]) => namespace === '' && name === 'id'
  if (own.some((attribute) => type.id === undefined || !isId(attribute))) {
    faults.add(`${path} has an attribute that the contract does not have`)
  }
  if (type.id === undefined) return
  const id = own.find(isId)
  const idType = simpleTypes[type.id]
  if (id === undefined) faults.add(`${path}/@id is missing`)
  else if (idType?.holds(id.value) === false) faults.add(`${path}/@id is not ${idType.description}`)
}

function checkSimple(element: XmlElement, path: string, typeName: string, faults: Faults) {
  const type = simpleTypes[typeName]
  checkAttributes(element, path, { members: [] }, faults)
  if (childElements(element).length > 0) faults.add(`${path} has elements within its text`)
  else if (type?.holds(textContent(element)) === false) {
    faults.add(`${path} is not ${type.description}`)
  }
}

/** Takes the members in their order; what stands where it may not is told of and passed by. */
function checkMembers(element: XmlElement, path: string, type: ComplexType, faults: Faults) {
  const children = childElements(element)
  let at = 0
  const isExpected = (child: XmlElement, later: readonly Member[]) =>
    later.some(([name]) => isNamed(child, name))
  const passUnexpected = (later: readonly Member[]) => {
    for (let child = children[at]; child !== undefined; child = children[at]) {
      if (isExpected(child, later) || isForeign(child, type.openBut)) return
      faults.add(`${path} has an element that the contract does not have there`)
      at += 1
    }
  }
  type.members.forEach(([name, memberType, cardinality], index) => {
    const isMany = cardinality === '*' || cardinality === '+'
    let count = 0
    passUnexpected(type.members.slice(index))
    for (let child = children[at]; child !== undefined; child = children[at]) {
      if (!isNamed(child, name) || (count > 0 && !isMany)) break
      count += 1
      at += 1
      const place = isMany ? `${localOf(name)}[${count}]` : localOf(name)
      check(child, `${path}/${place}`, memberType, faults)
    }
    const isRequired = cardinality === '1' || cardinality === '+'
    if (count === 0 && isRequired) faults.add(`${path}/${localOf(name)} is missing`)
  })
  for (const child of children.slice(at)) {
    const known = typeOfOpen(child)
    if (!isForeign(child, type.openBut)) {
      faults.add(`${path} has an element that the contract does not have there`)
    } else if (known !== undefined) check(child, `${path}/${child.name}`, known, faults)
  }
}

function check(element: XmlElement, path: string, typeName: string, faults: Faults): void {
  if (typeName === 'any') return
  const type = complexTypes[typeName]
  if (type === undefined) {
    checkSimple(element, path, typeName, faults)
    return
  }
  checkAttributes(element, path, type, faults)
  const hasText = element.children.some((node) => typeof node === 'string' && node.trim() !== '')
  if (hasText && type.mixed === undefined) faults.add(`${path} has text outside of its elements`)
  checkMembers(element, path, type, faults)
}

/**
 * What in a message is against the contract, by paths of the contract's own names: nothing of what the message says.
 * @returns nothing where all is well
 */
export function contractFaults(
  message: XmlElement,
  typeName: 'RegisterCertificate' | 'RevokeCertificate',
): string[] {
  const faults = new Faults()
  check(message, message.name, typeName, faults)
  return faults.more === 0 ? faults.first : [...faults.first, `and ${faults.more} more`]
}
