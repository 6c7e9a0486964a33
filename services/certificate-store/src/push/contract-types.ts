/** `1` exactly one, `?` at most one, `+` at least one, `*` any number. */
export type Cardinality = '1' | '?' | '+' | '*'

/** A child by its prefixed name, its type, and how many there are. */
export type Member = readonly [name: string, type: string, cardinality: Cardinality]

export interface ComplexType {
  members: readonly Member[]
  /** Namespace of the contract that elements behind the members may not be of; none may stand there where left out. */
  openBut?: string
  /** Text may stand between the elements. */
  mixed?: true
  /** Type of the attribute `id`. */
  id?: string
}

const certificate = 'urn:riv:clinicalprocess:healthcond:certificate'
export const registerNamespace = `${certificate}:RegisterCertificateResponder:3`
export const revokeNamespace = `${certificate}:RevokeCertificateResponder:2`
export const coreNamespace = `${certificate}:3`
const typesNamespace = `${certificate}:types:3`

/** Namespaces by the prefixes of this table. */
export const prefixes: Readonly<Record<string, string>> = {
  a: registerNamespace,
  b: revokeNamespace,
  c: coreNamespace,
  t: typesNamespace,
  m: `${certificate}:3.2`,
  h: `${certificate}:3.4`,
  ds: 'http://www.w3.org/2000/09/xmldsig#',
}

const identifier = (root: string, extension: string): ComplexType => ({
  members: [
    ['t:root', root, '1'],
    ['t:extension', extension, '1'],
  ],
})
const coded = (system: string): ComplexType => ({
  members: [
    ['t:code', 'text', '1'],
    ['t:codeSystem', system, '1'],
    ['t:displayName', 'text', '?'],
  ],
})
const period = (type: string): ComplexType => ({
  members: [
    ['t:start', type, '?'],
    ['t:end', type, '?'],
  ],
})

