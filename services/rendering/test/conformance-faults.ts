import { Name, Ref, isStream, readObjects, readOperators } from './pdf-objects.ts'
import type { Dict, Pdf } from './pdf-objects.ts'
import { structureFaults } from './structure-faults.ts'

const nameOf = (value: unknown) => (value instanceof Name ? value.name : undefined)
const listOf = (value: unknown) => (Array.isArray(value) ? (value as unknown[]) : [])
const missing = (found: boolean, what: string) => (found ? [] : [what])

function catalogFaults(pdf: Pdf, root: Dict): string[] {
  const intent = pdf.dict(listOf(pdf.resolve(root['OutputIntents']))[0])
  const all = [...pdf.objects.values()].map((value) => (isStream(value) ? value.dict : value))
  const keys = new Set(all.flatMap((value) => (value === null ? [] : Object.keys(value as object))))
  return [
    ...missing(pdf.header === '%PDF-1.7', 'header of PDF 1.7'),
    ...missing(listOf(pdf.trailer['ID']).length === 2, 'ID'),
    ...missing(/^(sv-SE|en)$/.test(String(root['Lang'])), 'Lang'),
    ...missing(pdf.dict(root['MarkInfo'])['Marked'] === true, 'Marked'),
    ...missing(pdf.dict(root['ViewerPreferences'])['DisplayDocTitle'] === true, 'DisplayDocTitle'),
    ...missing(nameOf(intent['S']) === 'GTS_PDFA1', 'OutputIntent'),
    ...missing(pdf.dict(intent['DestOutputProfile'])['N'] === 3, 'DestOutputProfile'),
    ...['Encrypt', 'JavaScript', 'JS', 'SMask', 'Launch', 'ca', 'AA', 'OpenAction']
      .filter((key) => keys.has(key) || key in pdf.trailer)
      .map((key) => `${key} is not allowed`),
  ]
}

function metadataFaults(pdf: Pdf, root: Dict): string[] {
  const xmp = pdf.stream(root['Metadata']).content.toString('utf8')
  const info = pdf.dict(pdf.trailer['Info'])
  const title = String(pdf.resolve(info['Title']))
  const created = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(
    String(pdf.resolve(info['CreationDate'])),
  )
  const [, year, month, day, hour, minute, second] = created ?? []
  const said = [
    '<pdfaid:part>3</pdfaid:part>',
    '<pdfaid:conformance>A</pdfaid:conformance>',
    '<pdfuaid:part>1</pdfuaid:part>',
    '<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>',
    '<pdfaProperty:name>part</pdfaProperty:name>',
    `<rdf:li xml:lang="x-default">${title}</rdf:li>`,
    `<xmp:CreateDate>${year}-${month}-${day}T${hour}:${minute}:${second}Z</xmp:CreateDate>`,
  ]
  return said.filter((words) => !xmp.includes(words)).map((words) => `XMP: ${words}`)
}

function fontFaults(pdf: Pdf, font: Dict): string[] {
  const kind = nameOf(font['Subtype'])
  const toUnicode = isStream(pdf.resolve(font['ToUnicode']))
    ? pdf.stream(font['ToUnicode']).content.toString('latin1')
    : ''
  const targets = toUnicode.slice(toUnicode.indexOf('beginbf')).match(/<[0-9a-f ]*>/g) ?? []
  const unnamed =
    kind === 'Type3' ? [] : targets.slice(2).filter((to) => /^<(0000|fffe|feff|)>$/.test(to))
  const inner = pdf.dict(listOf(pdf.resolve(font['DescendantFonts']))[0])
  const file = pdf.dict(inner['FontDescriptor'])['FontFile2']
  const isEmbedded =
    kind === 'Type3'
      ? Object.keys(pdf.dict(font['CharProcs'])).length > 0
      : isStream(pdf.resolve(file))
  return [
    ...missing(isEmbedded, `font ${String(nameOf(font['BaseFont']))} is not embedded`),
    ...missing(toUnicode !== '', 'ToUnicode'),
    ...unnamed.map((to) => `ToUnicode names ${to}`),
  ]
}

