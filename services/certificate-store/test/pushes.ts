const certificate = 'urn:riv:clinicalprocess:healthcond:certificate'
export const registerNamespace = `${certificate}:RegisterCertificateResponder:3`
export const revokeNamespace = `${certificate}:RevokeCertificateResponder:2`
export const logicalAddress = 'SE5565594230-MI'

const namespaces = `xmlns:c="${certificate}:3" xmlns:t="${certificate}:types:3" xmlns:m="${certificate}:3.2"`
const identifier = (name: string, root: string, extension: string) =>
  `<${name}><t:root>${root}</t:root><t:extension>${extension}</t:extension></${name}>`
const coded = (name: string, code: string, system: string) =>
  `<${name}><t:code>${code}</t:code><t:codeSystem>${system}</t:codeSystem></${name}>`
const hsa = '1.2.752.129.2.1.4.1'

const staff = (name: string) => `<${name}>
  ${identifier('c:personal-id', hsa, 'SE2321000000-D1')}
  <c:fullstandigtNamn>Doktor Berg</c:fullstandigtNamn>
  ${coded('c:befattning', '203090', '1.2.752.129.2.2.1.4')}
  <c:enhet>${identifier('c:enhets-id', hsa, 'SE2321000000-U1')}
  ${identifier('c:arbetsplatskod', '1.2.752.29.4.71', '1234')}
  <c:enhetsnamn>Fjällets vårdcentral</c:enhetsnamn><c:postadress>Storgatan 2</c:postadress>
  <c:postnummer>98135</c:postnummer><c:postort>Kiruna</c:postort><c:telefonnummer>0980-1</c:telefonnummer>
  <c:vardgivare>${identifier('c:vardgivare-id', hsa, 'SE2321000000-G1')}<c:vardgivarnamn>Region Norr</c:vardgivarnamn></c:vardgivare>
  </c:enhet><c:specialistkompetens><t:code>N/A</t:code></c:specialistkompetens>
  ${coded('m:legitimeratYrke', 'LK', '1.2.752.29.23.1.6')}</${name}>`

const envelope = (body: string, address: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>
<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:r="urn:riv:itintegration:registry:1" ${namespaces}>
<e:Header><r:LogicalAddress>${address}</r:LogicalAddress></e:Header><e:Body>${body}</e:Body></e:Envelope>`

export interface RegistrationParts {
  number: string
  id?: string
  type?: string
  version?: string
  signed?: string
  answers?: string
  /** Relations and statuses. */
  more?: string
  address?: string
}

const someAnswers = `<c:svar id="1"><c:instans>1</c:instans><c:delsvar id="1.1">
  <t:cv><t:code>UNDERSOKNING</t:code><t:codeSystem>KV_FKMU_0001</t:codeSystem></t:cv></c:delsvar>
  <c:delsvar id="1.2">2026-03-01</c:delsvar></c:svar>
  <c:svar id="17"><c:delsvar id="17.1">Får inte lyfta tungt</c:delsvar><c:delsvar id="17.2">
  <t:datePeriod><t:start>2026-03-01</t:start><t:end>2026-03-31</t:end></t:datePeriod></c:delsvar></c:svar>`

/** A call that registers a certificate. */
export function registration(parts: RegistrationParts): string {
  const { number, id = 'a-1', type = 'LISJP', version = '1.0', address = logicalAddress } = parts
  const { signed = '2026-03-01T10:15:00', answers = someAnswers, more = '' } = parts
  const intyg = `${identifier('c:intygs-id', 'SE2321000000-U1', id)}
  ${coded('c:typ', type, 'b64ea353-e8f6-4832-b563-fc7d46f29548')}
  <c:version>${version}</c:version><c:signeringstidpunkt>${signed}</c:signeringstidpunkt>
  <c:patient>${identifier('c:person-id', '1.2.752.129.2.1.3.1', number)}
  <c:fornamn/><c:efternamn/><c:postadress/><c:postnummer/><c:postort/></c:patient>
  ${staff('c:skapadAv')}${more}${answers}`
  return envelope(
    `<a:RegisterCertificate xmlns:a="${registerNamespace}"><a:intyg>${intyg}</a:intyg></a:RegisterCertificate>`,
    address,
  )
}

/** A call that revokes one. */
export function revocation(parts: {
  number: string
  id: string
  sent?: string
  address?: string
}): string {
  const { number, id, sent = '2026-03-02T08:00:00', address = logicalAddress } = parts
  return envelope(
    `<b:RevokeCertificate xmlns:b="${revokeNamespace}"><b:meddelande>Fel patient</b:meddelande>
    <b:skickatTidpunkt>${sent}</b:skickatTidpunkt>${identifier('b:intygs-id', 'SE2321000000-U1', id)}
    ${identifier('b:patientPerson-id', '1.2.752.129.2.1.3.1', number)}${staff('b:skickatAv')}</b:RevokeCertificate>`,
    address,
  )
}
