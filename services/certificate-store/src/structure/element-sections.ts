import type {
  AnswerValue,
  CellValue,
  CertificateItem,
  CertificateSection,
} from '@minaintyg/certificate-model'
import { attribute, childElements, textContent } from '../rivta/elements.ts'
import type { XmlElement } from '../rivta/xml.ts'
import { cellOf, readContents } from './answer-values.ts'
import type { ReadingContext } from './answer-values.ts'
import { oldCodes } from './old-format-answers.ts'
import { maxUnknownColumns, toTable } from './tables.ts'

const xsi = 'http://www.w3.org/2001/XMLSchema-instance'

function labelOf(name: string, { catalogue, language }: ReadingContext): string {
  const words = name.replaceAll(/([a-zåäö])([A-ZÅÄÖ])/g, '$1 $2').replaceAll(/[_-]+/g, ' ')
  return (
    catalogue.elementName(name)?.[language] ??
    words.charAt(0).toUpperCase() + words.slice(1).toLowerCase()
  )
}

function leafValue(element: XmlElement, context: ReadingContext): CellValue {
  const text = textContent(element).trim()
  const code = attribute(element, 'code')
  if (code !== null) {
    const system = attribute(element, 'codeSystem') ?? attribute(element, 'codeSystemName') ?? ''
    const displayName = attribute(element, 'displayName')
    const originalText = text === '' ? null : text
    return readContents(
      [{ kind: 'code', code, system, displayName, originalText }],
      { kind: 'code' },
      context,
    )
  }
  if (context.catalogue.code(oldCodes, text) !== undefined) {
    const known = { kind: 'code', code: text, system: oldCodes } as const
    return readContents(
      [{ ...known, displayName: null, originalText: null }],
      { kind: 'code' },
      context,
    )
  }
  const attributes = element.attributes
    .filter(({ namespace }) => namespace !== xsi)
    .map(({ name, value }) => `${name}: ${value}`)
  const texts = [text, ...attributes].filter((one) => one !== '')
  return readContents(
    texts.map((one) => ({ kind: 'text', text: one })),
    { kind: 'unknown' },
    context,
  )
}

function byName(elements: XmlElement[]): Map<string, XmlElement[]> {
  const groups = new Map<string, XmlElement[]>()
  for (const element of elements) {
    const group = groups.get(element.name)
    if (group === undefined) groups.set(element.name, [element])
    else group.push(element)
  }
  return groups
}

const isLeaf = (element: XmlElement) => childElements(element).length === 0

function scalars(value: CellValue) {
  if (value.type === 'list') return value.items
  return value.type === 'notStated' ? [] : [value]
}

function tableOf(names: string[], rows: XmlElement[], context: ReadingContext): AnswerValue {
  const cells = rows.map((row) =>
    names.map((name) =>
      cellOf(
        childElements(row)
          .filter((cell) => cell.name === name)
          .flatMap((cell) => scalars(leafValue(cell, context))),
      ),
    ),
  )
  return toTable(
    names.map((name) => ({ id: name, label: labelOf(name, context) })),
    cells,
  )
}

interface Place {
  id: string
  /** What stands around it within its section: "Synskärpa utan korrektion: ". */
  around: string
}

function ownContent(
  { id, around }: Place,
  element: XmlElement,
  context: ReadingContext,
): CertificateItem[] {
  const texts = element.children.filter((node) => typeof node === 'string')
  const value = leafValue({ ...element, children: [texts.join('\n').trim()] }, context)
  return value.type === 'notStated'
    ? []
    : [{ id, label: around + labelOf(element.name, context), value }]
}

const isRow = (element: XmlElement) =>
  element.attributes.length === 0 &&
  element.children.every((node) => (typeof node === 'string' ? node.trim() === '' : isLeaf(node)))

function groupItems(place: Place, group: XmlElement[], context: ReadingContext): CertificateItem[] {
  const { id, around } = place
  const label = around + labelOf(group[0]?.name ?? '', context)
  if (group.every(isLeaf)) {
    const values = group.flatMap((leaf) => scalars(leafValue(leaf, context)))
    return [{ id, label, value: cellOf(values) }]
  }
  const names = new Set(group.flatMap((row) => childElements(row).map(({ name }) => name)))
  if (group.length > 1 && names.size <= maxUnknownColumns && group.every(isRow)) {
    return [{ id, label, value: tableOf([...names], group, context) }]
  }
  return group.flatMap((element, index) => {
    const inner = { id: group.length > 1 ? `${id}.${index + 1}` : id, around }
    const items = [...byName(childElements(element))].flatMap(([name, elements]) => {
      // The section's heading says what stands around its first level.
      const within = id.includes('.') ? `${label}: ` : ''
      return groupItems({ id: `${inner.id}.${name}`, around: within }, elements, context)
    })
    return [...ownContent(inner, element, context), ...items]
  })
}

/** Content that no form describes, shown by element: a section for each name, nothing left out. */
export function elementSections(
  elements: XmlElement[],
  context: ReadingContext,
): CertificateSection[] {
  return [...byName(elements)].map(([name, group]) => ({
    id: name,
    heading: labelOf(name, context),
    items: groupItems({ id: name, around: '' }, group, context),
  }))
}