/** RegisterCertificate 3.1 and RevokeCertificate 2.1 with all that they are made of (core 3.3, types 3.2). */
export const complexTypes: Readonly<Record<string, ComplexType>> = {
  RegisterCertificate: {
    members: [
      ['a:svarPa', 'MessageReference', '?'],
      ['a:intyg', 'Certificate', '1'],
    ],
    openBut: registerNamespace,
  },
  RevokeCertificate: {
    members: [
      ['b:meddelande', 'text', '?'],
      ['b:skickatTidpunkt', 'time', '1'],
      ['b:intygs-id', 'Identifier', '1'],
      ['b:patientPerson-id', 'Person', '1'],
      ['b:skickatAv', 'Staff', '1'],
    ],
    openBut: revokeNamespace,
  },
  MessageReference: {
    members: [
      ['c:meddelande-id', 'text', '1'],
      ['c:referens-id', 'text', '?'],
    ],
    openBut: coreNamespace,
  },
  Certificate: {
    members: [
      ['c:intygs-id', 'Identifier', '1'],
      ['c:mottagare', 'Part', '*'],
      ['c:typ', 'Coded', '1'],
      ['c:version', 'text', '1'],
      ['c:signeringstidpunkt', 'time', '?'],
      ['c:skickatTidpunkt', 'time', '?'],
      ['c:patient', 'Patient', '1'],
      ['c:skapadAv', 'Staff', '1'],
      ['c:relation', 'Relation', '*'],
      ['c:status', 'Status', '*'],
      ['c:svar', 'Answer', '*'],
      ['m:underskrift', 'Signature', '?'],
    ],
  },
  Patient: {
    members: [
      ['c:person-id', 'Person', '1'],
      ['c:fornamn', 'text', '1'],
      ['c:efternamn', 'text', '1'],
      ['c:mellannamn', 'text', '?'],
      ['c:postadress', 'text', '1'],
      ['c:postnummer', 'text', '1'],
      ['c:postort', 'text', '1'],
      ['m:kallaAdressuppgifter', 'AddressOrigin', '?'],
    ],
  },
  Staff: {
    members: [
      ['c:personal-id', 'Hsa', '1'],
      ['c:fullstandigtNamn', 'text', '1'],
      ['c:forskrivarkod', 'text', '?'],
      ['c:befattning', 'Position', '*'],
      ['c:enhet', 'Unit', '1'],
      ['c:specialistkompetens', 'Speciality', '*'],
      ['m:legitimeratYrke', 'Profession', '*'],
    ],
  },
  Unit: {
    members: [
      ['c:enhets-id', 'Hsa', '1'],
      ['c:arbetsplatskod', 'Workplace', '1'],
      ['c:enhetsnamn', 'text', '1'],
      ['c:postadress', 'text', '1'],
      ['c:postnummer', 'text', '1'],
      ['c:postort', 'text', '1'],
      ['c:telefonnummer', 'text', '1'],
      ['c:epost', 'nonEmpty', '?'],
      ['c:vardgivare', 'CareProvider', '1'],
    ],
    openBut: coreNamespace,
  },
  CareProvider: {
    members: [
      ['c:vardgivare-id', 'Hsa', '1'],
      ['c:vardgivarnamn', 'text', '1'],
    ],
    openBut: coreNamespace,
  },
  Relation: {
    members: [
      ['c:typ', 'RelationType', '1'],
      ['c:intygs-id', 'Identifier', '1'],
    ],
    openBut: coreNamespace,
  },
  Status: {
    members: [
      ['c:part', 'Part', '1'],
      ['c:status', 'StatusCode', '1'],
      ['c:tidpunkt', 'time', '1'],
    ],
    openBut: coreNamespace,
  },
  Answer: {
    members: [
      ['c:instans', 'int', '?'],
      ['c:delsvar', 'AnswerPart', '+'],
    ],
    openBut: coreNamespace,
    id: 'questionId',
  },
  AnswerPart: { members: [], openBut: coreNamespace, mixed: true, id: 'partId' },
  Signature: { members: [['ds:Signature', 'any', '1']] },
  Identifier: identifier('text', 'text'),
  Person: identifier('personRoot', 'personNumber'),
  Hsa: identifier('hsa', 'nonEmpty'),
  Workplace: identifier('workplace', 'nonEmpty'),
  Coded: coded('text'),
  Part: coded('part'),
  StatusCode: coded('status'),
  RelationType: coded('relation'),
  Position: coded('position'),
  Profession: coded('profession'),
  AddressOrigin: coded('addressOrigin'),
  Speciality: {
    members: [
      ['t:code', 'text', '1'],
      ['t:displayName', 'text', '?'],
    ],
  },
  CodeValue: {
    members: [
      ['t:code', 'text', '1'],
      ['t:codeSystem', 'text', '1'],
      ['t:codeSystemName', 'text', '?'],
      ['t:codeSystemVersion', 'text', '?'],
      ['t:displayName', 'text', '?'],
      ['t:originalText', 'text', '?'],
    ],
  },
  IdentifierValue: {
    members: [
      ['t:root', 'text', '1'],
      ['t:extension', 'text', '?'],
    ],
  },
  Quantity: {
    members: [
      ['t:value', 'double', '1'],
      ['t:unit', 'text', '1'],
    ],
  },
  QuantityInterval: {
    members: [
      ['t:low', 'double', '?'],
      ['t:high', 'double', '?'],
      ['t:unit', 'text', '1'],
    ],
  },
  DayPeriod: period('day'),
  TimePeriod: period('time'),
  PartialDate: {
    members: [
      ['t:format', 'partialFormat', '1'],
      ['t:value', 'partialValue', '1'],
    ],
  },
}

/** Types of the elements that may stand wherever a type is open. */
export const openElements: Readonly<Record<string, string>> = {
  't:cv': 'CodeValue',
  't:ii': 'IdentifierValue',
  't:pq': 'Quantity',
  't:pqInterval': 'QuantityInterval',
  't:datePeriod': 'DayPeriod',
  't:timePeriod': 'TimePeriod',
  't:partialDate': 'PartialDate',
  't:date': 'day',
  't:timestamp': 'time',
  'm:underskrift': 'Signature',
  'm:legitimeratYrke': 'Profession',
  'm:kallaAdressuppgifter': 'AddressOrigin',
  'h:hanteratAv': 'Hsa',
}
