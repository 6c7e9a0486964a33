import { Name } from './pdf-objects.ts'
import type { Dict, Pdf } from './pdf-objects.ts'

interface Page {
  dict: Dict
  ids: number[]
}

const nameOf = (value: unknown) => (value instanceof Name ? value.name : '')
const listOf = (value: unknown) =>
  Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value]

/** Which elements may stand directly in which. */
const children: Record<string, readonly string[]> = {
  Table: ['TR'],
  TR: ['TH', 'TD'],
  L: ['LI'],
  LI: ['Lbl', 'LBody'],
}
const known = new Set(
  'Document Sect Div P H1 H2 H3 L LI Lbl LBody Table TR TH TD Figure Link'.split(' '),
)

interface Found {
  faults: string[]
  /** What the tree holds of each page. */
  content: Map<Dict, { id: number; element: Dict }[]>
  annotations: { annotation: Dict; page: Dict; element: Dict }[]
  headings: number[]
}

function ownFaults(pdf: Pdf, element: Dict, kids: string[]): string[] {
  const kind = nameOf(element['S'])
  const attributes = pdf.dict(element['A'])
  const faults = known.has(kind) ? [] : [`${kind} is no standard type`]
  if (kind === 'Figure' && (typeof element['Alt'] !== 'string' || element['Alt'] === '')) {
    faults.push('Figure without Alt')
  }
  if (kind === 'Figure' && !Array.isArray(attributes['BBox'])) faults.push('Figure without BBox')
  const isHead =
    nameOf(attributes['O']) === 'Table' && /^(Column|Row)$/.test(nameOf(attributes['Scope']))
  if (kind === 'TH' && !isHead) faults.push('TH without Scope')
  const allowed = children[kind]
  const wrong = allowed === undefined ? [] : kids.filter((kid) => !allowed.includes(kid))
  return [...faults, ...wrong.map((kid) => `${kid} in ${kind}`)]
}

function walk(pdf: Pdf, element: Dict, found: Found): void {
  const kids: string[] = []
  for (const kid of listOf(pdf.resolve(element['K']))) {
    const value = pdf.resolve(kid)
    const inner = pdf.dict(value)
    const kind = nameOf(inner['Type'])
    const page = pdf.dict(inner['Pg'] ?? element['Pg'])
    if (typeof value === 'number' || kind === 'MCR') {
      const id = typeof value === 'number' ? value : Number(inner['MCID'])
      const ids = found.content.get(page) ?? []
      found.content.set(page, [...ids, { id, element }])
    } else if (kind === 'OBJR') {
      found.annotations.push({ annotation: pdf.dict(inner['Obj']), page, element })
    } else {
      kids.push(nameOf(inner['S']))
      if (pdf.dict(inner['P']) !== element) found.faults.push(`${kids.at(-1)} has another parent`)
      const level = /^H(\d)$/.exec(nameOf(inner['S']))
      if (level !== null) found.headings.push(Number(level[1]))
      walk(pdf, inner, found)
    }
  }
  if (element['S'] !== undefined) found.faults.push(...ownFaults(pdf, element, kids))
}

function parentsOf(pdf: Pdf, tree: Dict): Map<number, unknown> {
  const numbers = listOf(pdf.dict(tree['ParentTree'])['Nums'])
  return new Map(
    Array.from({ length: numbers.length / 2 }, (_, at) => [
      Number(numbers[2 * at]),
      pdf.resolve(numbers[2 * at + 1]),
    ]),
  )
}

/** The tree and the pages say the same of one another, and what must have a name has one. */
export function structureFaults(pdf: Pdf, root: Dict, pages: readonly Page[]): string[] {
  const tree = pdf.dict(root['StructTreeRoot'])
  const found: Found = { faults: [], content: new Map(), annotations: [], headings: [] }
  walk(pdf, tree, found)
  const { faults } = found
  const parents = parentsOf(pdf, tree)

  for (const [index, { dict, ids }] of pages.entries()) {
    const held = found.content.get(dict) ?? []
    if (ids.some((id, at) => id !== at)) faults.push(`page ${index + 1}: MCIDs are not in order`)
    const byId = new Map(held.map(({ id, element }) => [id, element]))
    const listed = listOf(parents.get(Number(dict['StructParents'])))
    if (byId.size !== ids.length || listed.length !== ids.length || held.length !== ids.length) {
      faults.push(`page ${index + 1}: ${ids.length} pieces, ${held.length} in the tree`)
    }
    const lost = ids.filter(
      (id) => byId.get(id) === undefined || pdf.dict(listed[id]) !== byId.get(id),
    )
    faults.push(...lost.map((id) => `page ${index + 1}: ParentTree does not know piece ${id}`))

    for (const reference of listOf(pdf.resolve(dict['Annots']))) {
      const annotation = pdf.dict(reference)
      const inTree = found.annotations.find((each) => each.annotation === annotation)
      const said = annotation['Contents']
      if (typeof said !== 'string' || said === '') faults.push('Link without Contents')
      if (annotation['F'] !== 4) faults.push('Link that is not printed')
      if (inTree?.page !== dict) faults.push('Link is not in the tree, or on another page')
      const parent = pdf.dict(parents.get(Number(annotation['StructParent'])))
      if (nameOf(parent['S']) !== 'Link' || parent !== inTree?.element) {
        faults.push('ParentTree does not know the link')
      }
    }
  }
  const [first, ...others] = found.headings
  if (first !== 1 || others.includes(1)) faults.push('there is not one H1, and it first')
  const skips = others.filter((level, at) => level > (found.headings[at] ?? 0) + 1)
  return [...faults, ...skips.map((level) => `H${level} skips a level`)]
}
