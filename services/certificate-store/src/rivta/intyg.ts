import { canonicalTypeCode } from '@minaintyg/certificate-model'
import {
  attribute,
  child,
  childElements,
  childrenNamed,
  isRivta,
  textAt,
  textContent,
} from './elements.ts'
import type {
  Answer,
  AnswerContent,
  AnswerPart,
  Identifier,
  ParsedCertificate,
  ParsedUnit,
} from './parsed-certificate.ts'
import { swedishTimeToUtc } from './swedish-time.ts'
import type { XmlElement } from './xml.ts'

const xmldsig = 'http://www.w3.org/2000/09/xmldsig#'

const header = new Set([
  'intygs-id',
  'mottagare',
  'typ',
  'version',
  'signeringstidpunkt',
  'skickatTidpunkt',
  'patient',
  'skapadAv',
  'relation',
  'status',
  'svar',
  'underskrift',
])

// No index of a database takes ids of any length; real ones have up to 60 characters.
const longestId = 200

export const isId = (text: string | null): text is string =>
  text !== null && text.length <= longestId

/** An id of root and extension; null where there is none. */
export function identifier(element: XmlElement | undefined): Identifier | null {
  const extension = textAt(element, 'extension') ?? attribute(element, 'extension')
  if (!isId(extension)) return null
  return { root: textAt(element, 'root') ?? attribute(element, 'root') ?? '', extension }
}

function valueContent(element: XmlElement): AnswerContent {
  switch (isRivta(element) ? element.name : '') {
    case 'cv':
      return {
        kind: 'code',
        code: textAt(element, 'code') ?? '',
        system: textAt(element, 'codeSystem') ?? textAt(element, 'codeSystemName') ?? '',
        displayName: textAt(element, 'displayName'),
        originalText: textAt(element, 'originalText'),
      }
    case 'datePeriod':
    case 'timePeriod':
      return { kind: 'period', start: textAt(element, 'start'), end: textAt(element, 'end') }
    case 'pq':
      return {
        kind: 'quantity',
        value: textAt(element, 'value') ?? '',
        unit: textAt(element, 'unit'),
      }
    case 'partialDate':
      return { kind: 'date', value: textAt(element, 'value') ?? textContent(element).trim() }
    case 'date':
    case 'timestamp':
      return { kind: 'date', value: textContent(element).trim() }
    default:
      return { kind: 'other', element }
  }
}

function addContent(contents: AnswerContent[], node: XmlElement | string): void {
  if (typeof node !== 'string') {
    contents.push(valueContent(node))
    return
  }
  const text = node.trim()
  if (text !== '') contents.push({ kind: 'text', text })
}

function contentsOf(nodes: (XmlElement | string)[]): AnswerContent[] {
  const contents: AnswerContent[] = []
  for (const node of nodes) addContent(contents, node)
  return contents
}

function toAnswer(svar: XmlElement): Answer {
  const id = attribute(svar, 'id') ?? '?'
  const parts: AnswerPart[] = []
  const strays: AnswerContent[] = []
  let instance: XmlElement | undefined
  for (const node of svar.children) {
    const name = typeof node === 'string' || !isRivta(node) ? '' : node.name
    if (typeof node !== 'string' && name === 'delsvar') {
      const partId = attribute(node, 'id') ?? `${id}.?`
      parts.push({ id: partId, contents: contentsOf(node.children) })
    } else if (typeof node !== 'string' && name === 'instans') instance ??= node
    else addContent(strays, node)
  }
  if (strays.length > 0) parts.push({ id, contents: strays })
  const number = instance === undefined ? NaN : Number.parseInt(textContent(instance), 10)
  return { id, instance: Number.isNaN(number) ? null : number, parts }
}

function displayNames(elements: XmlElement[]): string[] {
  return elements
    .map((element) => textAt(element, 'displayName') ?? textAt(element, 'code') ?? '')
    .filter((name) => name !== '' && name !== 'N/A')
}

function patientName(patient: XmlElement | undefined): string | null {
  const parts = ['fornamn', 'mellannamn', 'efternamn'].map((name) => textAt(patient, name))
  const name = parts.filter((part) => part !== null).join(' ')
  return name === '' ? null : name
}

/** The issuing unit; every format writes it alike but for the name of its id. */
export function parsedUnit(unit: XmlElement | undefined, idName: string): ParsedUnit {
  return {
    id: identifier(child(unit, idName))?.extension ?? '',
    name: textAt(unit, 'enhetsnamn') ?? '',
    address: textAt(unit, 'postadress'),
    postalCode: textAt(unit, 'postnummer'),
    city: textAt(unit, 'postort'),
    telephone: textAt(unit, 'telefonnummer'),
    email: textAt(unit, 'epost'),
  }
}

/** Whether an element carries a certificate of the present model (2015 and on). */
export function isIntyg(element: XmlElement): boolean {
  return (
    isRivta(element) && /^intyg$/i.test(element.name) && child(element, 'intygs-id') !== undefined
  )
}

/** Reads an `intyg`; null where it lacks an id or a type. */
export function parseIntyg(intyg: XmlElement): Omit<ParsedCertificate, 'document'> | null {
  const id = identifier(child(intyg, 'intygs-id'))
  const wireCode = textAt(intyg, 'typ', 'code')
  if (id === null || !isId(wireCode)) return null
  const createdBy = child(intyg, 'skapadAv')
  const unit = child(createdBy, 'enhet')
  const careProvider = child(unit, 'vardgivare')
  return {
    readable: true,
    format: 'intyg',
    id,
    type: {
      code: canonicalTypeCode(wireCode),
      wireCode,
      system: textAt(intyg, 'typ', 'codeSystem'),
      displayName: textAt(intyg, 'typ', 'displayName'),
    },
    version: textAt(intyg, 'version') ?? '',
    signedAt: swedishTimeToUtc(textAt(intyg, 'signeringstidpunkt')),
    sentAt: swedishTimeToUtc(textAt(intyg, 'skickatTidpunkt')),
    issuer: {
      id: identifier(child(createdBy, 'personal-id'))?.extension ?? null,
      name: textAt(createdBy, 'fullstandigtNamn') ?? '',
      titles: displayNames([
        ...childrenNamed(createdBy, 'befattning'),
        ...childrenNamed(createdBy, 'legitimeratYrke'),
      ]),
      specialities: displayNames(childrenNamed(createdBy, 'specialistkompetens')),
    },
    unit: parsedUnit(unit, 'enhets-id'),
    careProvider: {
      id: identifier(child(careProvider, 'vardgivare-id'))?.extension ?? '',
      name: textAt(careProvider, 'vardgivarnamn') ?? '',
    },
    patient: {
      personId: identifier(child(intyg, 'patient', 'person-id')),
      name: patientName(child(intyg, 'patient')),
    },
    relations: childrenNamed(intyg, 'relation').flatMap((relation) => {
      const other = identifier(child(relation, 'intygs-id'))
      return other === null ? [] : [{ kind: textAt(relation, 'typ', 'code') ?? '', id: other }]
    }),
    statuses: childrenNamed(intyg, 'status').map((status) => ({
      part: textAt(status, 'part', 'code') ?? '',
      status: textAt(status, 'status', 'code') ?? '',
      at: swedishTimeToUtc(textAt(status, 'tidpunkt')),
    })),
    answers: childrenNamed(intyg, 'svar').map(toAnswer),
    otherContent: childElements(intyg).filter(
      (element) => !(header.has(element.name) && isRivta(element)) && element.namespace !== xmldsig,
    ),
  }
}