const painting = new Set(['Tj', 'TJ', 'f', 'f*', 'F', 'S', 's', 'B', 'B*', 'b', 'b*', 'Do', 'sh'])

/** Each mark on a page belongs to the structure or is decoration. @returns its MCIDs, too */
function contentFaults(pdf: Pdf, page: Dict): { faults: string[]; ids: number[] } {
  const faults: string[] = []
  const ids: number[] = []
  const open: ('artifact' | 'content')[] = []
  for (const { operator, operands } of readOperators(pdf.stream(page['Contents']))) {
    if (operator === 'BDC' || operator === 'BMC') {
      const mcid = (operands[1] as Dict | undefined)?.['MCID']
      if (typeof mcid === 'number') ids.push(mcid)
      open.push(nameOf(operands[0]) === 'Artifact' ? 'artifact' : 'content')
    } else if (operator === 'EMC') {
      if (open.pop() === undefined) faults.push('EMC without beginning')
    } else if (painting.has(operator)) {
      if (open.length === 0) faults.push(`${operator} is neither content nor artifact`)
      const shown = operands.flat().filter((operand) => typeof operand === 'string')
      if (operator === 'TJ' && shown.some((text) => hasNotdef(text)))
        faults.push('.notdef is shown')
    }
    if (open.includes('artifact') && open.includes('content'))
      faults.push('artifact within content')
  }
  return { faults: [...faults, ...missing(open.length === 0, 'EMC')], ids }
}

const hasNotdef = (text: string) =>
  Array.from({ length: text.length / 2 }, (_, index) =>
    text.slice(2 * index, 2 * index + 2),
  ).includes('\0\0')

function pageFaults(pdf: Pdf, page: Dict): { faults: string[]; ids: number[] } {
  const fonts = Object.values(pdf.dict(pdf.dict(page['Resources'])['Font']))
  const { faults, ids } = contentFaults(pdf, page)
  return {
    ids,
    faults: [
      ...faults,
      ...missing(nameOf(page['Tabs']) === 'S', 'Tabs'),
      ...fonts.flatMap((font) => fontFaults(pdf, pdf.dict(font))),
    ],
  }
}

function attachmentFaults(pdf: Pdf, root: Dict): string[] {
  const names = listOf(pdf.dict(pdf.dict(root['Names'])['EmbeddedFiles'])['Names'])
  return listOf(pdf.resolve(root['AF'])).flatMap((reference) => {
    const file = pdf.dict(reference)
    const embedded = pdf.dict(pdf.dict(file['EF'])['F'])
    const parameters = pdf.dict(embedded['Params'])
    return [
      ...missing(nameOf(file['Type']) === 'Filespec', 'Filespec'),
      ...missing(typeof file['F'] === 'string' && typeof file['UF'] === 'string', 'F and UF'),
      ...missing(typeof file['Desc'] === 'string', 'Desc'),
      ...missing(nameOf(file['AFRelationship']) === 'Source', 'AFRelationship'),
      ...missing(/^application\/(xml|jose)$/.test(nameOf(embedded['Subtype']) ?? ''), 'media type'),
      ...missing(/^D:\d{14}Z$/.test(String(parameters['ModDate'])), 'ModDate'),
      ...missing(
        names.some((name) => name instanceof Ref && pdf.dict(name) === file),
        'EmbeddedFiles',
      ),
    ]
  })
}

/** What PDF/A-3a and PDF/UA-1 ask and a program can see; an empty list for a file that has it all. */
export function conformanceFaults(bytes: Uint8Array): string[] {
  const pdf = readObjects(bytes)
  const root = pdf.dict(pdf.trailer['Root'])
  const pages = listOf(pdf.dict(root['Pages'])['Kids']).map((page) => {
    const dict = pdf.dict(page)
    return { dict, ...pageFaults(pdf, dict) }
  })
  return [
    ...catalogFaults(pdf, root),
    ...metadataFaults(pdf, root),
    ...pages.flatMap(({ faults }) => faults),
    ...attachmentFaults(pdf, root),
    ...structureFaults(pdf, root, pages),
  ]
}
