import type { CellValue, CertificateItem, CertificateSection } from '@minaintyg/certificate-model'
import { attribute, childElements, textContent } from '../rivta/elements.ts'
import type { XmlElement } from '../rivta/xml.ts'
import { cellOf, readContents } from './answer-values.ts'
import type { ReadingContext } from './answer-values.ts'
import { toTable } from './tables.ts'

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

function tableItem(id: string, rows: XmlElement[], context: ReadingContext): CertificateItem {
  const names = [...new Set(rows.flatMap((row) => childElements(row).map(({ name }) => name)))]
  const label = labelOf(rows[0]?.name ?? '', context)
  const cells = rows.map((row) =>
    names.map((name) =>
      cellOf(
        childElements(row)
          .filter((cell) => cell.name === name)
          .flatMap((cell) => scalars(leafValue(cell, context))),
      ),
    ),
  )
  return {
    id,
    label,
    value: toTable(
      names.map((name) => ({ id: name, label: labelOf(name, context) })),
      cells,
    ),
  }
}

function ownContent(id: string, element: XmlElement, context: ReadingContext): CertificateItem[] {
  const text = element.children
    .filter((node) => typeof node === 'string')
    .join('\n')
    .trim()
  const bare = { ...element, children: text === '' ? [] : [text] }
  const value = leafValue(bare, context)
  return value.type === 'notStated' ? [] : [{ id, label: labelOf(element.name, context), value }]
}

function groupItems(id: string, group: XmlElement[], context: ReadingContext): CertificateItem[] {
  const label = labelOf(group[0]?.name ?? '', context)
  if (group.every(isLeaf)) {
    return [
      { id, label, value: cellOf(group.flatMap((leaf) => scalars(leafValue(leaf, context)))) },
    ]
  }
  const isTable = group.every(
    (row) =>
      row.attributes.length === 0 &&
      row.children.every((node) => (typeof node === 'string' ? node.trim() === '' : isLeaf(node))),
  )
  if (group.length > 1 && isTable) return [tableItem(id, group, context)]
  return group.flatMap((element, index) => {
    const place = group.length > 1 ? `${id}.${index + 1}` : id
    const inner = [...byName(childElements(element))].flatMap(([name, elements]) =>
      groupItems(`${place}.${name}`, elements, context),
    )
    return [...ownContent(place, element, context), ...inner]
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
    items: groupItems(name, group, context),
  }))
}
