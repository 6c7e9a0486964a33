import { child, childElements, childrenNamed, isRivta, textAt, textContent } from './elements.ts'
import { identifier, isId, parsedUnit } from './intyg.ts'
import type { Identifier, ParsedCertificate } from './parsed-certificate.ts'
import { swedishTimeToUtc } from './swedish-time.ts'
import type { XmlElement } from './xml.ts'

type Parsed = Omit<ParsedCertificate, 'document'>

const texts = (elements: XmlElement[]) =>
  elements.map((element) => textContent(element).trim()).filter((text) => text !== '')

// The old formats write 19121212-1212 where the new one has twelve digits.
function personId(element: XmlElement | undefined): Identifier | null {
  const id = identifier(element)
  return id === null ? null : { ...id, extension: id.extension.replace('-', '') }
}

const isFk7263 = (element: XmlElement) => isRivta(element) && element.name === 'lakarutlatande'

const isTs = (element: XmlElement) =>
  isRivta(element) &&
  child(element, 'intygsId') !== undefined &&
  child(element, 'grundData') !== undefined

/** Whether an element carries a certificate of a format from before 2015. */
export function isOldFormat(element: XmlElement): boolean {
  return isFk7263(element) || isTs(element)
}

const fk7263Header = new Set([
  'lakarutlatande-id',
  'typAvUtlatande',
  'signeringsdatum',
  'skickatDatum',
  'patient',
  'skapadAvHosPersonal',
])

function parseFk7263(element: XmlElement): Parsed | null {
  const id = textAt(element, 'lakarutlatande-id')
  if (!isId(id)) return null
  const patient = child(element, 'patient')
  const staff = child(element, 'skapadAvHosPersonal')
  const unit = child(staff, 'enhet')
  return {
    readable: true,
    format: 'fk7263',
    id: { root: '', extension: id },
    type: { code: 'FK7263', wireCode: 'FK7263', system: null, displayName: null },
    version: '1.0',
    signedAt: swedishTimeToUtc(textAt(element, 'signeringsdatum')),
    sentAt: swedishTimeToUtc(textAt(element, 'skickatDatum')),
    issuer: {
      id: identifier(child(staff, 'personal-id'))?.extension ?? null,
      name: textAt(staff, 'fullstandigtNamn') ?? '',
      titles: [],
      specialities: [],
    },
    unit: parsedUnit(unit, 'enhets-id'),
    careProvider: {
      id: identifier(child(unit, 'vardgivare', 'vardgivare-id'))?.extension ?? '',
      name: textAt(unit, 'vardgivare', 'vardgivarnamn') ?? '',
    },
    patient: {
      personId: personId(child(patient, 'person-id')),
      name: textAt(patient, 'fullstandigtNamn'),
    },
    relations: [],
    statuses: [],
    answers: [],
    otherContent: childElements(element).filter(({ name }) => !fk7263Header.has(name)),
  }
}

const tsHeader = new Set(['intygsId', 'intygsTyp', 'version', 'utgava', 'grundData'])
const tsTypes: Record<string, string> = { 'ts-bas': 'TSTRK1007', 'ts-diabetes': 'TSTRK1031' }

function tsVersion(element: XmlElement): string {
  const numbers = [textAt(element, 'version'), textAt(element, 'utgava')].map((part) =>
    Number.parseInt(part ?? '', 10),
  )
  return numbers.filter((number) => !Number.isNaN(number)).join('.')
}

function tsName(patient: XmlElement | undefined): string | null {
  const parts = [textAt(patient, 'fornamn'), textAt(patient, 'efternamn')]
  return (
    textAt(patient, 'fullstandigtNamn') ?? (parts.filter((part) => part !== null).join(' ') || null)
  )
}

function parseTs(element: XmlElement): Parsed | null {
  const id = textAt(element, 'intygsId')
  const wireCode = textAt(element, 'intygsTyp')
  if (!isId(id) || !isId(wireCode)) return null
  const data = child(element, 'grundData')
  const staff = child(data, 'skapadAv')
  const unit = child(staff, 'vardenhet')
  return {
    readable: true,
    format: 'ts',
    id: { root: '', extension: id },
    type: {
      code: tsTypes[wireCode.toLowerCase()] ?? wireCode.toUpperCase(),
      wireCode,
      system: null,
      displayName: null,
    },
    version: tsVersion(element),
    signedAt: swedishTimeToUtc(textAt(data, 'signeringsTidstampel')),
    sentAt: null,
    issuer: {
      id: identifier(child(staff, 'personId'))?.extension ?? null,
      name: textAt(staff, 'fullstandigtNamn') ?? '',
      titles: texts(childrenNamed(staff, 'befattningar')),
      specialities: texts(childrenNamed(staff, 'specialiteter')),
    },
    unit: parsedUnit(unit, 'enhetsId'),
    careProvider: {
      id: identifier(child(unit, 'vardgivare', 'vardgivarid'))?.extension ?? '',
      name: textAt(unit, 'vardgivare', 'vardgivarnamn') ?? '',
    },
    patient: {
      personId: personId(child(data, 'patient', 'personId')),
      name: tsName(child(data, 'patient')),
    },
    relations: [],
    statuses: [],
    answers: [],
    otherContent: childElements(element).filter(({ name }) => !tsHeader.has(name)),
  }
}

export function parseOldFormat(element: XmlElement): Parsed | null {
  return isFk7263(element) ? parseFk7263(element) : parseTs(element)
}
