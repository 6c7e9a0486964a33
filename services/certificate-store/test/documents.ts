export const certificateNamespace = 'urn:riv:clinicalprocess:healthcond:certificate'

/** A svar with its parts: `['6.2', cv('J22', '1.2.752.116.1.1.1')]`. */
export function svar(id: string, parts: [string, string][], instance?: number): string {
  const inner = parts.map(([part, content]) => `<delsvar id="${part}">${content}</delsvar>`)
  const instans = instance === undefined ? '' : `<instans>${instance}</instans>`
  return `<svar id="${id}">${instans}${inner.join('')}</svar>`
}

export function cv(code: string, system: string, displayName?: string): string {
  const display = displayName === undefined ? '' : `<t:displayName>${displayName}</t:displayName>`
  return `<t:cv><t:code>${code}</t:code><t:codeSystem>${system}</t:codeSystem>${display}</t:cv>`
}

export function datePeriod(start: string, end?: string): string {
  const last = end === undefined ? '' : `<t:end>${end}</t:end>`
  return `<t:datePeriod><t:start>${start}</t:start>${last}</t:datePeriod>`
}

export interface IntygParts {
  id?: string
  type?: string
  version?: string
  signed?: string
  answers?: string
  more?: string
}

/** The inside of an `intyg`, in the certificate's default namespace. */
export function intygContent(parts: IntygParts = {}): string {
  const { id = 'a-1', type = 'LISJP', version = '1.3', signed = '2026-03-01T10:15:00' } = parts
  return `<intygs-id><t:root>SE-1</t:root><t:extension>${id}</t:extension></intygs-id>
<typ><t:code>${type}</t:code><t:codeSystem>b64ea353-e8f6-4832-b563-fc7d46f29548</t:codeSystem></typ>
<version>${version}</version><signeringstidpunkt>${signed}</signeringstidpunkt>
<patient><person-id><t:root>1.2.752.129.2.1.3.1</t:root><t:extension>191212121212</t:extension></person-id>
<fornamn/><efternamn/><postadress/><postnummer/><postort/></patient>
<skapadAv><personal-id><t:root>1.2.752.129.2.1.4.1</t:root><t:extension>SE-D1</t:extension></personal-id>
<fullstandigtNamn>Doktor Berg</fullstandigtNamn>
<befattning><t:code>203090</t:code><t:codeSystem>1.2.752.129.2.2.1.4</t:codeSystem></befattning>
<enhet><enhets-id><t:root>1.2.752.129.2.1.4.1</t:root><t:extension>SE-U1</t:extension></enhets-id>
<enhetsnamn>Fjällets vårdcentral</enhetsnamn><postadress>Storgatan 2</postadress><postnummer>98135</postnummer>
<postort>Kiruna</postort><telefonnummer>0980-1</telefonnummer>
<vardgivare><vardgivare-id><t:root>1.2.752.129.2.1.4.1</t:root><t:extension>SE-G1</t:extension></vardgivare-id>
<vardgivarnamn>Region Norr</vardgivarnamn></vardgivare></enhet>
<specialistkompetens><t:code>N/A</t:code></specialistkompetens></skapadAv>
${parts.more ?? ''}${parts.answers ?? ''}`
}

const namespaces = `xmlns="${certificateNamespace}:3" xmlns:t="${certificateNamespace}:types:3"`

/** A certificate that stands alone. */
export function intyg(parts: IntygParts = {}): string {
  return `<intyg ${namespaces}>${intygContent(parts)}</intyg>`
}

/** A journal's answer to ListCertificatesForCitizen, all namespaces declared on the envelope. */
export function listResponse(certificates: string[], { result = '', version = 4 } = {}): string {
  const responder = `${certificateNamespace}:ListCertificatesForCitizenResponder:${version}`
  return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:l="${responder}" ${namespaces} xmlns:unused="urn:unused">
<s:Body><l:ListCertificatesForCitizenResponse><l:intygsLista>${certificates
    .map((content) => `<l:intyg>${content}</l:intyg>`)
    .join(
      '',
    )}</l:intygsLista>${result}</l:ListCertificatesForCitizenResponse></s:Body></s:Envelope>`
}

/** A v3 result; the order of its elements is the journal's own. */
export function result(...elements: [string, string][]): string {
  return `<l:result>${elements.map(([name, text]) => `<l:${name}>${text}</l:${name}>`).join('')}</l:result>`
}
